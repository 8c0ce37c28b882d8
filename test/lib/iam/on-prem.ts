import { arnOf, ask, type RoleRow } from './row.ts';

const TOKEN = 'ecr:GetAuthorizationToken';
const pull = (permissionsOf: string) => ask('ecr:BatchGetImage', arnOf('ecr', `repository/${permissionsOf}`));
const ASSETS = 'cdk-hnb659fds-container-assets-123456789012-eu-central-1';

const VIA_EC2 = { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' };
const FOR_AWS = { 'kms:GrantIsForAWSResource': 'true' };
const SITE_TAG = { 'aws:ResourceTag/plantbridge:site': 'gen2' };

export const ON_PREM_ROLES: readonly RoleRow[] = [
  {
    role: 'OnPrem/Instances/Role',
    purpose: 'EC2 instances of the cluster: what the ECS agent does',
    allows: ({ permissions }) => [
      ask('ecs:RegisterContainerInstance', permissions.arn('AWS::ECS::Cluster', 'OnPrem')),
      ask('ecs:DiscoverPollEndpoint', '*'),
      ask(TOKEN, '*'),
    ],
    denies: () => [
      ask('ecs:RegisterContainerInstance', arnOf('ecs', 'cluster/another')),
      ask('ecs:RunTask', arnOf('ecs', 'task-definition/another:1')),
    ],
    reaches: {
      'logs:PutLogEvents': 'The CDK gives it to the instances of each cluster; it may add log events, and read none.',
    },
  },
  {
    role: 'OnPrem/Hub/Task/TaskRole',
    purpose: "the hub's program: it needs nothing of AWS, since it goes on without",
    allows: () => [],
  },
  {
    role: 'OnPrem/Hub/Task/ExecutionRole',
    purpose: 'ECS: pulls the image, hands over the secrets, writes the logs of the hub',
    allows: ({ permissions }) => [
      ask(TOKEN, '*'),
      pull(ASSETS),
      ask('secretsmanager:GetSecretValue', permissions.arn('AWS::SecretsManager::Secret', 'OnPrem/Hub/Token')),
    ],
    denies: () => [pull('another')],
  },
  {
    role: 'OnPrem/Network/Vpc/FlowLog/IAMRole',
    purpose: 'flow logs of the VPC into their log group',
    allows: ({ permissions }) => [
      ask('logs:PutLogEvents', `${permissions.arn('AWS::Logs::LogGroup', 'OnPrem/Network').slice(0, -1)}log-stream:x`),
    ],
  },
  {
    role: 'OnPrem/Custom::VpcRestrictDefaultSGCustomResourceProvider/Role',
    purpose: 'the CDK: empties the default security group of the VPC',
    allows: () => [],
    denies: () => [ask('ec2:RevokeSecurityGroupIngress', arnOf('ec2', 'security-group/sg-00000000000000001'))],
    reaches: {
      'logs:PutLogEvents': "AWS's own policy for a function's logs; the CDK lets nobody set this function up.",
    },
  },
  {
    role: 'OnPrem/Historian/Instance/Role',
    purpose: "the historian's EC2 instance: the ECS agent, and its own disks and address",
    allows: ({ permissions }) => [
      ask('ecs:RegisterContainerInstance', permissions.arn('AWS::ECS::Cluster', 'OnPrem')),
      ask(TOKEN, '*'),
      ask('ec2:AttachVolume', arnOf('ec2', 'instance/i-00000000000000001'), SITE_TAG),
      ask('kms:CreateGrant', permissions.arn('AWS::KMS::Key', 'Foundation'), { ...VIA_EC2, ...FOR_AWS }),
      ...[
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ].map((action) => ask(action, permissions.arn('AWS::KMS::Key', 'Foundation'), VIA_EC2)),
    ],
    denies: ({ permissions }) => [
      ask('kms:CreateGrant', permissions.arn('AWS::KMS::Key', 'Foundation'), VIA_EC2),
      ask('kms:CreateGrant', permissions.arn('AWS::KMS::Key', 'Foundation'), FOR_AWS),
      ask('kms:Decrypt', permissions.arn('AWS::KMS::Key', 'Foundation')),
      ask('kms:Decrypt', arnOf('kms', 'key/another'), VIA_EC2),
      ask('ec2:AttachVolume', arnOf('ec2', 'volume/vol-00000000000000001')),
      ask('ec2:AttachVolume', arnOf('ec2', 'instance/i-00000000000000001')),
      ask('ec2:DetachVolume', arnOf('ec2', 'volume/vol-00000000000000001')),
    ],
    reaches: {
      'logs:PutLogEvents': 'The CDK gives it to the instances of each cluster; it may add log events, and read none.',
    },
  },
  {
    role: 'OnPrem/Historian/Task/TaskRole',
    purpose: "PostgreSQL's container: adds backups to S3 on Outposts, and reads none",
    allows: () => [],
    denies: () => [ask('s3:GetObject', 'arn:aws:s3:::plantbridge-gen2/historian/1')],
  },
  {
    role: 'OnPrem/Historian/Task/ExecutionRole',
    purpose: 'ECS: pulls the image, hands over the password, writes the logs of the historian',
    allows: () => [ask(TOKEN, '*'), pull(ASSETS)],
    denies: () => [pull('another')],
  },
  {
    role: 'OnPrem/Historian/Disks/RegionalBackups/Plan/Disks/Role',
    purpose: "AWS Backup: snapshots of the historian's disks",
    allows: () => [ask('ec2:DescribeVolumes', '*')],
  },
];
