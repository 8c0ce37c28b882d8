import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { acknowledgeOwnPolicy, acknowledgeResources } from '../acknowledge.ts';

/** Findings of cdk-nag that a `DataWatch` accepts, and why. */
export function acknowledgeDataWatch(watch: IConstruct, assets: readonly string[]): void {
  acknowledgeOwnPolicy(watch);
  Validations.of(watch).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This queue is a dead-letter queue itself: of the rules and of the function, which the check does not see.',
  });
  for (const action of ['kms:ReEncrypt*', 'kms:GenerateDataKey*'])
    Validations.of(watch).acknowledge({
      id: `AwsSolutions-IAM5[Action::${action}]`,
      reason: "CDK's own grant to send to an encrypted queue, on the site's key alone.",
    });
  acknowledgeResources(
    watch,
    assets,
    'SiteWise makes the ids of assets and time series; what is asked for are aliases.',
  );
  acknowledgeResources(watch, ['*'], 'iotsitewise:ListTimeSeries without an asset, and X-Ray, have no resources.');
}

/** Findings of cdk-nag that a `GrafanaWorkspace` accepts, and why. */
export function acknowledgeGrafanaWorkspace(workspace: IConstruct): void {
  acknowledgeOwnPolicy(workspace);
  acknowledgeResources(workspace, ['*'], 'iotsitewise:ExecuteQuery and iotsitewise:ListAssetModels have no resources.');
}

/** Findings of cdk-nag that a `LakeReader` accepts, and why. */
export function acknowledgeLakeReader(policy: IConstruct, objects: readonly string[]): void {
  acknowledgeResources(policy, ['*'], 'athena:ListDataCatalogs and athena:ListWorkGroups have no resources.');
  acknowledgeResources(policy, objects, "The objects of the lake's two buckets.");
}
