import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const RULE = 'Plantbridge-Exposure';
const one = (Type: string, Properties: object = {}) => ({ It: { Type, Properties } });
const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const NAMED = { CidrIp: '192.168.10.0/24', FromPort: 443 };
const EVERYWHERE = { CidrIp: '0.0.0.0/0', FromPort: 443 };

const mutualTls = (closed: boolean) => ({
  ...one('AWS::ApiGateway::Method', { AuthorizationType: 'NONE', HttpMethod: 'POST' }),
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { DisableExecuteApiEndpoint: closed } },
  Name: { Type: 'AWS::ApiGateway::DomainName', Properties: { MutualTlsAuthentication: { TruststoreUri: 's3://x/y' } } },
});

describe('the internet', () => {
  test.each([
    one('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [NAMED], SecurityGroupEgress: [EVERYWHERE] }),
    one('AWS::EC2::SecurityGroupIngress', NAMED),
    one('AWS::EC2::Subnet'),
    one('AWS::RDS::DBInstance', { PubliclyAccessible: false }),
    one('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
    one('AWS::Lambda::Url', { AuthType: 'AWS_IAM' }),
    one('AWS::Lambda::Permission', { Principal: 's3.amazonaws.com' }),
    one('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' }),
    one('AWS::ApiGateway::Method', { AuthorizationType: 'NONE', HttpMethod: 'OPTIONS' }),
    mutualTls(true),
    one('AWS::S3::Bucket', { PublicAccessBlockConfiguration: BLOCKED }),
  ])('has no way in by %j', (template) => expect(foundBy(RULE, template)).toEqual([]));

  test.each([
    [one('AWS::EC2::InternetGateway'), 'must not exist: a factory has no way in from the internet'],
    [one('AWS::EC2::EIP'), 'must not exist'],
    [one('AWS::EC2::NatGateway'), 'must not exist'],
    [
      one('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [NAMED, EVERYWHERE] }),
      'SecurityGroupIngress[1].CidrIp must be a named network, got: "0.0.0.0/0". Name it under network.otNetworks of the site file',
    ],
    [one('AWS::EC2::SecurityGroupIngress', { CidrIpv6: '::/0' }), 'CidrIpv6 must be a named network, got: "::/0"'],
    [one('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }), 'MapPublicIpOnLaunch must be false'],
    [one('AWS::RDS::DBInstance'), 'PubliclyAccessible must be false, got: nothing'],
    [one('AWS::ElasticLoadBalancingV2::LoadBalancer'), 'Scheme must be "internal", got: nothing'],
    [one('AWS::Lambda::Url', { AuthType: 'NONE' }), 'AuthType must be "AWS_IAM", got: "NONE"'],
    [one('AWS::Lambda::Permission', { Principal: '*' }), 'Principal must be a service or an account, got: "*"'],
    [
      one('AWS::ApiGateway::Method', { AuthorizationType: 'NONE', HttpMethod: 'POST' }),
      'AuthorizationType must be AWS_IAM',
    ],
    [mutualTls(false), 'AuthorizationType must be AWS_IAM'],
    [
      one('AWS::S3::Bucket', { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicAcls: false } }),
      'BlockPublicAcls must be true, got: false',
    ],
  ])('is found at %j', (template, text) => expect(foundBy(RULE, template)).toEqual([expect.stringContaining(text)]));
});
