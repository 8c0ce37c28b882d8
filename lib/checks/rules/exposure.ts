import { type JsonObject, listOf, objectOf } from '../json.ts';
import {
  type CheckedResource,
  type CheckedStack,
  type CheckRule,
  type Fault,
  mustBe,
  resourceRule,
  resourcesOfTypes,
} from '../rule.ts';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

function* ingressFaults(at: string, rule: JsonObject): Generator<Fault> {
  for (const key of ['CidrIp', 'CidrIpv6'])
    if (EVERYWHERE.includes(String(rule[key])))
      yield mustBe(
        `${at}${at === '' ? '' : '.'}${key}`,
        'a named network',
        rule[key],
        'Name it under network.otNetworks of the site file',
      );
}

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

function* bucketFaults({
  PublicAccessBlockConfiguration,
  AccessControl,
  WebsiteConfiguration,
}: JsonObject): Generator<Fault> {
  for (const key of BLOCKS)
    if (objectOf(PublicAccessBlockConfiguration)[key] !== true)
      yield mustBe(`PublicAccessBlockConfiguration.${key}`, 'true', objectOf(PublicAccessBlockConfiguration)[key]);
  if (/^Public/.test(String(AccessControl))) yield mustBe('AccessControl', 'private', AccessControl);
  if (WebsiteConfiguration !== undefined) yield mustBe('WebsiteConfiguration', 'absent', WebsiteConfiguration);
}

/** Whether a stack's APIs are reached over a domain that asks for client certificates, and over nothing else. */
function asksForClientCertificate(stack: CheckedStack): boolean {
  const domains = [...resourcesOfTypes([stack], ['AWS::ApiGateway::DomainName'])];
  const apis = [...resourcesOfTypes([stack], ['AWS::ApiGateway::RestApi'])];
  return (
    domains.length > 0 &&
    domains.every(({ properties }) => properties.MutualTlsAuthentication !== undefined) &&
    apis.every(({ properties }) => properties.DisableExecuteApiEndpoint === true)
  );
}

/** What opens a way in from the internet, by type. */
const OPENINGS: Readonly<Record<string, (resource: CheckedResource) => Iterable<Fault>>> = {
  *'AWS::EC2::InternetGateway'() {
    yield {
      at: '',
      text: 'must not exist: a factory has no way in from the internet. Use VPC endpoints or the local gateway',
    };
  },
  *'AWS::EC2::EIP'() {
    yield { at: '', text: 'must not exist: nothing of a factory has a public address' };
  },
  *'AWS::EC2::NatGateway'() {
    yield { at: '', text: 'must not exist: a factory reaches AWS over VPC endpoints or its own network' };
  },
  *'AWS::EC2::SecurityGroup'({ properties }) {
    for (const [index, rule] of listOf(properties.SecurityGroupIngress).entries())
      yield* ingressFaults(`SecurityGroupIngress[${index}]`, objectOf(rule));
  },
  *'AWS::EC2::SecurityGroupIngress'({ properties }) {
    yield* ingressFaults('', properties);
  },
  *'AWS::EC2::Subnet'({ properties: { MapPublicIpOnLaunch: value } }) {
    if (value === true) yield mustBe('MapPublicIpOnLaunch', 'false', value);
  },
  *'AWS::RDS::DBInstance'({ properties: { PubliclyAccessible: value } }) {
    if (value !== false) yield mustBe('PubliclyAccessible', 'false', value);
  },
  *'AWS::ElasticLoadBalancingV2::LoadBalancer'({ properties: { Scheme: value } }) {
    if (value !== 'internal') yield mustBe('Scheme', '"internal"', value);
  },
  *'AWS::Lambda::Url'({ properties: { AuthType: value } }) {
    if (value !== 'AWS_IAM') yield mustBe('AuthType', '"AWS_IAM"', value);
  },
  *'AWS::Lambda::Permission'({ properties: { Principal: value } }) {
    if (value === '*') yield mustBe('Principal', 'a service or an account', value);
  },
  *'AWS::ApiGateway::Method'({ stack, properties: { AuthorizationType: value, HttpMethod } }) {
    if (value === undefined || (value === 'NONE' && HttpMethod !== 'OPTIONS' && !asksForClientCertificate(stack)))
      yield mustBe('AuthorizationType', 'AWS_IAM, or NONE behind a domain with mutual TLS alone', value);
  },
  *'AWS::S3::Bucket'({ properties }) {
    yield* bucketFaults(properties);
  },
};

/** Nothing is reachable from the internet. */
export const EXPOSURE_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-Exposure',
    'Nothing is public: no internet gateway, no address or load balancer on the internet, no ingress from everywhere, no public bucket, no call without authorization.',
    Object.keys(OPENINGS),
    (resource) => OPENINGS[resource.type]?.(resource) ?? [],
  ),
];
