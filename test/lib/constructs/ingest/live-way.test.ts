import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { bundle } from '../../../../lib/constructs/functions/bundle.ts';
import { siteWiseSelection } from '../../../../lib/constructs/ingest/sitewise-selection.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const site = synthesizeText(testSite('outpost-gen1'));
const template = site.template('Ingest');

describe('the stream', () => {
  test('is on demand, keeps a batch for as long as SiteWise takes it, and has the key of the site', () => {
    template.hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 168,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: Match.anyValue() },
    });
  });
});

describe('the function on the stream', () => {
  test('reads from the beginning, hands back single records, halves what fails and gives up into the dead letters', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LiveStream'), 'Arn'] },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 86_400,
      MaximumRetryAttempts: Match.absent(),
      ParallelizationFactor: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LakeDeadLetters'), 'Arn'] } },
      },
    });
  });

  test('gives up before the stream forgets', () => {
    const ages = resourcesOf(site.json('Ingest'), 'AWS::Lambda::EventSourceMapping').flatMap(
      ([, { Properties }]) => Properties?.MaximumRecordAgeInSeconds ?? [],
    );
    expect(ages).toHaveLength(1);
    expect(Number(ages[0])).toBeLessThan(168 * 3600);
  });

  test('runs on arm64 and Node 24, and finds its selection beside its program', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: {
        Variables: Match.objectLike({
          SITEWISE_SELECTION_FILE: '/var/task/sitewise-selection.json',
          LAKE_DELIVERY_STREAM: Match.anyValue(),
          DEAD_LETTER_BUCKET: Match.anyValue(),
        }),
      },
    });
    const { folder } = bundle({
      entry: 'lambda/normalize/handler.ts',
      files: { 'sitewise-selection.json': '{"a":1}' },
    });
    expect(readFileSync(join(folder, 'sitewise-selection.json'), 'utf8')).toBe('{"a":1}');
  });

  test('may neither read nor delete in the dead letters', () => {
    const policy = JSON.stringify(
      resourcesOf(site.json('Ingest'), 'AWS::IAM::Policy').find(
        ([id]) => id.startsWith('Normalizer') && id.includes('Role'),
      ),
    );
    expect(policy.match(/s3:[A-Za-z]+/g)?.toSorted()).toEqual(['s3:ListBucket', 's3:PutObject']);
    expect(policy).toContain('/aws/lambda/*');
    expect(policy).toContain('/normalize/*');
    expect(policy.match(/kms:[A-Za-z*]+/g)?.toSorted()).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });
});

describe('what goes to SiteWise', () => {
  const { models } = deployableModels();
  const selectionOf = (text: string) =>
    siteWiseSelection(new Deployment(deployableSite('site.yaml', models, () => text)));

  test("is the models' inputs but for the state, which has its own rule, and the sensors that are marked", () => {
    const selection = selectionOf(testSite('pilot'));
    expect(selection.machines).toEqual({
      'pilot-site/bottling/filler': {
        model: 'discrete-machine',
        gateway: 'plantbridge-pilot-site--gateway-1',
        sensors: { 'bearing-temperature': 'DOUBLE' },
      },
      'pilot-site/bottling/capper': { model: 'discrete-machine', gateway: 'plantbridge-pilot-site--gateway-1' },
    });
    expect(selection.signalsOfModel['discrete-machine']).toEqual({
      'run-s': 'DOUBLE',
      'down-s': 'DOUBLE',
      'planned-s': 'DOUBLE',
      'unknown-s': 'DOUBLE',
      'busy-s': 'DOUBLE',
      produced: 'DOUBLE',
      rejected: 'DOUBLE',
      'ideal-s': 'DOUBLE',
      'good-s': 'DOUBLE',
      'produced-unattributed': 'DOUBLE',
      reason: 'STRING',
      product: 'STRING',
    });
  });

  test("has the MES's corrections where it gives them", () => {
    expect(selectionOf(testSite('outpost-gen1')).signalsOfModel['discrete-machine']).toMatchObject({
      'mes-s': 'DOUBLE',
      'mes-rejected': 'DOUBLE',
    });
  });

  test('is aggregates alone where raw values stay on the site', () => {
    const { signalsOfModel, machines } = selectionOf(testSite('aggregates'));
    expect(Object.keys(signalsOfModel['discrete-machine'] ?? {})).not.toContain('reason');
    expect(Object.keys(signalsOfModel['discrete-machine'] ?? {})).toContain('run-s');
    expect(JSON.stringify(machines)).not.toContain('sensors');
  });

  test("leaves out machines of AWS's own collector, and lines that are not deployed yet", () => {
    expect(Object.keys(selectionOf(testSite('outpost-gen2')).machines)).toEqual([
      'gen2/bottling/filler',
      'gen2/bottling/capper',
    ]);
    const early = testSite('outpost-gen1')
      .replace('phase: rollout', 'phase: production')
      .replace('gateways:', 'hub: { historianFrom: "file:/etc/plantbridge/historian" }\ngateways:');
    expect(Object.keys(selectionOf(early).machines)).not.toContain('gen1/packing/packer');
  });
});
