import { Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  AWAITING_HUB_ATTRIBUTE,
  AWAITING_HUB_INDEX,
  EXPIRY_ATTRIBUTE,
  ID_ATTRIBUTE,
  TABLE_NAME_ENV,
  TAKEN_AT_ATTRIBUTE,
} from '../../../lambda/mes-callback/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeMesRecords } from './acknowledgements.ts';

/** What {@link MesRecords} are made of. */
export interface MesRecordsProps {
  readonly deployment: Deployment;
  readonly key: IKey;
}

/**
 * The requests that the MES made, by id and by idempotency key, and the orders that the hub confirmed:
 * lambda/mes-callback/contract.ts has the layout and the access patterns. On demand, encrypted with the site's key, restorable to
 * any second of the last 35 days, kept when its stack is removed.
 */
export class MesRecords extends Construct {
  readonly table: Table;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { deployment, key }: MesRecordsProps) {
    super(scope, id);
    this.#key = key;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: ID_ATTRIBUTE, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: EXPIRY_ATTRIBUTE,
      deletionProtection: !deployment.deletesData,
      removalPolicy: dataRemovalPolicy(deployment),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: AWAITING_HUB_INDEX,
      partitionKey: { name: AWAITING_HUB_ATTRIBUTE, type: AttributeType.STRING },
      sortKey: { name: TAKEN_AT_ATTRIBUTE, type: AttributeType.STRING },
      // Whoever hands a request over reads it whole, and by its id.
      projectionType: ProjectionType.KEYS_ONLY,
    });
    acknowledgeMesRecords(this.table);
  }

  /** Lets a function read and write single items and find what the hub has not confirmed, and tells it the table's name. */
  grantUse(user: LambdaFunction): void {
    user.addEnvironment(TABLE_NAME_ENV, this.table.tableName);
    Grant.addToPrincipal({
      grantee: user,
      actions: ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resourceArns: [this.table.tableArn],
    });
    Grant.addToPrincipal({
      grantee: user,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/${AWAITING_HUB_INDEX}`],
    });
    // DynamoDB uses the key in the name of whoever calls it; here, by DynamoDB alone.
    Grant.addToPrincipal({
      grantee: user,
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resourceArns: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}
