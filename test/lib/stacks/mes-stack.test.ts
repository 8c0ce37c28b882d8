import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { AWAITING_HUB_INDEX, EXPIRY_ATTRIBUTE, ID_ATTRIBUTE } from '../../../lambda/mes-callback/contract.ts';
import { resourcesOf, synthesizeText, testSite } from '../../support/synth.ts';

const signed = synthesizeText(testSite('outpost-gen1'), { withChecks: true });
const certified = synthesizeText(testSite('outpost-gen2'), { withChecks: true });
const json = signed.json('Mes');
const template = signed.template('Mes');

describe('the table of the MES', () => {
  test('is on demand, encrypted with the key of the site, restorable, protected and retained', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: ID_ATTRIBUTE, KeyType: 'HASH' }],
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: EXPIRY_ATTRIBUTE, Enabled: true },
        DeletionProtectionEnabled: true,
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('goes with its stack when both keys are turned', () => {
    const text = testSite('outpost-gen1').replace('aws: { ', 'aws: { deleteData: true, ');
    const site = synthesizeText(text, { deleteDataConfirmed: true });
    site.template('Mes').hasResource('AWS::DynamoDB::Table', {
      Properties: { DeletionProtectionEnabled: false },
      DeletionPolicy: 'Delete',
    });
  });
});

describe('the function of the MES', () => {
  test('knows its site and its table', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: { Variables: Match.objectLike({ SITE_ID: 'gen1', TABLE_NAME: { Ref: Match.anyValue() } }) },
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('may use single items of its table, its log, and nothing else', () => {
    const [[tableId] = []] = resourcesOf(json, 'AWS::DynamoDB::Table');
    const [policy] = resourcesOf(json, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('CallbackRole'));
    const { Statement } = policy![1].Properties!.PolicyDocument as { Statement: Record<string, unknown>[] };
    const table = { 'Fn::GetAtt': [tableId, 'Arn'] };
    expect(Statement).toEqual([
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
      {
        Effect: 'Allow',
        Action: ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: table,
      },
      {
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: { 'Fn::Join': ['', [table, `/index/${AWAITING_HUB_INDEX}`]] },
      },
      expect.objectContaining({
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } },
      }),
    ]);
  });

  test('is called by this API alone', () => {
    const permissions = resourcesOf(json, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(6);
    for (const [, { Properties }] of permissions) {
      expect(Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
      expect(JSON.stringify(Properties?.SourceArn)).toContain('execute-api');
    }
  });
});

describe('the MES stack', () => {
  test.each([
    ['signed requests', signed],
    ['certificates', certified],
  ])('passes all checks with %s', (_, site) => {
    expect(site.findings('Mes')).toEqual([]);
  });

  test('holds no secret, and names the one of the ERP only where EventBridge takes it', () => {
    const text = JSON.stringify(certified.stackIds.map((id) => certified.json(id)));
    const named = [...text.matchAll(/\{\{resolve:[^}]*\}\}/g)].map(([reference]) => reference);
    expect(named.filter((reference) => reference.includes('plant/erp'))).toEqual([
      '{{resolve:secretsmanager:plant/erp:SecretString:::}}',
    ]);
    expect(JSON.stringify(certified.json('Mes'))).not.toMatch(/-----BEGIN|AKIA[A-Z0-9]{16}|"(Basic|Bearer) /);
  });

  test('is the same where raw values must not leave the site', () => {
    const text = testSite('aggregates');
    const full = text.replace('residency: aggregates', 'residency: full');
    expect(full).not.toBe(text);
    expect(synthesizeText(text).json('Mes')).toEqual(synthesizeText(full).json('Mes'));
  });

  test('does not exist before production', () => {
    expect(synthesizeText(testSite('pilot')).stackIds).not.toContain('Mes');
  });

  test('hands over what is to be watched', () => {
    const { watched } = signed.stage.mes!;
    expect(watched.functions).toHaveLength(1);
    expect(watched.apis).toHaveLength(1);
    expect(watched.deadLetterQueues).toHaveLength(2);
    expect(certified.stage.mes!.watched.deadLetterQueues).toHaveLength(1);
  });
});
