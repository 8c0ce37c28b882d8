import { Stack, Tags } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { letAutoScalingUse } from './disk-key.ts';

/** What a {@link SiteKey} is made of. */
export interface SiteKeyProps {
  readonly deployment: Deployment;
}

/**
 * The key of a site's data at rest: rotated each year, kept when its stack is removed. Roles get it by their own policies;
 * its key policy names the AWS services alone that use it on their own account. They stand here, not with what they encrypt:
 * a stack that is added later must not change the key.
 */
export class SiteKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { deployment }: SiteKeyProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const { id: siteId } = deployment.site;
    this.key = new Key(this, 'Key', {
      alias: `plantbridge/${siteId}`,
      description: `Data of the Plantbridge site ${siteId}`,
      enableKeyRotation: true,
      removalPolicy: dataRemovalPolicy(deployment),
    });
    // Without this tag EventBridge's own role may not encrypt with it the secret of its connection to the ERP.
    if (deployment.site.mes.erp?.target === 'https') Tags.of(this.key).add('EventBridgeApiDestinations', 'true');
    // CloudWatch Logs encrypts log groups, of this account and Region alone.
    this.key.grantEncryptDecrypt(
      new ServicePrincipal(`logs.${region}.amazonaws.com`, {
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
    // Alarms publish to an encrypted topic only with this, and fail in silence without.
    this.#allowSending('AlarmsToTopics', 'cloudwatch.amazonaws.com', account);
    // EventBridge sends to encrypted queues: targets of rules, and dead letters of rules and of the bus.
    this.#allowSending('EventsToQueues', 'events.amazonaws.com', account);
    // From the first phase on, though the Outpost comes with rollout.
    if (deployment.site.outpost !== undefined) letAutoScalingUse(this.key, this);
  }

  /** A sender to SNS or SQS has the message encrypted, for which these services decrypt a data key first. */
  #allowSending(sid: string, service: string, account: string): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: [new ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key policy this means the key itself.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}
