import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { SECRET_OPTIONS_VARIABLE } from '../../../core/process-messages.ts';
import type { HubOptions, HubSecrets } from '../../../hub/options.ts';
import { resourcesOf, synthesizeText, testSite } from '../../support/synth.ts';
import { type Container, container, filledIn, properties } from '../constructs/on-prem/templates.ts';

const gen1 = synthesizeText(testSite('outpost-gen1'), { withChecks: true });
const gen2 = synthesizeText(testSite('outpost-gen2'), { withChecks: true });
const aggregates = synthesizeText(testSite('aggregates'), { withChecks: true });
const aggregates2 = synthesizeText(
  testSite('aggregates')
    .replace('generation: 1', 'generation: 2')
    .replace('s3: true', 's3: false')
    .replace('m5.xlarge', 'm7i.xlarge'),
  { withChecks: true },
);
const sites = [
  ['generation 1', gen1],
  ['generation 2', gen2],
  ['generation 1, aggregates', aggregates],
  ['generation 2, aggregates, without S3', aggregates2],
] as const;

describe.each(sites)('the part on the Outpost (%s)', (_, site) => {
  test('passes all checks', () => expect(site.findings('OnPrem')).toEqual([]));
  test('leaves the foundation as it is, but for the grants of its key and log bucket', () => {
    expect(site.findings('Foundation').filter((line) => !line.includes('/AccessLogs/'))).toEqual([]);
  });

  test('has a subnet on the Outpost, in its zone, and one in the Region for endpoints', () => {
    const subnets = properties<{ OutpostArn?: string; CidrBlock: string; AvailabilityZone: string }>(
      site,
      'AWS::EC2::Subnet',
    );
    expect(
      subnets.map(({ OutpostArn, CidrBlock, AvailabilityZone }) => [
        OutpostArn?.slice(-20),
        CidrBlock,
        AvailabilityZone,
      ]),
    ).toEqual([
      ['op-0123456789abcdef0', '10.60.1.0/24', 'eu-central-1a'],
      [undefined, '10.60.0.0/28', 'eu-central-1a'],
    ]);
    expect(subnets.every((subnet) => !('Ipv6CidrBlock' in subnet))).toBe(true);
  });

  test('has a way to each OT network by the local gateway, made after the association, and to nowhere else', () => {
    const template = site.json('OnPrem');
    const [[associationId] = ['']] = resourcesOf(template, 'AWS::EC2::LocalGatewayRouteTableVPCAssociation');
    const routes = resourcesOf(template, 'AWS::EC2::Route');
    expect(routes.map(([, { Properties }]) => [Properties?.DestinationCidrBlock, Properties?.LocalGatewayId])).toEqual([
      ['192.168.10.0/24', 'lgw-0123456789abcdef0'],
      ['192.168.20.0/24', 'lgw-0123456789abcdef0'],
    ]);
    for (const [, route] of routes) expect([route.DependsOn].flat()).toContain(associationId);
    for (const type of ['InternetGateway', 'NatGateway', 'EgressOnlyInternetGateway', 'VPNGateway', 'EIP']) {
      expect(resourcesOf(template, `AWS::EC2::${type}`)).toEqual([]);
    }
  });

  test('uses direct VPC routing: nothing has a customer-owned address (CoIP)', () => {
    expect(JSON.stringify(site.json('OnPrem'))).not.toMatch(/customer-?owned|CoIp/i);
  });

  test('has a closed default security group and flow logs', () => {
    site.template('OnPrem').resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    site.template('OnPrem').hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  });

  test('reaches only services of this account in the Region, and of S3 only images and packages of AWS', () => {
    const endpoints = properties<{
      VpcEndpointType: string;
      PolicyDocument: { Statement: { Action: string; Resource: unknown; Condition?: object }[] };
    }>(site, 'AWS::EC2::VPCEndpoint');
    for (const { VpcEndpointType, PolicyDocument } of endpoints) {
      const [statement] = PolicyDocument.Statement;
      if (VpcEndpointType === 'Interface') {
        expect(statement?.Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': '123456789012' } });
        expect(JSON.stringify(statement?.Action)).not.toContain('*');
      } else {
        expect(statement?.Action).toBe('s3:GetObject');
        expect(statement?.Resource).toEqual([
          expect.stringContaining('al2023-repos-eu-central-1-'),
          expect.stringContaining('prod-eu-central-1-starport-layer-bucket/*'),
        ]);
      }
    }
  });

  test('lets through its endpoints what its instances may do by their roles', () => {
    type Document = { PolicyDocument: { Statement: { Action: string | string[] }[] } };
    const actionsOf = (type: string) =>
      properties<Document>(site, type).flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.flatMap(({ Action }) => Action),
      );
    const open = actionsOf('AWS::EC2::VPCEndpoint');
    // Not called from the Outpost: flow logs are AWS's own, ECS asks Secrets Manager for the value alone.
    const elsewhere = ['logs:DescribeLogStreams', 'logs:CreateLogGroup', 'secretsmanager:DescribeSecret'];
    const needed = actionsOf('AWS::IAM::Policy').filter(
      (action) => /^(ecr|ecs|ec2|logs|secretsmanager):/.test(action) && !elsewhere.includes(action),
    );
    expect(needed.length).toBeGreaterThan(5);
    for (const action of needed) {
      const pattern = new RegExp(`^${action.replace('*', '\\w+')}$`);
      expect([action, open.some((each) => pattern.test(each))]).toEqual([action, true]);
    }
  });

  test('opens the hub to the named OT networks alone', () => {
    const open = properties<{ SecurityGroupIngress?: { CidrIp?: string; FromPort: number }[] }>(
      site,
      'AWS::EC2::SecurityGroup',
    )
      .flatMap(({ SecurityGroupIngress = [] }) => SecurityGroupIngress)
      .map(({ CidrIp, FromPort }) => `${CidrIp}:${FromPort}`);
    expect(new Set(open)).toEqual(new Set(['192.168.10.0/24:443', '192.168.20.0/24:443', '10.60.1.0/24:443']));
  });

  test('lets the hub reach the historian and the LAN broker, and nothing else', () => {
    const group = properties<{ GroupDescription: string; SecurityGroupEgress: { CidrIp: string; FromPort: number }[] }>(
      site,
      'AWS::EC2::SecurityGroup',
    ).find(({ GroupDescription }) => GroupDescription.startsWith('Hub:'));
    expect(group?.SecurityGroupEgress.map(({ CidrIp, FromPort }) => `${CidrIp}:${FromPort}`)).toEqual([
      '192.168.10.5/32:8883',
    ]);
    const toOthers = resourcesOf(site.json('OnPrem'), 'AWS::EC2::SecurityGroupEgress').filter(([id]) =>
      id.startsWith('Hub'),
    );
    expect(toOthers.map(([, { Properties }]) => Properties?.ToPort)).toEqual([5432]);
  });

  test('has an internal load balancer with exactly one subnet, over TLS only, and without WAF or log-in', () => {
    const template = site.template('OnPrem');
    template.hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Properties: {
        Scheme: 'internal',
        IpAddressType: 'ipv4',
        Subnets: [Match.anyValue()],
        LoadBalancerAttributes: Match.arrayWith([
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
          { Key: 'access_logs.s3.enabled', Value: 'true' },
        ]),
      },
      Metadata: Match.objectLike({ 'cfn-lint': { config: { ignore_checks: ['E3680'] } } }),
    });
    template.allResourcesProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTPS',
      Port: 443,
      SslPolicy: Match.stringLikeRegexp('TLS13-1-2'),
      MutualAuthentication: Match.absent(),
      DefaultActions: [Match.objectLike({ Type: 'forward' })],
    });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });

  test("lets the log delivery of an Outpost's zone write to the bucket for access logs", () => {
    site.template('Foundation').hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'logdelivery.elb.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
          }),
        ]),
      }),
    });
  });

  test('runs on EC2 instances of the ordered type: a fixed number, gp2, encrypted, IMDSv2, cached images first', () => {
    const launches = properties<{
      LaunchTemplateData: {
        InstanceType: string;
        MetadataOptions: object;
        BlockDeviceMappings: { Ebs: object }[];
        UserData: { 'Fn::Base64': unknown };
      };
    }>(site, 'AWS::EC2::LaunchTemplate');
    expect(launches.length).toBeGreaterThan(0);
    for (const { LaunchTemplateData: data } of launches) {
      expect(data.InstanceType).toBe(site === gen1 || site === aggregates ? 'm5.xlarge' : 'm7i.xlarge');
      expect(data.MetadataOptions).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
      expect(data.BlockDeviceMappings).toEqual([
        expect.objectContaining({
          Ebs: expect.objectContaining({ VolumeType: 'gp2', Encrypted: true, KmsKeyId: expect.anything() }),
        }),
      ]);
      expect(filledIn(data.UserData['Fn::Base64'])).toContain('ECS_IMAGE_PULL_BEHAVIOR=prefer-cached');
    }
    for (const { MinSize, MaxSize } of properties<{ MinSize: string; MaxSize: string }>(
      site,
      'AWS::AutoScaling::AutoScalingGroup',
    )) {
      expect(MinSize).toBe(MaxSize);
    }
    expect(JSON.stringify(site.json('OnPrem'))).not.toContain('FARGATE');
  });

  test('lets Auto Scaling use the key for the disks, by a condition that names its role', () => {
    interface KeyPolicy {
      readonly Statement: readonly {
        readonly Principal: unknown;
        readonly Action: unknown;
        readonly Condition?: object;
      }[];
    }
    const statements = resourcesOf(site.json('Foundation'), 'AWS::KMS::Key').flatMap(
      ([, { Properties = {} }]) => (Properties.KeyPolicy as KeyPolicy).Statement,
    );
    const anybody = statements.filter(({ Principal }) => JSON.stringify(Principal) === '{"AWS":"*"}');
    expect(anybody).toHaveLength(2);
    for (const { Condition } of anybody) {
      expect(Condition).toMatchObject({
        StringEquals: { 'kms:CallerAccount': '123456789012' },
        ArnEquals: {
          'aws:PrincipalArn': expect.stringMatching(/\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling$/),
        },
      });
    }
    expect(anybody.map(({ Action }) => Action)).toContain('kms:CreateGrant');
  });

  test('runs exactly one hub: an old one stops before a new one starts, and a bad one is rolled back', () => {
    for (const service of properties<{ DesiredCount: number; LaunchType?: string }>(site, 'AWS::ECS::Service')) {
      expect(service).toMatchObject({
        DesiredCount: 1,
        DeploymentConfiguration: {
          MinimumHealthyPercent: 0,
          MaximumPercent: 100,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        EnableExecuteCommand: false,
      });
      expect(service.LaunchType).toBeUndefined();
    }
    site.template('OnPrem').hasResourceProperties('AWS::ECS::Service', {
      PlacementStrategies: [{ Field: 'instanceId', Type: 'spread' }],
      LoadBalancers: [Match.objectLike({ ContainerName: 'hub', ContainerPort: 8080 })],
    });
  });

  test('makes services only once the cluster has their capacity and their role may read the secrets, and the hub after its historian', () => {
    const template = site.json('OnPrem');
    const [[association] = ['']] = resourcesOf(template, 'AWS::ECS::ClusterCapacityProviderAssociations');
    const services = resourcesOf(template, 'AWS::ECS::Service');
    for (const [, { DependsOn = [] }] of services) {
      expect(DependsOn).toContain(association);
      expect(DependsOn).toContainEqual(expect.stringContaining('ExecutionRoleDefaultPolicy'));
    }
    const historian = [...resourcesOf(template, 'AWS::RDS::DBInstance'), ...services].find(([id]) =>
      /^Historian/.test(id),
    );
    const hub = services.find(([id]) => id.startsWith('Hub'));
    expect(hub?.[1].DependsOn).toContain(historian?.[0]);
  });

  test('starts the hub with options that it takes, and gives it secrets by reference alone', () => {
    const { Command, Secrets = [] } = container(site, 'hub');
    expect(Command).toHaveLength(1);
    const options = JSON.parse(filledIn(Command?.[0])) as unknown;
    // The compiler holds these keys against the hub's own type; the comparison holds the template against them.
    const expected: Omit<HubOptions, 'token'> = {
      siteFile: '/app/site/site.yaml',
      dataFolder: '/tmp/plantbridge',
      brokerUrl: 'mqtts://192.168.10.5:8883',
      port: 8080,
      host: '0.0.0.0',
      hostNames: ['hub.plant.example'],
      webFolder: '/app/hub/web/dist',
      historianUrl: expect.stringMatching(
        /^postgres:\/\/plantbridge@[^:@]+:5432\/plantbridge\?.*sslmode=/,
      ) as unknown as string,
      logLevel: 'info',
    };
    expect(options).toEqual(expected);
    expect(Secrets.map(({ Name }) => Name)).toEqual([SECRET_OPTIONS_VARIABLE, 'PGPASSWORD', 'PLANT_BROKER_PASSWORD']);
    const token = properties<{
      GenerateSecretString: { SecretStringTemplate: string; GenerateStringKey: keyof HubSecrets };
    }>(site, 'AWS::SecretsManager::Secret').find(
      ({ GenerateSecretString }) => GenerateSecretString.GenerateStringKey === 'token',
    );
    expect(token?.GenerateSecretString.SecretStringTemplate).toBe('{}');
  });

  test('runs containers that can change nothing but their data: not root, no write to the image', () => {
    for (const { ContainerDefinitions } of properties<{ ContainerDefinitions: Container[] }>(
      site,
      'AWS::ECS::TaskDefinition',
    )) {
      for (const definition of ContainerDefinitions) {
        expect(definition).toMatchObject({
          ReadonlyRootFilesystem: true,
          Privileged: false,
          User: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
          // The instance starts a crashed container itself, also without the service link.
          RestartPolicy: { Enabled: true },
        });
      }
    }
  });

  test('keeps data when the stack goes', () => {
    const stateful = Object.values(site.json('OnPrem').Resources).filter(({ Type }) =>
      /^AWS::(RDS::DBInstance|EC2::Volume|S3Outposts::Bucket|Backup::BackupVault|Logs::LogGroup)$/.test(Type),
    );
    expect(stateful.length).toBeGreaterThan(1);
    for (const { Type, DeletionPolicy, UpdateReplacePolicy } of stateful) {
      // RDS leaves a snapshot: an instance that stayed would hold the VPC.
      const kept = Type === 'AWS::RDS::DBInstance' ? 'Snapshot' : 'Retain';
      expect([Type, DeletionPolicy, UpdateReplacePolicy]).toEqual([Type, kept, kept]);
    }
  });

  test('leaves nothing behind that would hold its VPC', () => {
    const retained = Object.values(site.json('OnPrem').Resources).filter(
      ({ DeletionPolicy = 'Delete' }) => !['Delete', 'Snapshot'].includes(DeletionPolicy),
    );
    const apart = /^AWS::(EC2::Volume|S3Outposts::Bucket|Backup::BackupVault|Logs::LogGroup)$/;
    expect(retained.map(({ Type }) => Type).filter((type) => !apart.test(type))).toEqual([]);
  });

  test('hands over what is to be watched', () => {
    const watched = site.stage.onPrem?.watched;
    expect(watched?.services).toHaveLength(properties(site, 'AWS::ECS::Service').length);
    expect(watched?.databases).toHaveLength(properties(site, 'AWS::RDS::DBInstance').length);
  });
});
