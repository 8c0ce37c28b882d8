import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { type SynthesizedSite, synthesizeText, testSite } from '../../../support/synth.ts';
import { container, filledIn, properties } from './templates.ts';

const gen1 = synthesizeText(testSite('outpost-gen1'));
const gen2 = synthesizeText(testSite('outpost-gen2'));
const aggregates = synthesizeText(testSite('aggregates'));
const aggregates2 = synthesizeText(
  testSite('aggregates')
    .replace('generation: 1', 'generation: 2')
    .replace('s3: true', 's3: false')
    .replace('m5.xlarge', 'm7i.xlarge'),
);

function historianUserData(): string {
  const texts = properties<{ LaunchTemplateData: { UserData: { 'Fn::Base64': unknown } } }>(
    gen2,
    'AWS::EC2::LaunchTemplate',
  ).map(({ LaunchTemplateData }) => filledIn(LaunchTemplateData.UserData['Fn::Base64']));
  return texts.find((text) => text.includes('"historian"')) ?? '';
}

describe('a historian on generation 1', () => {
  test('is RDS on the Outpost: gp2, encrypted, private, protected, one instance, TLS only', () => {
    gen1.template('OnPrem').hasResourceProperties('AWS::RDS::DBInstance', {
      DBInstanceClass: 'db.m5.large',
      StorageType: 'gp2',
      StorageEncrypted: true,
      PubliclyAccessible: false,
      DeletionProtection: true,
      MultiAZ: false,
      BackupTarget: 'outposts',
      BackupRetentionPeriod: 14,
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
    });
    gen1.template('OnPrem').hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: [Match.anyValue()] });
    gen1.template('OnPrem').hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Parameters: Match.objectLike({ 'rds.force_ssl': '1' }),
    });
    const { Command } = container(gen1, 'hub');
    expect(filledIn(Command?.[0])).toContain('sslmode=verify-full&sslrootcert=/etc/ssl/rds-global-bundle.pem');
  });

  test('is found without the Region: a resolver on the Outpost knows its name', () => {
    gen1.template('OnPrem').hasResourceProperties('AWS::Route53Resolver::OutpostResolver', {
      OutpostArn: Match.stringLikeRegexp('op-0123456789abcdef0$'),
      InstanceCount: 4,
      PreferredInstanceType: 'm5.large',
    });
  });

  test('has its backups in the Region where the Outpost has no S3', () => {
    const site = synthesizeText(testSite('outpost-gen1').replace('s3: true', 's3: false'));
    site.template('OnPrem').hasResourceProperties('AWS::RDS::DBInstance', { BackupTarget: 'region' });
    site.template('OnPrem').resourceCountIs('AWS::S3Outposts::Bucket', 0);
  });

  test('goes only when both keys to delete data are turned', () => {
    const text = testSite('outpost-gen1').replace(
      'account: "123456789012"',
      'account: "123456789012", deleteData: true',
    );
    const protection = (site: SynthesizedSite) =>
      properties<{ DeletionProtection: boolean }>(site, 'AWS::RDS::DBInstance')[0]?.DeletionProtection;
    expect(protection(synthesizeText(text))).toBe(true);
    expect(protection(synthesizeText(text, { deleteDataConfirmed: true }))).toBe(false);
  });
});

describe('a historian on generation 2', () => {
  test('is a container on disks and an address that outlive its instance; there is no RDS', () => {
    const template = gen2.template('OnPrem');
    template.resourceCountIs('AWS::RDS::DBInstance', 0);
    template.resourceCountIs('AWS::EC2::Volume', 2);
    template.allResourcesProperties('AWS::EC2::Volume', {
      OutpostArn: Match.stringLikeRegexp('op-0123456789abcdef0$'),
      AvailabilityZone: 'eu-central-1a',
      VolumeType: 'gp2',
      Encrypted: true,
      KmsKeyId: Match.anyValue(),
      Size: 200,
    });
    template.hasResourceProperties('AWS::EC2::NetworkInterface', { PrivateIpAddress: '10.60.1.254' });
    expect(filledIn(container(gen2, 'hub').Command?.[0])).toContain('@10.60.1.254:5432/');
  });

  test('attaches disks and address at the first start, before ECS puts a container there, and formats no disk that holds data', () => {
    const userData = historianUserData();
    expect(userData).toMatch(/mount_disk \? \/dev\/sdf \/srv\/historian\nmount_disk \? \/dev\/sdg \/srv\/backups/);
    expect(userData).toContain('insist aws ec2 attach-network-interface');
    // Without -f: mkfs leaves a disk alone that has a file system.
    expect(userData).toContain('mkfs.xfs "$device"');
    expect(userData).not.toContain('mkfs.xfs -f');
  });

  test('does not try for ever: an instance without its disks says so, and never joins the cluster', () => {
    const userData = historianUserData();
    expect(userData).not.toMatch(/\buntil\b|\bwhile\b/);
    expect(userData).toContain('for try in $(seq 30); do "$@" && return; sleep 10; done');
    expect(userData).toMatch(/tee \/dev\/console\n {2}systemctl poweroff --no-block\n {2}exit 1\n/);
    expect(spawnSync('bash', ['-n'], { input: userData }).status).toBe(0);
  });

  test('may attach its own disks and address to instances of this site, and nothing else', () => {
    const statements = properties<{
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown; Condition?: object }[] };
    }>(gen2, 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ec2:')));
    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource, Condition } of statements) {
      expect([Action].flat().every((action) => action.startsWith('ec2:Attach'))).toBe(true);
      const resources = [Resource].flat().map(filledIn);
      if (resources.some((arn) => arn.endsWith('instance/*'))) {
        expect(Condition).toEqual({ StringEquals: { 'aws:ResourceTag/plantbridge:site': 'gen2' } });
      } else expect(resources.every((arn) => /:(volume|network-interface)\/\?$/.test(arn))).toBe(true);
    }
    gen2.template('OnPrem').hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      Tags: Match.arrayWith([{ Key: 'plantbridge:site', PropagateAtLaunch: true, Value: 'gen2' }]),
    });
  });

  test('makes a backup each day, to S3 on Outposts too', () => {
    const { Environment = [], MountPoints } = container(gen2, 'backup');
    expect(Environment.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining(['BACKUP_HOUR_UTC', 'BACKUP_RETENTION_DAYS', 'BACKUP_BUCKET']),
    );
    expect(MountPoints).toEqual([{ ContainerPath: '/backups', ReadOnly: false, SourceVolume: 'backups' }]);
    const template = gen2.template('OnPrem');
    template.hasResourceProperties('AWS::S3Outposts::Endpoint', {
      AccessType: 'Private',
      OutpostId: 'op-0123456789abcdef0',
    });
    template.hasResourceProperties('AWS::S3Outposts::AccessPoint', { VpcConfiguration: { VpcId: Match.anyValue() } });
    template.hasResourceProperties('AWS::S3Outposts::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 14, Status: 'Enabled' })]),
      },
    });
    template.hasResourceProperties('AWS::S3Outposts::BucketPolicy', {
      PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Deny', Action: 's3-outposts:*' })] }),
    });
  });

  test('keeps its backups on its second disk where the Outpost has no S3', () => {
    aggregates2.template('OnPrem').resourceCountIs('AWS::S3Outposts::Bucket', 0);
    const { Environment = [] } = container(aggregates2, 'backup');
    expect(Environment.map(({ Name }) => Name)).not.toContain('BACKUP_BUCKET');
  });

  test('is copied to the Region each day where raw values may leave, and only there', () => {
    gen2.template('OnPrem').resourceCountIs('AWS::Backup::BackupPlan', 1);
    aggregates2.template('OnPrem').resourceCountIs('AWS::Backup::BackupPlan', 0);
  });
});

describe('logs of containers', () => {
  test('never block a container, whatever the service link does', () => {
    for (const definition of [container(gen1, 'hub'), container(gen2, 'hub'), container(gen2, 'postgresql')]) {
      expect(definition.LogConfiguration).toMatchObject({
        LogDriver: 'awslogs',
        Options: { mode: 'non-blocking', 'max-buffer-size': expect.stringMatching(/^\d+b$/) },
      });
    }
  });

  test('stay on the Outpost where raw values do', () => {
    for (const definition of [
      container(aggregates, 'hub'),
      container(aggregates2, 'hub'),
      container(aggregates2, 'postgresql'),
    ]) {
      expect(definition.LogConfiguration).toEqual({
        LogDriver: 'json-file',
        Options: { 'max-size': '20m', 'max-file': '5' },
      });
    }
    expect(
      properties<{ EnableCloudwatchLogsExports?: unknown }>(aggregates, 'AWS::RDS::DBInstance')[0]
        ?.EnableCloudwatchLogsExports,
    ).toBeUndefined();
  });
});
