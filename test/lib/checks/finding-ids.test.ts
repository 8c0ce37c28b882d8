import { describe, expect, test } from '@jest/globals';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { wildcardResource } from '../../../lib/checks/finding-ids.ts';

describe('the id of a finding on a `*` in a resource', () => {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });

  test.each([
    ['arn:aws:iotsitewise:eu-central-1:1:asset/*', 'arn:aws:iotsitewise:eu-central-1:1:asset/*'],
    [
      `arn:aws:iotsitewise:${stack.region}:${stack.account}:asset/*`,
      'arn:aws:iotsitewise:eu-central-1:<AWS::AccountId>:asset/*',
    ],
    [`arn:${Aws.PARTITION}:s3:::x/*`, 'arn:<AWS::Partition>:s3:::x/*'],
    ['*', '*'],
  ])('of %s', (resource, shown) => {
    expect(wildcardResource(stack, resource)).toBe(`AwsSolutions-IAM5[Resource::${shown}]`);
  });

  test('names an attribute by its logical id', () => {
    const bucket = new Bucket(stack, 'Lake');
    expect(wildcardResource(bucket, bucket.arnForObjects('*'))).toMatch(
      /^AwsSolutions-IAM5\[Resource::<Lake[0-9A-F]{8}\.Arn>\/\*\]$/,
    );
  });
});
