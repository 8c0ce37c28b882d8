import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSecurityProfile } from 'aws-cdk-lib/aws-iot';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgeOwnPolicy } from '../acknowledge.ts';

/** Whom AWS IoT Device Defender watches, and who hears of it. */
export interface GatewayDefenderProps {
  readonly thingGroupArn: string;
  /** Told of each violation. */
  readonly alarmTopic: ITopic;
  /** The key that encrypts the topic. */
  readonly key: IKey;
}

/** Over which time events are counted. */
const WINDOW = Duration.minutes(5);

/** Cloud-side metrics of AWS IoT Device Defender, and the most events in five minutes that a healthy core device has. */
const LIMITS = {
  // A core device's shadow, jobs and health reports are some messages a minute; its values go by the cloud link.
  'messages-sent': { metric: 'aws:num-messages-sent', most: 1500 },
  'authorization-failures': { metric: 'aws:num-authorization-failures', most: 5 },
  // A flapping line, or a second device with the same certificate: each pushes the other out.
  'connection-attempts': { metric: 'aws:num-connection-attempts', most: 30 },
  disconnects: { metric: 'aws:num-disconnects', most: 30 },
} as const;

/** A security profile of AWS IoT Device Defender for a gateway's connections as a core device. */
export class GatewayDefender extends Construct {
  constructor(scope: Construct, id: string, { thingGroupArn, alarmTopic, key }: GatewayDefenderProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new Role(this, 'AlertRole', {
      description: 'AWS IoT Device Defender reports violations to the alarm topic',
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [alarmTopic.topicArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sns.${stack.region}.amazonaws.com` } },
      }),
    );
    acknowledgeOwnPolicy(role);
    new CfnSecurityProfile(this, 'Profile', {
      securityProfileDescription: 'How a gateway behaves as a Greengrass core device',
      behaviors: Object.entries(LIMITS).map(([name, { metric, most }]) => ({
        name,
        metric,
        criteria: {
          comparisonOperator: 'less-than-equals',
          value: { count: String(most) },
          durationSeconds: WINDOW.toSeconds(),
          consecutiveDatapointsToAlarm: 1,
          consecutiveDatapointsToClear: 1,
        },
      })),
      alertTargets: { SNS: { alertTargetArn: alarmTopic.topicArn, roleArn: role.roleArn } },
      targetArns: [thingGroupArn],
    });
  }
}
