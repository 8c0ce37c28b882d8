import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { SMALL_TEXT, smallSiteWith } from '../../../support/site-text.ts';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const MANAGING =
  'aws: { account: "123456789012", sitewise: { manageAccountSettings: true }, apiGateway: { manageAccountSettings: true } }';
const EMAILS = 'observability: { emails: [a@plant.example, b@plant.example, a@plant.example] }';

const site = synthesizeText(smallSiteWith(['timeZone:', `${EMAILS}\n${MANAGING}\ntimeZone:`]));
const template = site.template('Foundation');
const json = site.json('Foundation');
const ACCOUNT = { 'aws:SourceAccount': '123456789012' };

const keyPolicy = Match.objectLike({ Statement: Match.anyValue() });
const keyStatements = (json: ReturnType<typeof site.json>) => {
  const [, key] = resourcesOf(json, 'AWS::KMS::Key')[0]!;
  return (key.Properties!.KeyPolicy as { Statement: Record<string, unknown>[] }).Statement;
};

describe('the key of a site', () => {
  test.each([
    ['CloudWatch, whose alarms publish to the topic', 'cloudwatch.amazonaws.com'],
    ['EventBridge, which sends to queues', 'events.amazonaws.com'],
  ])('is used by %s, for this account alone', (_, service) => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: service },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: { StringEquals: ACCOUNT },
          }),
        ]),
      },
    });
  });

  test('is used by no service without a condition', () => {
    const services = keyStatements(json).filter(({ Principal }) => JSON.stringify(Principal).includes('Service'));
    expect(services.length).toBeGreaterThanOrEqual(4);
    for (const statement of services) expect(statement).toHaveProperty('Condition');
  });

  test('may encrypt the secret of a connection to the ERP only where there is one', () => {
    const tag = { Key: 'EventBridgeApiDestinations', Value: 'true' };
    synthesizeText(testSite('outpost-gen2'))
      .template('Foundation')
      .hasResourceProperties('AWS::KMS::Key', { Tags: Match.arrayWith([tag]) });
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: keyPolicy, Tags: Match.not(Match.arrayWith([tag])) });
  });
});

describe('the bucket for access logs', () => {
  test('is encrypted by S3 itself, since logs are not delivered to buckets with a key', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LoggingConfiguration: Match.absent(),
    });
  });

  test('takes logs of no other account', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: { StringNotEquals: ACCOUNT },
          }),
        ]),
      },
    });
  });
});

describe('the alarm topic', () => {
  test('is encrypted, over TLS only, and open to alarms of this site and rules of this account', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: {
              StringEquals: ACCOUNT,
              ArnLike: {
                'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:plantbridge-small-*',
              },
            },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: ACCOUNT },
          }),
        ],
      },
    });
  });

  test('tells each address once', () => {
    const endpoints = resourcesOf(json, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties?.Endpoint);
    expect(endpoints.toSorted()).toEqual(['a@plant.example', 'b@plant.example']);
  });
});

describe('the event bus', () => {
  test('is encrypted with the key of the site, and no other account puts events on it', () => {
    template.hasResourceProperties('AWS::Events::EventBus', {
      KmsKeyIdentifier: Match.anyValue(),
      DeadLetterConfig: { Arn: Match.anyValue() },
    });
    template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  test('keeps what the key failed for in a queue that does not need the key', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': Match.anyValue() } } },
          }),
        ]),
      },
    });
  });
});

describe('the phase guard', () => {
  const phaseOf = (text: string, phaseDownAllowed = false) =>
    resourcesOf(synthesizeText(text, { phaseDownAllowed }).json('Foundation'), 'Custom::PlantbridgePhase')[0];

  test('knows the phase of the deployment, and whether it may go down', () => {
    expect(phaseOf(SMALL_TEXT)?.[1].Properties).toMatchObject({
      SiteId: 'small',
      Phase: 'pilot',
      PhaseDownAllowed: 'false',
    });
    expect(phaseOf(testSite('outpost-gen1'), true)?.[1].Properties).toMatchObject({
      SiteId: 'gen1',
      Phase: 'rollout',
      PhaseDownAllowed: 'true',
    });
  });

  test('comes last in its stack: nothing that fails after it rolls a step up back', () => {
    const [[guardId, guard] = []] = resourcesOf(json, 'Custom::PlantbridgePhase');
    // What is reached from the guard by dependencies and references.
    const before = new Set<string>();
    const visit = (id: string): void => {
      if (before.has(id)) return;
      before.add(id);
      const resource = json.Resources[id];
      const referenced = [...JSON.stringify(resource ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(
        ([, name = '']) => name,
      );
      for (const next of [resource?.DependsOn ?? [], referenced].flat())
        if (next in json.Resources) visit(String(next));
    };
    visit(guardId ?? '');
    const after = Object.keys(json.Resources).filter((id) => !before.has(id));
    // Only the rights of its own function to trace may come as late.
    expect(after.map((id) => json.Resources[id]?.Type)).toEqual(after.map(() => 'AWS::IAM::Policy'));
    expect(after.every((id) => id.includes('Tracing'))).toBe(true);
    expect(guard?.DependsOn?.length).toBeGreaterThan(5);
  });

  test('changes nothing else: from phase to phase the foundation stays as it is', () => {
    const foundation = (phase: string) => {
      const text = smallSiteWith([
        'timeZone:',
        `phase: ${phase}\naws: { account: "123456789012" }\nhub: { historianFrom: "env:DATABASE" }\ntimeZone:`,
      ]);
      return JSON.stringify(synthesizeText(text).json('Foundation').Resources).replaceAll(`"${phase}"`, '"the phase"');
    };
    expect(foundation('production')).toBe(foundation('pilot'));
  });
});

describe('the settings of an account', () => {
  test('are set only where the site file says so', () => {
    template.resourceCountIs('Custom::PlantbridgeSitewiseSettings', 1);
    template.resourceCountIs('AWS::ApiGateway::Account', 1);
    const other = synthesizeText(SMALL_TEXT).template('Foundation');
    other.resourceCountIs('Custom::PlantbridgeSitewiseSettings', 0);
    other.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('of SiteWise log errors and store no value of an unknown alias', () => {
    template.hasResourceProperties('Custom::PlantbridgeSitewiseSettings', {
      LoggingLevel: 'ERROR',
      DisassociatedDataStorage: 'DISABLED',
    });
  });

  test('of SiteWise are set by a function that may do nothing else', () => {
    const rights = resourcesOf(json, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('SitewiseSetter'));
    const actions = rights.flatMap(([, { Properties }]) =>
      (Properties!.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );
    expect(actions.toSorted()).toEqual([
      'iotsitewise:DescribeStorageConfiguration',
      'iotsitewise:PutLoggingOptions',
      'iotsitewise:PutStorageConfiguration',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('of API Gateway stay when the stack is removed: other APIs log by them', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    const [[, account] = []] = resourcesOf(json, 'AWS::ApiGateway::Account');
    const roleId = JSON.stringify(account).match(/"Fn::GetAtt":\["(\w+)"/)?.[1] ?? '';
    expect(json.Resources[roleId]).toMatchObject({
      Type: 'AWS::IAM::Role',
      DeletionPolicy: 'Retain',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'apigateway.amazonaws.com' } }] },
      },
    });
  });
});
