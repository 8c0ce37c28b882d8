import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeLogWriter } from './acknowledgements.ts';

/** How long the logs of gateways are kept in the cloud. */
export const GATEWAY_LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** Whose logs they are. */
export interface GatewayLogsProps {
  readonly thingName: string;
  /** Our own components whose logs are forwarded; none where logs could carry values that must stay in the factory. */
  readonly componentNames: readonly string[];
  /** The site's key. */
  readonly key: IKey;
}

/**
 * Where Greengrass' log manager writes a gateway's logs. Its names are fixed: `/aws/greengrass/<type>/<region>/<component>`, with
 * a stream a day and thing. The groups of our components are made beforehand, so that they are encrypted and end.
 *
 * The nucleus' own logs of all gateways of an account and Region go into one group, which therefore no site can own: the first
 * gateway that writes makes it, and its retention is set once by hand (docs/gateway.md).
 */
export class GatewayLogs extends Construct {
  readonly #groupNames: readonly string[];
  readonly #thingName: string;

  constructor(scope: Construct, id: string, { thingName, componentNames, key }: GatewayLogsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    const nameOf = (component: string) => `/aws/greengrass/UserComponent/${region}/${component}`;
    for (const component of componentNames)
      new LogGroup(this, component, {
        logGroupName: nameOf(component),
        encryptionKey: key,
        retention: GATEWAY_LOG_RETENTION,
        // A stack that is removed and made again must find no group of this name; its logs would end in three months anyway.
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.#thingName = thingName;
    this.#groupNames = [`/aws/greengrass/GreengrassSystemComponent/${region}/System`, ...componentNames.map(nameOf)];
  }

  /** Lets a gateway write its own streams, and no neighbour's. */
  grantWrite(role: Role): void {
    const stack = Stack.of(this);
    const groups = this.#groupNames.map((resourceName) =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const groupArns = groups.map((group) => `${group}:*`);
    // Streams are called /2026/11/24/thing/<thing>.
    const streamArns = groups.map((group) => `${group}:log-stream:/*/thing/${this.#thingName}`);
    role.addToPolicy(
      new PolicyStatement({
        // For each day's stream the log manager tries to make the group too, and gives up where it may not.
        actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'],
        resources: [...groups, ...groupArns],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: streamArns }),
    );
    acknowledgeLogWriter(role, groupArns, streamArns);
  }
}
