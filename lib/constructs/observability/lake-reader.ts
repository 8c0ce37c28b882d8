import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { acknowledgeLakeReader } from './acknowledgements.ts';
import type { WatchedLake } from './watched.ts';

/** What a {@link LakeReader} is made for. */
export interface LakeReaderProps {
  readonly lake: WatchedLake;
  /** The site's key. */
  readonly key: IKey;
}

/**
 * What it takes to ask the lake by Athena, and no more: its workgroup, its table and view, its rows, and the workgroup's results. It stands in the
 * lake's own stack, beside the buckets that it names.
 */
export class LakeReader extends ManagedPolicy {
  constructor({ lake, key }: LakeReaderProps) {
    const stack = Stack.of(lake.bucket);
    super(stack, 'LakeReader', { description: "Asks the site's lake by Amazon Athena" });
    const { partition, region, account } = stack;
    const arnOf = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
    const rows = lake.bucket.bucketArn;
    const results = lake.resultBucket.bucketArn;
    this.addStatements(
      new PolicyStatement({
        actions: [
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetWorkGroup',
        ],
        resources: [arnOf('athena', `workgroup/${lake.workGroup}`)],
      }),
      new PolicyStatement({
        actions: [
          'athena:GetDataCatalog',
          'athena:GetDatabase',
          'athena:ListDatabases',
          'athena:ListTableMetadata',
          'athena:GetTableMetadata',
        ],
        resources: [arnOf('athena', 'datacatalog/AwsDataCatalog')],
      }),
      // What the data source's settings offer to choose from; the lists have no resources.
      new PolicyStatement({ actions: ['athena:ListDataCatalogs', 'athena:ListWorkGroups'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
        resources: [
          arnOf('glue', 'catalog'),
          arnOf('glue', `database/${lake.database}`),
          arnOf('glue', `table/${lake.database}/${lake.table}`),
          arnOf('glue', `table/${lake.database}/${lake.view}`),
        ],
      }),
      new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [rows, results] }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${rows}/*`, `${results}/*`] }),
      new PolicyStatement({ actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [`${results}/*`] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
    );
    acknowledgeLakeReader(this, [`${rows}/*`, `${results}/*`]);
  }
}
