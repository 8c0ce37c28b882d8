import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const site = synthesizeText(testSite('outpost-gen1'));
const template = site.template('Ingest');
const policyOf = (prefix: string) =>
  JSON.stringify(resourcesOf(site.json('Ingest'), 'AWS::IAM::Policy').find(([id]) => id.startsWith(prefix)));

describe("the backlog's way", () => {
  test('tells of new batches, not of the files that it makes of them', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('^BulkImportBacklog') }] },
          object: { key: [{ prefix: 'batches/' }] },
        },
      },
      Targets: [{ Arn: Match.anyValue(), DeadLetterConfig: { Arn: Match.anyValue() } }],
    });
  });

  test('keeps what could not be imported in a queue for two weeks, after five attempts', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BulkImportDeadLetters'), 'Arn'] },
        maxReceiveCount: 5,
      },
      // Six times the function's timeout.
      VisibilityTimeout: 1800,
    });
    template.allResourcesProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      KmsMasterKeyId: Match.anyValue(),
    });
  });

  test('has a function that hands back single messages', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BulkImportQueue'), 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 100,
    });
  });

  test('lets the function make jobs, and hand SiteWise the role for them alone', () => {
    const policy = policyOf('BulkImportRole');
    expect(policy).toContain('iotsitewise:CreateBulkImportJob');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'iam:PassRole',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BulkImportJobRole'), 'Arn'] },
            Condition: { StringEquals: { 'iam:PassedToService': 'iotsitewise.amazonaws.com' } },
          },
        ]),
      },
    });
  });

  test('lets SiteWise, for this account, read the imports and write error reports, and use the key for that', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'iotsitewise.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
          }),
        ],
      },
    });
    const policy = policyOf('BulkImportJobRole');
    expect(policy.match(/(s3|kms):[A-Za-z]+/g)?.toSorted()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:PutObject',
    ]);
    expect(policy.match(/"\/[a-z-]+\/\*"/g)?.toSorted()).toEqual(['"/error-reports/*"', '"/imports/*"']);
  });
});
