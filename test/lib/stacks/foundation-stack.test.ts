import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { SMALL_TEXT, smallSiteWith } from '../../support/site-text.ts';
import { synthesizeText, testSite } from '../../support/synth.ts';

const { stage, template: templateOf } = synthesizeText(SMALL_TEXT);
const template = templateOf('Foundation');
const checked = synthesizeText(
  testSite('outpost-gen1').replace(
    'account: "123456789012"',
    'account: "123456789012", sitewise: { manageAccountSettings: true }, apiGateway: { manageAccountSettings: true }',
  ),
  { withChecks: true },
);

describe('the foundation', () => {
  test('has a key that is rotated and retained', () => {
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/plantbridge/small' });
  });

  test('has a bucket for access logs: private, encrypted, over TLS only, retained', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
        VersioningConfiguration: { Status: 'Enabled' },
        Tags: Match.arrayWith([{ Key: 'plantbridge:site', Value: 'small' }]),
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('hands over its functions and dead letters to be watched', () => {
    expect(stage.foundation.watched.functions).toHaveLength(1);
    expect(stage.foundation.watched.deadLetterQueues).toHaveLength(1);
  });

  test('lets its data go only when both keys are turned', () => {
    const text = smallSiteWith(['timeZone:', 'aws: { deleteData: true }\ntimeZone:']);
    const key = (deleteDataConfirmed: boolean) =>
      synthesizeText(text, { deleteDataConfirmed }).template('Foundation').findResources('AWS::KMS::Key');
    expect(Object.values(key(false))[0]).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(Object.values(key(true))[0]).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('passes all checks, with the settings of the account too', () => {
    checked.template('Foundation').resourceCountIs('Custom::PlantbridgeSitewiseSettings', 1);
    expect(checked.findings('Foundation')).toEqual([]);
  });
});
