import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const TLS = { Effect: 'Deny', Principal: '*', Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

describe.each([
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', (target: unknown) => ({ Bucket: target })],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', (target: unknown) => ({ Queues: [target] })],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', (target: unknown) => ({ Topics: [target] })],
])('%s', (type, policyType, targets) => {
  const withPolicy = (Statement: readonly object[], target = 'It') => ({
    It: { Type: type },
    Policy: { Type: policyType, Properties: { ...targets({ Ref: target }), PolicyDocument: { Statement } } },
  });

  test('refuses what does not come over TLS', () => {
    expect(foundBy('Plantbridge-TlsOnly', withPolicy([TLS]))).toEqual([]);
  });

  test('is found without that policy, or with one for another', () => {
    const text = `${type} must have a policy that denies aws:SecureTransport false`;
    for (const template of [
      { It: { Type: type } },
      withPolicy([{ ...TLS, Effect: 'Allow' }]),
      withPolicy([TLS], 'Other'),
    ])
      expect(foundBy('Plantbridge-TlsOnly', template)).toEqual([expect.stringContaining(text)]);
  });
});

describe('a bucket', () => {
  test('writes access logs', () => {
    const bucket = (Properties: object) => ({ It: { Type: 'AWS::S3::Bucket', Properties } });
    expect(foundBy('Plantbridge-AccessLogs', bucket({ LoggingConfiguration: { DestinationBucketName: 'x' } }))).toEqual(
      [],
    );
    expect(foundBy('Plantbridge-AccessLogs', bucket({}))).toEqual([
      'AWS::S3::Bucket LoggingConfiguration must be the bucket for access logs, got: nothing. Use serverAccessLogsBucket',
    ]);
  });
});
