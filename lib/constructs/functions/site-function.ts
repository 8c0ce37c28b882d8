import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeSiteFunction, acknowledgeTracing } from './acknowledgements.ts';
import { bundle } from './bundle.ts';

/** How long the logs of functions are kept. */
export const FUNCTION_LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** What a {@link SiteFunction} is made of. */
export interface SiteFunctionProps {
  /** The folder in lambda/ that holds its `handler.ts`, e.g. `normalize`. */
  readonly name: string;
  /** What it is for, for people. */
  readonly description: string;
  /** The site's key: encrypts the environment and the logs. */
  readonly key: IKey;
  /** Environment variables; their names come from the function's `contract.ts`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files that lie beside the program (`/var/task/<name>`): name -> text; for what is too long for the environment. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** @default 30 seconds */
  readonly timeout?: Duration;
  /** @default 256 MiB */
  readonly memory?: Size;
}

/**
 * A function of the cloud tier: arm64, Node 24, bundled by its content, logs as JSON that are encrypted and end after a time.
 * Who calls it asynchronously says where failures go: the caller knows the way, this construct does not.
 */
export class SiteFunction extends Construct {
  readonly function: LambdaFunction;
  /** The role that it runs as. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SiteFunctionProps) {
    super(scope, id);
    const { folder, hash } = bundle({ entry: `lambda/${props.name}/handler.ts`, files: props.files ?? {} });
    const logGroup = new LogGroup(this, 'Logs', {
      encryptionKey: props.key,
      retention: FUNCTION_LOG_RETENTION,
      // Logs of a removed function tell why it was removed; they end by themselves.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Plantbridge function ${props.name}`,
    });
    // AWS's managed policy for functions would let it write any log group of the account.
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      role,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(folder, { assetHash: hash }),
      memorySize: (props.memory ?? Size.mebibytes(256)).toMebibytes(),
      timeout: props.timeout ?? Duration.seconds(30),
      environment: { NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_SERVICE_NAME: props.name, ...props.environment },
      environmentEncryption: props.key,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
    });
    // CDK would put the rights to trace, which know no resource, among those that the function is given for its work.
    const { defaultChild } = this.function.node;
    if (CfnFunction.isCfnFunction(defaultChild)) {
      defaultChild.tracingConfig = { mode: 'Active' };
      // CDK lets each function wait for its role and policies, though a reference to the role says half of it already.
      defaultChild.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
    }
    const tracing = new Policy(this, 'Tracing', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
      ],
    });
    this.role = role;
    acknowledgeTracing(tracing);
    acknowledgeSiteFunction(this);
  }
}
