import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { SITE_EVENT_TYPES } from '../../../../core/mes/events.ts';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const queued = synthesizeText(testSite('outpost-gen1'));
const posted = synthesizeText(testSite('outpost-gen2'));
const toQueue = queued.template('Mes');
const toEndpoint = posted.template('Mes');

describe('events for the ERP', () => {
  test.each([
    ['gen1', toQueue],
    ['gen2', toEndpoint],
  ])('are those of the contract, of site %s alone, tried for a day and then kept', (siteId, template) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: [`plantbridge.${siteId}`], 'detail-type': [...SITE_EVENT_TYPES] },
      EventBusName: Match.anyValue(),
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          DeadLetterConfig: { Arn: Match.anyValue() },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ],
    });
  });

  test.each([
    ['gen1', queued, 3],
    ['gen2', posted, 1],
  ])('of %s wait in queues that are encrypted with the key of the site, over TLS only', (_, site, count) => {
    const queues = resourcesOf(site.json('Mes'), 'AWS::SQS::Queue');
    expect(queues).toHaveLength(count);
    for (const [, { Properties }] of queues) {
      expect(Properties?.KmsMasterKeyId).toBeDefined();
      expect(Properties?.MessageRetentionPeriod).toBe(14 * 86_400);
    }
    const policies = resourcesOf(site.json('Mes'), 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(count);
    for (const [, policy] of policies) expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  test('are put into the queues by this rule alone', () => {
    const [[ruleId] = []] = resourcesOf(queued.json('Mes'), 'AWS::Events::Rule');
    const allowing = resourcesOf(queued.json('Mes'), 'AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) =>
      (Properties!.PolicyDocument as { Statement: Record<string, unknown>[] }).Statement.filter(
        ({ Effect }) => Effect === 'Allow',
      ),
    );
    expect(allowing).toHaveLength(2);
    for (const statement of allowing)
      expect(statement).toMatchObject({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [ruleId, 'Arn'] } } },
      });
  });

  test('leave the foundation as it is, whatever the ERP', () => {
    const without = testSite('outpost-gen1').replace('erp: { target: queue }', '');
    expect(without).not.toContain('erp');
    expect(synthesizeText(without).json('Foundation').Resources).toEqual(queued.json('Foundation').Resources);
  });
});

describe('the queue of the ERP', () => {
  test('sets aside what the ERP failed at five times', () => {
    toQueue.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
    });
  });

  test('is read by whoever has its policy, which allows nothing else', () => {
    const [policy] = resourcesOf(queued.json('Mes'), 'AWS::IAM::ManagedPolicy').filter(([id]) => id.startsWith('Erp'));
    const { Statement } = policy![1].Properties!.PolicyDocument as { Statement: Record<string, unknown>[] };
    expect(Statement.map(({ Action }) => Action)).toEqual([
      [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
      ],
      'kms:Decrypt',
    ]);
    expect(JSON.stringify(Statement)).not.toContain('"*"');
    expect(Object.keys(queued.json('Mes').Outputs ?? {})).toEqual(
      expect.arrayContaining(['ErpQueueUrl', 'ErpConsumer']),
    );
  });
});

describe('the address of the ERP', () => {
  test('is called with a secret that the template names and does not hold', () => {
    toEndpoint.hasResourceProperties('AWS::Events::Connection', {
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'Authorization',
          ApiKeyValue: '{{resolve:secretsmanager:plant/erp:SecretString:::}}',
        },
      },
      KmsKeyIdentifier: { 'Fn::GetStackOutput': Match.anyValue() },
    });
  });

  test('is called by post, ten times a second at most', () => {
    toEndpoint.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: 'https://erp.plant.example/events',
      HttpMethod: 'POST',
      InvocationRateLimitPerSecond: 10,
    });
  });

  test('is called by a role that may call nothing else', () => {
    const [[destinationId] = []] = resourcesOf(posted.json('Mes'), 'AWS::Events::ApiDestination');
    toEndpoint.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:InvokeApiDestination',
            Resource: { 'Fn::GetAtt': [destinationId, 'Arn'] },
          },
        ],
      },
    });
  });
});
