import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CfnTable,
  Database,
  DataFormat,
  DateIntervalUnit,
  PartitionProjectionConfiguration,
  S3Table,
  S3TableStorage,
  Schema,
} from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import {
  FIRST_DAY,
  LAKE_COLUMNS,
  LAKE_PREFIX,
  type LakeColumn,
  PARTITION_COLUMN,
  RAW_TABLE,
  SAMPLES_VIEW,
} from './layout.ts';
import { prestoView, samplesViewSql } from './queries/samples-view.ts';

/** What a {@link LakeCatalog} is made for. */
export interface LakeCatalogProps {
  readonly deployment: Deployment;
  /** The bucket with the rows. */
  readonly bucket: IBucket;
}

/** How Athena sees the lake: a database with the table of all rows and a view without duplicates. */
export class LakeCatalog extends Construct {
  readonly database: Database;
  /** The rows' table, as Firehose needs it for their schema. */
  readonly rawTable: CfnTable;
  readonly view: CfnTable;

  constructor(scope: Construct, id: string, props: LakeCatalogProps) {
    super(scope, id);
    const { deployment, bucket } = props;
    // Nothing is lost with it: the rows are in their bucket. Kept, its fixed names would be in the way of the next deployment.
    const removalPolicy = RemovalPolicy.DESTROY;
    this.database = new Database(this, 'Database', {
      databaseName: deployment.names.database,
      description: `The lake of the Plantbridge site ${deployment.site.id}`,
      removalPolicy,
    });
    const table = new S3Table(this, 'RawTable', {
      database: this.database,
      tableName: RAW_TABLE,
      description: `All rows as they came, duplicates included: ask ${SAMPLES_VIEW} instead`,
      storage: S3TableStorage.fromBucket(bucket),
      s3Prefix: LAKE_PREFIX.samples,
      dataFormat: DataFormat.PARQUET,
      columns: LAKE_COLUMNS.map(({ name, hive, comment }) => ({ name, type: HIVE_TYPES[hive], comment })),
      partitionKeys: [{ name: PARTITION_COLUMN.name, type: Schema.STRING, comment: PARTITION_COLUMN.comment }],
      // The key is S3's business; this says that no client encrypted anything.
      hasEncryptedData: false,
      // Days are computed, not registered: no crawler, and a late value's day is there as soon as its file is.
      partitionProjection: {
        [PARTITION_COLUMN.name]: PartitionProjectionConfiguration.date({
          min: FIRST_DAY,
          max: 'NOW',
          format: 'yyyy-MM-dd',
          step: { interval: 1, intervalUnit: DateIntervalUnit.DAYS },
        }),
      },
      parameters: {
        'storage.location.template': `s3://${bucket.bucketName}/${LAKE_PREFIX.samples}${PARTITION_COLUMN.name}=\${${PARTITION_COLUMN.name}}/`,
      },
    });
    table.applyRemovalPolicy(removalPolicy);
    this.rawTable = table.node.defaultChild as CfnTable;
    const columns = [...LAKE_COLUMNS, PARTITION_COLUMN];
    this.view = new CfnTable(this, 'View', {
      catalogId: Stack.of(this).account,
      databaseName: this.database.databaseName,
      tableInput: {
        name: SAMPLES_VIEW,
        description: 'One row a path and time: of several the one that arrived last',
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewOriginalText: prestoView(samplesViewSql(), columns, deployment.names.database),
        viewExpandedText: '/* Presto View */',
        storageDescriptor: { columns: columns.map(glueColumn), serdeInfo: {} },
        partitionKeys: [],
      },
    });
    this.view.addResourceDependency(this.rawTable);
  }
}

const HIVE_TYPES = { string: Schema.STRING, bigint: Schema.BIG_INT, double: Schema.DOUBLE } as const;

function glueColumn({ name, hive, comment }: LakeColumn): CfnTable.ColumnProperty {
  return { name, type: hive, comment };
}
