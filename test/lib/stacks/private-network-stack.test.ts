import { describe, expect, test } from '@jest/globals';
import { resourcesOf, synthesizeText, testSite } from '../../support/synth.ts';

const SITE = synthesizeText(testSite('outpost-gen1'), { withChecks: true });
const json = SITE.json('PrivateNetwork');
const endpoints = resourcesOf(json, 'AWS::EC2::VPCEndpoint').map(([, { Properties = {} }]) => Properties);
const serviceOf = (properties: Readonly<Record<string, unknown>>) =>
  String(properties.ServiceName).replace('com.amazonaws.eu-central-1.', '');
const endpointOf = (service: string) => endpoints.find((each) => serviceOf(each) === service);

describe('the private way of gateways to AWS', () => {
  test('has no findings', () => expect(SITE.findings('PrivateNetwork')).toEqual([]));

  test('has an interface endpoint of each service that a gateway talks to, in the named VPC and subnets', () => {
    expect(endpoints.map(serviceOf)).toEqual(['iot.data', 'iot.credentials', 's3', 'logs', 'secretsmanager']);
    for (const endpoint of endpoints)
      expect(endpoint).toMatchObject({
        VpcEndpointType: 'Interface',
        VpcId: 'vpc-0123456789abcdef0',
        SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      });
  });

  test('has one for SiteWise only where SiteWise Edge runs', () => {
    const edge = testSite('outpost-gen2').replace(
      'network:\n',
      'network:\n  privateEndpoints: { vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0] }\n',
    );
    const services = resourcesOf(synthesizeText(edge).json('PrivateNetwork'), 'AWS::EC2::VPCEndpoint');
    expect(services.map(([, { Properties = {} }]) => serviceOf(Properties))).toContain('iotsitewise.data');
  });

  test('asks for no private names of IoT Core, which AWS does not give', () => {
    expect(endpointOf('iot.data')?.PrivateDnsEnabled).toBe(false);
    expect(endpointOf('iot.credentials')?.PrivateDnsEnabled).toBe(false);
  });

  test('lets in the factory networks by 443, and nobody else', () => {
    const [[, { Properties = {} }] = ['', {}]] = resourcesOf(json, 'AWS::EC2::SecurityGroup');
    expect(Properties.SecurityGroupIngress).toEqual([
      { CidrIp: '192.168.10.0/24', Description: 'Gateways in hall-1', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
      { CidrIp: '192.168.20.0/24', Description: 'Gateways in offices', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
    ]);
    expect(resourcesOf(json, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
  });

  test('passes only what gateways do: nothing is written to S3, logs and secrets are those of this account', () => {
    const statementsOf = (service: string) =>
      (endpointOf(service)?.PolicyDocument as { Statement: Record<string, unknown>[] } | undefined)?.Statement ?? [];
    expect(statementsOf('s3').flatMap(({ Action }) => Action)).toEqual(['s3:GetBucketLocation', 's3:GetObject']);
    for (const service of ['logs', 'secretsmanager'])
      expect(statementsOf(service)).toEqual([
        expect.objectContaining({ Condition: { StringEquals: { 'aws:PrincipalAccount': '123456789012' } } }),
      ]);
  });

  test('names the addresses for the DNS of the factory', () => {
    expect(Object.keys(json.Outputs ?? {})).toHaveLength(endpoints.length);
  });

  test('looks nothing up: a synth needs no account', () => {
    expect(JSON.stringify(json)).not.toContain('dummy');
  });

  test('needs networks that may use it', () => {
    const text = testSite('pilot').replace(
      'sources:\n',
      'network: { privateEndpoints: { vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0] } }\nsources:\n',
    );
    expect(() => synthesizeText(text)).toThrow(/network\.privateEndpoints need the networks of the gateways/);
  });
});
