import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { lakeRow } from '../../../../lambda/normalize/rows.ts';
import { LAKE_COLUMNS, PARTITION_COLUMN } from '../../../../lib/constructs/lake/layout.ts';
import { samplesViewSql } from '../../../../lib/constructs/lake/queries/samples-view.ts';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const site = synthesizeText(testSite('outpost-gen1'));
const template = site.template('Ingest');

interface GlueTable {
  readonly Name: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ViewOriginalText?: string;
  readonly StorageDescriptor: { readonly Columns: readonly { readonly Name: string; readonly Type: string }[] };
  readonly PartitionKeys: readonly { readonly Name: string }[];
}

function tableOf(name: string): GlueTable {
  const found = resourcesOf(site.json('Ingest'), 'AWS::Glue::Table')
    .map(([, { Properties }]) => Properties?.TableInput as GlueTable)
    .find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

describe('the way into the lake', () => {
  const [, stream] = resourcesOf(site.json('Ingest'), 'AWS::KinesisFirehose::DeliveryStream')[0]!;
  const destination = stream.Properties?.ExtendedS3DestinationConfiguration as Record<string, unknown>;

  test('is put directly, and encrypted with the key of the site', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: Match.anyValue() },
      ExtendedS3DestinationConfiguration: Match.objectLike({
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: Match.anyValue() } },
      }),
    });
  });

  test('is partitioned by the day of the event, never by that of arrival', () => {
    expect(destination.Prefix).toBe('samples/dt=!{partitionKeyFromQuery:dt}/');
    expect(destination.DynamicPartitioningConfiguration).toMatchObject({ Enabled: true });
    expect(JSON.stringify(destination.ProcessingConfiguration)).toContain('{\\"dt\\":.dt}');
  });

  test('takes single rows out of records first: the partition is looked for in each', () => {
    const { Processors } = destination.ProcessingConfiguration as { Processors: { Type: string }[] };
    expect(Processors.map(({ Type }) => Type)).toEqual(['RecordDeAggregation', 'MetadataExtraction']);
  });

  test('buffers as dynamic partitioning and Parquet demand: 64 MB at least', () => {
    const { SizeInMBs, IntervalInSeconds } = destination.BufferingHints as Record<string, number>;
    expect(SizeInMBs).toBeGreaterThanOrEqual(64);
    expect(SizeInMBs).toBeLessThanOrEqual(128);
    expect(IntervalInSeconds).toBeGreaterThanOrEqual(60);
    expect(IntervalInSeconds).toBeLessThanOrEqual(900);
  });

  test('writes Parquet by the schema of the table, and what does not fit elsewhere, by kind of error', () => {
    expect(destination.DataFormatConversionConfiguration).toMatchObject({
      Enabled: true,
      InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      SchemaConfiguration: {
        DatabaseName: { Ref: expect.stringMatching(/^LakeCatalogDatabase/) },
        TableName: { Ref: expect.stringMatching(/^LakeCatalogRawTable/) },
        VersionId: 'LATEST',
      },
    });
    // Parquet is compressed by itself: a compression of the whole object is refused with it.
    expect(destination.CompressionFormat ?? 'UNCOMPRESSED').toBe('UNCOMPRESSED');
    expect(destination.ErrorOutputPrefix).toBe('failed/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/');
    expect(destination.CloudWatchLoggingOptions).toMatchObject({ Enabled: true });
  });

  test('may write to the lake, and neither delete there nor write elsewhere', () => {
    const policy = JSON.stringify(
      resourcesOf(site.json('Ingest'), 'AWS::IAM::Policy').find(([id]) => id.startsWith('LakeDeliveryRole')),
    );
    expect(
      policy
        .match(/"[a-z0-9]+:[A-Za-z*]+"/g)
        ?.map((each) => each.slice(1, -1))
        .toSorted(),
    ).toEqual([
      'glue:GetTable',
      'glue:GetTableVersion',
      'glue:GetTableVersions',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ]);
    expect(stream.DependsOn).toEqual([expect.stringMatching(/^LakeDeliveryRoleDefaultPolicy/)]);
  });
});

describe('the lake', () => {
  test('costs less with age, and its dead letters end after more than a year', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            Prefix: 'samples/',
            Transitions: [
              { StorageClass: 'STANDARD_IA', TransitionInDays: 90 },
              { StorageClass: 'GLACIER_IR', TransitionInDays: 365 },
            ],
          }),
          Match.objectLike({ Prefix: 'failed/', ExpirationInDays: 400 }),
          Match.objectLike({
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Id: 'dead-letters', ExpirationInDays: 400 })]),
      },
      MetricsConfigurations: [{ Id: 'EntireBucket' }],
    });
  });

  test('never deletes rows', () => {
    for (const [, { Properties }] of resourcesOf(site.json('Ingest'), 'AWS::S3::Bucket')) {
      const lifecycle = Properties?.LifecycleConfiguration;
      const { Rules } = lifecycle as { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
      if (!Rules.some(({ Prefix }) => Prefix === 'samples/')) continue;
      expect(
        Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined).map(({ Prefix }) => Prefix),
      ).toEqual(['failed/']);
    }
  });
});

describe("the lake's table", () => {
  test('has the columns that the rows have', () => {
    const row = lakeRow({ path: 'a/b/c/d', timeMs: 0, value: 1, quality: 'GOOD' }, 0);
    const names = LAKE_COLUMNS.map(({ name }) => name);
    expect([...names, PARTITION_COLUMN.name].toSorted()).toEqual(Object.keys(row).toSorted());
    expect(tableOf('samples_raw').StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(names);
    expect(tableOf('samples_raw').PartitionKeys.map(({ Name }) => Name)).toEqual(['dt']);
  });

  test('computes its partitions: a day is there without a crawler', () => {
    expect(tableOf('samples_raw').Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2024-01-01,NOW',
      classification: 'parquet',
    });
    expect(JSON.stringify(tableOf('samples_raw').Parameters['storage.location.template'])).toContain(
      `/samples/dt=\${dt}/`,
    );
  });

  test('is named as the site is', () => {
    template.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'plantbridge_gen1' } });
  });

  test('has a view without duplicates, as Athena reads it', () => {
    const { Parameters, ViewOriginalText = '', StorageDescriptor } = tableOf('samples');
    expect(Parameters).toMatchObject({ presto_view: 'true' });
    const [, encoded = ''] = /^\/\* Presto View: (.*) \*\/$/.exec(ViewOriginalText) ?? [];
    const view = JSON.parse(Buffer.from(encoded, 'base64').toString());
    expect(view).toEqual({
      originalSql: samplesViewSql(),
      catalog: 'awsdatacatalog',
      schema: 'plantbridge_gen1',
      columns: [
        { name: 'path', type: 'varchar' },
        { name: 'ts', type: 'bigint' },
        { name: 'quality', type: 'varchar' },
        { name: 'value_double', type: 'double' },
        { name: 'value_string', type: 'varchar' },
        { name: 'ingested_at', type: 'bigint' },
        { name: 'dt', type: 'varchar' },
      ],
    });
    // The order of the columns in SQL, in the view and in the catalog must be one.
    expect(view.originalSql).toMatch(/^SELECT path, ts, quality, value_double, value_string, ingested_at, dt\n/);
    expect(StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(
      view.columns.map(({ name }: { name: string }) => name),
    );
  });
});

describe('queries over the lake', () => {
  test('run with limits that nobody can set aside, and encrypted results that end', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'plantbridge-gen1',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100_000_000_000,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() } },
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'results', ExpirationInDays: 30 })]) },
    });
  });

  test('are named for the site: its shifts, its time zone, its lines', () => {
    const queries = resourcesOf(site.json('Ingest'), 'AWS::Athena::NamedQuery').map(([, { Properties }]) =>
      String(Properties?.QueryString),
    );
    expect(queries[0]).toContain("('night', 'night', 1320, 1800, '1234567')");
    expect(queries[0]).toContain("'Europe/Berlin'");
    expect(queries[0]).toContain("('bottling', 'filler')");
    expect(queries[0]).toContain("'mes-s'");
    // The most that Athena keeps of a query.
    for (const query of queries) expect(query.length).toBeLessThan(262_144);
  });
});
