import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { RAW_RULE_KINDS, RULE_KINDS } from '../../../lib/names.ts';
import { resourcesOf, type SynthesizedSite, synthesizeText, testSite } from '../../support/synth.ts';

const full = synthesizeText(testSite('outpost-gen1'), { withChecks: true });
const aggregates = synthesizeText(testSite('aggregates'), { withChecks: true });
const pilot = synthesizeText(testSite('pilot'));
const template = full.json('Ingest');

/** The resources that hold data. */
const STATEFUL = ['AWS::S3::Bucket', 'AWS::Kinesis::Stream', 'AWS::Logs::LogGroup'];

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** All statements of the roles in a stack. */
function statements(site: SynthesizedSite): Statement[] {
  return resourcesOf(site.json('Ingest'), 'AWS::IAM::Policy').flatMap(([, { Properties }]) => {
    const document = Properties?.PolicyDocument;
    return [...(document as { Statement: Statement[] }).Statement];
  });
}

describe('the ingest stack', () => {
  test.each([
    ['with everything', full],
    ['that keeps its raw values', aggregates],
  ])('of a site %s has nothing that the checks find', (_, site) => expect(site.findings('Ingest')).toEqual([]));

  test('keeps its data when it is removed', () => {
    for (const type of STATEFUL) {
      for (const [id, resource] of resourcesOf(template, type)) {
        expect([id, resource.DeletionPolicy]).toEqual([id, 'Retain']);
        expect([id, resource.UpdateReplacePolicy]).toEqual([id, 'Retain']);
      }
    }
  });

  test('lets its data go where both keys are turned', () => {
    const text = testSite('pilot').replace('account: "123456789012" }', 'account: "123456789012", deleteData: true }');
    const both = synthesizeText(text, { deleteDataConfirmed: true }).json('Ingest');
    expect(resourcesOf(both, 'AWS::Kinesis::Stream')[0]?.[1].DeletionPolicy).toBe('Delete');
  });

  test('has every bucket private, encrypted with the key of the site, versioned, logged, over TLS only', () => {
    const buckets = resourcesOf(template, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(4);
    for (const [, { Properties }] of buckets) {
      expect(Properties).toMatchObject({
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
        VersioningConfiguration: { Status: 'Enabled' },
        LoggingConfiguration: { DestinationBucketName: expect.anything(), LogFilePrefix: expect.stringMatching(/\/$/) },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.anything() },
            },
          ],
        },
      });
    }
    const prefixes = buckets.map(([, { Properties }]) => {
      const logging = Properties?.LoggingConfiguration;
      return (logging as { LogFilePrefix: string }).LogFilePrefix;
    });
    expect(new Set(prefixes).size).toBe(prefixes.length);
    const policies = resourcesOf(template, 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(buckets.length);
    for (const [, policy] of policies) expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  test('ends what it logs, and encrypts it', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(3);
    for (const [, { Properties }] of groups) {
      expect(Properties).toMatchObject({ RetentionInDays: 90, KmsKeyId: expect.anything() });
    }
  });

  test('takes its key by a weak reference: the foundation can change without it', () => {
    expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
    expect(JSON.stringify(full.json('Foundation'))).not.toMatch(/"StackName":"plantbridge-gen1-Ingest"/);
  });

  test('gives no role a whole service or everything, but for what has no resources', () => {
    const actions = statements(full).flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(20);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    const unbounded = statements(full).filter(({ Resource }) => [Resource].flat().includes('*'));
    expect([...new Set(unbounded.flatMap(({ Action }) => Action))].toSorted()).toEqual([
      'iotsitewise:CreateBulkImportJob',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('hands over what is to be watched', () => {
    const { watched } = full.stage.ingest;
    expect(watched.functions).toHaveLength(2);
    expect(watched.streamConsumers).toHaveLength(1);
    expect(watched.streams).toHaveLength(1);
    expect(watched.deadLetterQueues).toHaveLength(1);
    expect(watched.deadLetterBuckets).toHaveLength(1);
    expect(watched.deliveryStreams).toHaveLength(1);
    expect(watched.topicRules).toEqual(RULE_KINDS.map((kind) => `plantbridge_gen1_${kind.replaceAll('-', '_')}`));
  });

  test('is the same in the pilot: history cannot be collected later', () => {
    const types = (site: SynthesizedSite) =>
      Object.values(site.json('Ingest').Resources)
        .map(({ Type }) => Type)
        // Who reads the lake for the dashboards comes with these, from production on.
        .filter((type) => type !== 'AWS::IAM::ManagedPolicy')
        .toSorted();
    expect(types(pilot)).toEqual(types(full));
  });
});

describe('a site that keeps its raw values', () => {
  test('has none of the rules that carry them', () => {
    const names = resourcesOf(aggregates.json('Ingest'), 'AWS::IoT::TopicRule').map(
      ([, { Properties }]) => Properties?.RuleName,
    );
    expect(names).toEqual(['plantbridge_aggregates_live_aggregates', 'plantbridge_aggregates_backlog_aggregates']);
    const rules = JSON.stringify(aggregates.json('Ingest'));
    for (const kind of RAW_RULE_KINDS)
      expect(rules).not.toContain(`plantbridge_aggregates_${kind.replaceAll('-', '_')}"`);
  });

  test('has a lake of aggregates, and its function is told so', () => {
    aggregates.template('Ingest').hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ RESIDENCY: 'aggregates' }) },
    });
    full.template('Ingest').hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ RESIDENCY: 'full' }) },
    });
  });

  test('has no Pareto by state and reason in the cloud, since no state gets there', () => {
    const names = (site: SynthesizedSite) =>
      resourcesOf(site.json('Ingest'), 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties?.Name);
    expect(names(full)).toEqual([
      'plantbridge-gen1-oee-by-shift',
      'plantbridge-gen1-downtime-pareto',
      'plantbridge-gen1-freshness',
    ]);
    expect(names(aggregates)).toEqual(['plantbridge-aggregates-oee-by-shift', 'plantbridge-aggregates-freshness']);
  });
});
