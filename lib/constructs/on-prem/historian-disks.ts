import { Stack } from 'aws-cdk-lib';
import { CfnVolume } from 'aws-cdk-lib/aws-ec2';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeAttach, acknowledgeDisks } from './acknowledgements.ts';
import { nameZone } from './lint.ts';
import { RegionalBackups } from './regional-backups.ts';

/** The user `postgres` in the official image. */
const OWNER = '999:999';

/** How often an instance tries what another one may still hold, and how long it waits between, seconds. */
const TRIES = 30;
const WAIT_SECONDS = 10;

/** What the {@link HistorianDisks} are made for. */
export interface HistorianDisksProps {
  readonly deployment: Deployment;
  readonly outpost: OutpostConfig;
  readonly key: IKey;
}

/**
 * Two EBS volumes on the Outpost, for the data of a PostgreSQL and for its backups. They belong to no instance: whichever
 * comes up attaches them, by commands of its first start. Each is formatted once, and never where it holds something.
 */
export class HistorianDisks extends Construct {
  /** Where they are mounted on the instance. */
  readonly dataFolder = '/srv/historian';
  readonly backupFolder = '/srv/backups';
  readonly data: CfnVolume;
  readonly backups: CfnVolume;
  readonly #siteId: string;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: HistorianDisksProps) {
    super(scope, id);
    this.#siteId = props.deployment.site.id;
    this.#key = props.key;
    this.data = this.#volume('Data', props);
    this.backups = this.#volume('Backups', props);
    if (!props.deployment.keepsRawValues) {
      const volumeArns = [this.data, this.backups].map((volume) => this.#arn('volume', volume.attrVolumeId));
      new RegionalBackups(this, 'RegionalBackups', { deployment: props.deployment, key: props.key, volumeArns });
    }
    acknowledgeDisks(this, props.deployment);
  }

  /**
   * Shell commands that attach, format once and mount both disks, and attach a network interface. An instance that does not get
   * them says so on its console and switches itself off, so that it never joins the cluster and its group launches another.
   */
  attachCommands(networkInterfaceId: string): string[] {
    const { region } = Stack.of(this);
    return [
      'fail() {',
      '  echo "plantbridge: the historian cannot start on this instance: $1" | tee /dev/console',
      '  systemctl poweroff --no-block',
      '  exit 1',
      '}',
      'insist() {',
      `  for try in $(seq ${TRIES}); do "$@" && return; sleep ${WAIT_SECONDS}; done`,
      `  fail "${TRIES} times in vain: $*"`,
      '}',
      'command -v aws > /dev/null || dnf install -y awscli-2',
      `export AWS_DEFAULT_REGION=${region}`,
      'metadata=http://169.254.169.254/latest',
      'session=$(curl -sSf -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 300" "$metadata/api/token")',
      'instance=$(curl -sSf -H "X-aws-ec2-metadata-token: $session" "$metadata/meta-data/instance-id")',
      // The instance before this one may still hold them.
      `insist aws ec2 attach-network-interface --network-interface-id ${networkInterfaceId} --instance-id "$instance" --device-index 1`,
      'mount_disk() {',
      '  insist aws ec2 attach-volume --volume-id "$1" --instance-id "$instance" --device "$2"',
      '  local device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$(echo "$1" | tr -d -)"',
      '  insist test -e "$device"',
      '  mkdir -p "$3"',
      // mkfs refuses a disk that holds a file system: then it is mounted as it is.
      '  mkfs.xfs "$device" || true',
      '  echo "$device $3 xfs defaults,nofail 0 2" >> /etc/fstab',
      '  mount "$3" || fail "$device cannot be mounted"',
      `  touch "$3/.disk" && chown ${OWNER} "$3" "$3/.disk"`,
      '}',
      `mount_disk ${this.data.attrVolumeId} /dev/sdf ${this.dataFolder}`,
      `mount_disk ${this.backups.attrVolumeId} /dev/sdg ${this.backupFolder}`,
    ];
  }

  /** What an instance needs for {@link attachCommands}: these disks and this interface, and this site's instances alone. */
  grantAttach(role: IRole, networkInterfaceId: string): void {
    const instances = this.#arn('instance', '*');
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ec2:AttachVolume'],
        resources: [this.#arn('volume', this.data.attrVolumeId), this.#arn('volume', this.backups.attrVolumeId)],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ec2:AttachNetworkInterface'],
        resources: [this.#arn('network-interface', networkInterfaceId)],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ec2:AttachVolume', 'ec2:AttachNetworkInterface'],
        // An instance's id is not known before it runs; the tag keeps it to those of this site.
        resources: [instances],
        conditions: { StringEquals: { 'aws:ResourceTag/plantbridge:site': this.#siteId } },
      }),
    );
    this.#grantKey(role);
    acknowledgeAttach(role, instances);
  }

  /** Who attaches an encrypted disk needs its key, and lets EC2 go on using it. Without, the disk never appears. */
  #grantKey(role: IRole): void {
    const viaEc2 = { 'kms:ViaService': `ec2.${Stack.of(this).region}.amazonaws.com` };
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: viaEc2 },
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: viaEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }

  #arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ec2', resource, resourceName });
  }

  #volume(id: string, { deployment, outpost, key }: HistorianDisksProps): CfnVolume {
    const volume = new CfnVolume(this, id, {
      availabilityZone: outpost.availabilityZone,
      outpostArn: outpost.arn,
      size: outpost.databaseStorageGigabytes,
      volumeType: 'gp2',
      encrypted: true,
      kmsKeyId: key.keyArn,
    });
    nameZone(volume);
    volume.applyRemovalPolicy(dataRemovalPolicy(deployment));
    return volume;
  }
}
