import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings of cdk-nag that a `DataWatch` accepts, and why. */
export function acknowledgeDataWatch(watch: IConstruct, assets: readonly string[]): void {
  acknowledgeOwnRole(watch);
  Validations.of(watch.node.findChild('Failures')).acknowledge({
    id: 'Plantbridge-Encryption',
    reason:
      "The messages are names of checks. EventBridge writes them, and with the site's key it would need a statement in that key's policy.",
  });
  Validations.of(watch).acknowledge(
    {
      id: 'AwsSolutions-SQS3',
      reason:
        'This queue is a dead-letter queue itself: of the rules and of the function, which the check does not see.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: "AWS's own policy for a function to write its logs; it allows nothing else.",
    },
  );
  acknowledgeResources(
    watch,
    assets,
    'SiteWise makes the ids of assets and time series; what is asked for are aliases.',
  );
  acknowledgeResources(watch, ['*'], 'iotsitewise:ListTimeSeries without an asset, and X-Ray, have no resources.');
}

/** Findings of cdk-nag that a `GrafanaWorkspace` accepts, and why. */
export function acknowledgeGrafanaWorkspace(workspace: IConstruct): void {
  acknowledgeOwnRole(workspace);
  acknowledgeResources(workspace, ['*'], 'iotsitewise:ExecuteQuery and iotsitewise:ListAssetModels have no resources.');
}

/** Findings of cdk-nag that a `LakeReader` accepts, and why. */
export function acknowledgeLakeReader(policy: IConstruct, objects: readonly string[]): void {
  acknowledgeResources(policy, ['*'], 'athena:ListDataCatalogs and athena:ListWorkGroups have no resources.');
  acknowledgeResources(policy, objects, "The objects of the lake's two buckets.");
}

/** The role of one purpose: a managed policy for it would be shared with nobody, and live on without it. */
function acknowledgeOwnRole(at: IConstruct): void {
  Validations.of(at).acknowledge({
    id: 'NIST.800.53.R5-IAMNoInlinePolicy',
    reason: 'The policy belongs to this one role, is made and removed with it, and nobody else may attach it.',
  });
}

function acknowledgeResources(at: IConstruct, resources: readonly string[], reason: string): void {
  for (const resource of resources)
    Validations.of(at).acknowledge({ id: `AwsSolutions-IAM5[Resource::${flatText(at, resource)}]`, reason });
}

/** An ARN as cdk-nag writes it: references in angle brackets. */
function flatText(at: IConstruct, text: string): string {
  const flat = (part: unknown): string => {
    if (typeof part === 'string') return part;
    const [name, value] = Object.entries(part as Record<string, unknown>)[0] ?? ['', ''];
    if (name === 'Fn::Join' && Array.isArray(value)) return (value[1] as unknown[]).map(flat).join('');
    if (name === 'Fn::GetAtt' && Array.isArray(value)) return `<${value.join('.')}>`;
    return `<${String(value)}>`;
  };
  return flat(Stack.of(at).resolve(text));
}
