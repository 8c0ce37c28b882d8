import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPolicy } from 'aws-cdk-lib/aws-iot';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type Actor, SitePermissions } from '../support/iam.ts';
import { ROOT } from '../support/source-tree.ts';
import type { SynthesizedTemplate } from '../support/synth.ts';

const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/** A site of two stacks: a role in one reads a bucket encrypted with the key of the other. */
function smallSite(fill: (stack: Stack, role: Role) => void = () => undefined) {
  const app = new App({ context });
  const stage = new Stage(app, 'site', { stageName: 'plantbridge-site', env: { region: 'eu-central-1' } });
  const foundation = new Stack(stage, 'Foundation');
  const key = new Key(foundation, 'Key');
  const ingest = new Stack(stage, 'Ingest');
  const bucket = new Bucket(ingest, 'Lake', { encryption: BucketEncryption.KMS, encryptionKey: key, enforceSSL: true });
  const role = new Role(ingest, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  bucket.grantRead(role);
  fill(ingest, role);
  const assembly = stage.synth();
  const json = (id: string) =>
    assembly.stacks.find(({ hierarchicalId }) => hierarchicalId === `site/${id}`)?.template as SynthesizedTemplate;
  return new SitePermissions({ stage, stackIds: ['Foundation', 'Ingest'], json });
}

function actorOf(permissions: SitePermissions, path: string): Actor {
  const found = permissions.actors.find((actor) => actor.path === path);
  if (found === undefined) throw new Error(`No actor ${path} among ${permissions.actors.map((actor) => actor.path)}.`);
  return found;
}

describe('the simulation of a role', () => {
  const permissions = smallSite((stack, role) => {
    new Topic(stack, 'Alarms').grantPublish(role);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'Plantbridge' } },
      }),
    );
  });
  const role = actorOf(permissions, 'Ingest/Role');
  const lake = permissions.arn('AWS::S3::Bucket', 'Ingest/Lake');
  const may = (action: string, resource: string, more: Readonly<Record<string, string>> = {}) =>
    permissions.allows(role, { action, resource, context: more });

  test('allows what a grant gives, in this bucket alone', async () => {
    expect(await may('s3:GetObject', `${lake}/key`)).toBe(true);
    expect(await may('s3:PutObject', `${lake}/key`)).toBe(false);
    expect(await may('s3:GetObject', `${lake}-2/key`)).toBe(false);
  });

  test("knows the bucket's own policy: without TLS nothing goes", async () => {
    expect(await may('s3:GetObject', `${lake}/key`, { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  test("follows a reference to another stack's key, and asks its policy", async () => {
    const key = permissions.arn('AWS::KMS::Key', 'Foundation/Key');
    expect(await may('kms:Decrypt', key)).toBe(true);
    expect(await may('kms:ScheduleKeyDeletion', key)).toBe(false);
    expect(await may('kms:Decrypt', `${key}-2`)).toBe(false);
  });

  test('knows conditions and resources whose Ref is their ARN', async () => {
    expect(await may('sns:Publish', permissions.arn('AWS::SNS::Topic', 'Ingest/Alarms'))).toBe(true);
    expect(await may('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Plantbridge' })).toBe(true);
    expect(await may('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Other' })).toBe(false);
  });

  test('refuses an action that there is not, instead of calling it denied', async () => {
    await expect(may('s3:GetObjekt', `${lake}/key`)).rejects.toThrow('Ingest/Role: s3:GetObjekt');
  });

  test('names what it can not find', () => {
    expect(() => permissions.arn('AWS::S3::Bucket', 'Ingest/Nowhere')).toThrow('0 resources of type AWS::S3::Bucket');
  });
});

describe("AWS's own policies", () => {
  const withPolicy = (name: string) =>
    smallSite((_stack, role) => role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(name)));

  test('count where somebody looked at them', async () => {
    const permissions = withPolicy('service-role/AWSLambdaBasicExecutionRole');
    const request = {
      action: 'logs:PutLogEvents',
      resource: 'arn:aws:logs:eu-central-1:123456789012:log-group:x:log-stream:y',
    };
    expect(await permissions.allows(actorOf(permissions, 'Ingest/Role'), request)).toBe(true);
  });

  test('are refused otherwise', () => {
    expect(() => withPolicy('AdministratorAccess')).toThrow(
      "Ingest/Role has AWS's policy AdministratorAccess, which nobody looked at",
    );
  });
});

describe('the simulation of an IoT policy', () => {
  const topic = (rest: string) => `arn:${Aws.PARTITION}:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}:topic/${rest}`;
  const permissions = smallSite((stack) => {
    const variable = '$' + '{iot:Connection.Thing.ThingName}';
    const Statement = [{ Effect: 'Allow', Action: 'iot:Publish', Resource: topic(`plant/${variable}/*`) }];
    new CfnPolicy(stack, 'Device', { policyDocument: { Version: '2012-10-17', Statement } });
  });

  test('fills in the thing that connects', async () => {
    const device = permissions.asThing(actorOf(permissions, 'Ingest/Device'), 'gw-1');
    const publish = (rest: string) =>
      permissions.allows(device, {
        action: 'iot:Publish',
        resource: `arn:aws:iot:eu-central-1:123456789012:topic/${rest}`,
      });
    expect(await publish('plant/gw-1/state')).toBe(true);
    expect(await publish('plant/gw-10/state')).toBe(false);
  });
});
