import { Duration } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeRegionalBackups } from './acknowledgements.ts';
import { BACKUP_RETENTION_DAYS } from './historian.ts';

/** What {@link RegionalBackups} are made for. */
export interface RegionalBackupsProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** ARNs of the volumes on the Outpost. */
  readonly volumeArns: readonly string[];
}

/** Daily snapshots of disks on the Outpost into the Region, so that they survive the loss of the plant. They hold raw values. */
export class RegionalBackups extends Construct {
  constructor(scope: Construct, id: string, { deployment, key, volumeArns }: RegionalBackupsProps) {
    super(scope, id);
    const vault = new BackupVault(this, 'Vault', {
      encryptionKey: key,
      removalPolicy: dataRemovalPolicy(deployment),
    });
    const plan = new BackupPlan(this, 'Plan', {
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'daily',
          // After the dump of the night.
          scheduleExpression: Schedule.cron({ hour: '4', minute: '0' }),
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(8),
          deleteAfter: Duration.days(BACKUP_RETENTION_DAYS),
        }),
      ],
    });
    plan.addSelection('Disks', { resources: volumeArns.map((arn) => BackupResource.fromArn(arn)) });
    acknowledgeRegionalBackups(this);
  }
}
