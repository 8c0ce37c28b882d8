import { Fn, Stack } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, type IRole, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAccessPoint, CfnBucket, CfnBucketPolicy, CfnEndpoint } from 'aws-cdk-lib/aws-s3outposts';
import { Construct } from 'constructs';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { boundedName } from '../../names.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgePut } from './acknowledgements.ts';
import { BACKUP_RETENTION_DAYS } from './historian.ts';
import { asVpc } from './interfaces.ts';
import type { OnPremNetwork } from './network.ts';

/** What the {@link OutpostStorage} is made for. */
export interface OutpostStorageProps {
  readonly deployment: Deployment;
  readonly outpost: OutpostConfig;
  readonly network: OnPremNetwork;
}

/**
 * S3 on Outposts: a bucket whose objects never leave the Outpost, reached from the VPC alone. Always encrypted, by S3's own
 * keys; its lifecycle rules know expiry only.
 */
export class OutpostStorage extends Construct {
  /** What takes the bucket's name in calls of the S3 API. */
  readonly accessPointArn: string;
  readonly #accessPoint: CfnAccessPoint;

  constructor(scope: Construct, id: string, props: OutpostStorageProps) {
    super(scope, id);
    const { deployment, outpost, network } = props;
    const outpostId = outpost.arn.slice(outpost.arn.lastIndexOf('/') + 1);
    const { account, region } = Stack.of(this);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: 'S3 on Outposts: HTTPS from the subnet on the Outpost',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(outpost.subnetCidr), Port.HTTPS, 'HTTPS from the subnet on the Outpost');
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      outpostId,
      subnetId: network.subnet.subnetId,
      securityGroupId: securityGroup.securityGroupId,
      // Private addresses: those owned by the customer (CoIP) exclude direct VPC routing.
      accessType: 'Private',
    });
    const bucket = new CfnBucket(this, 'Bucket', {
      // CloudFormation gives buckets on an Outpost no name of its own; account and Region make it one in the world.
      bucketName: boundedName(63, '-', 'plantbridge', deployment.site.id, account, region),
      outpostId,
      lifecycleConfiguration: {
        rules: [
          { id: 'backups', status: 'Enabled', expirationInDays: BACKUP_RETENTION_DAYS },
          { id: 'unfinished', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
        ],
      },
    });
    bucket.applyRemovalPolicy(dataRemovalPolicy(deployment));
    const accessPoint = new CfnAccessPoint(this, 'AccessPoint', {
      bucket: bucket.attrArn,
      name: boundedName(50, '-', 'plantbridge', deployment.site.id),
      vpcConfiguration: { vpcId: network.vpc.vpcId },
    });
    accessPoint.addResourceDependency(endpoint);
    this.#accessPoint = accessPoint;
    this.accessPointArn = accessPoint.attrArn;
    new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.attrArn,
      policyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'OnlyTls',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ['s3-outposts:*'],
            resources: [bucket.attrArn, Fn.join('', [bucket.attrArn, '/object/*'])],
            conditions: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      }),
    });
  }

  /** Lets somebody write objects below a prefix; neither read nor delete. */
  grantPut(role: IRole, prefix: string): void {
    const objects = Fn.join('', [this.accessPointArn, `/object/${prefix}/*`]);
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3-outposts:PutObject', 's3-outposts:AbortMultipartUpload'],
        resources: [objects],
      }),
    );
    acknowledgePut(role, `<${Stack.of(this).getLogicalId(this.#accessPoint)}.Arn>/object/${prefix}/*`);
  }
}
