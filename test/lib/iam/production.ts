import { arnOf, ask, functionNeeds, type RoleRow } from './row.ts';

const asset = arnOf('iotsitewise', 'asset/00000000-0000-0000-0000-000000000001');

/** The roles of Mes and Observability, which the phase production brings. */
export const PRODUCTION_ROLES: readonly RoleRow[] = [
  {
    role: 'Mes/Callback/Role',
    purpose: 'takes what the MES sends, each request once, for the hub to fetch',
    allows: (asked) => {
      const table = asked.permissions.arn('AWS::DynamoDB::Table', 'Mes');
      const context = { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' };
      return [
        ...functionNeeds(asked, 'Mes/Callback'),
        ask('dynamodb:PutItem', table),
        ask('dynamodb:GetItem', table),
        ask('kms:Decrypt', asked.permissions.arn('AWS::KMS::Key', 'Foundation'), context),
      ];
    },
    denies: ({ permissions }) => [
      ask('dynamodb:DeleteItem', permissions.arn('AWS::DynamoDB::Table', 'Mes')),
      ask('dynamodb:Scan', permissions.arn('AWS::DynamoDB::Table', 'Mes')),
    ],
  },
  {
    role: 'Observability/DataWatch/Watch/Role',
    purpose: 'looks whether values arrive and can be trusted',
    allows: (asked) => [
      ...functionNeeds(asked, 'Observability/DataWatch'),
      ask('iotsitewise:BatchGetAssetPropertyValue', asset),
      ask('iotsitewise:BatchGetAssetPropertyAggregates', asset),
      ask('iotsitewise:ListTimeSeries', '*'),
      ask('s3:ListBucket', asked.permissions.arn('AWS::S3::Bucket', 'Ingest/Lake/DeadLetters')),
    ],
    denies: ({ permissions }) => [
      ask('iotsitewise:BatchPutAssetPropertyValue', asset),
      ask('s3:GetObject', `${permissions.arn('AWS::S3::Bucket', 'Ingest/Lake/DeadLetters')}/normalize/1`),
    ],
  },
  {
    role: 'Observability/Grafana/Role',
    purpose: 'the dashboards: read SiteWise',
    allows: () => [ask('iotsitewise:ListAssetModels', '*')],
    denies: () => [ask('iotsitewise:BatchPutAssetPropertyValue', asset)],
  },
  {
    role: 'Mes/Erp/Endpoint/EventsRole',
    purpose: "EventBridge: calls the ERP's address",
    allows: ({ permissions }) => [
      ask('events:InvokeApiDestination', permissions.arn('AWS::Events::ApiDestination', 'Mes/Erp')),
    ],
    denies: () => [ask('events:InvokeApiDestination', arnOf('events', 'api-destination/another/1'))],
  },
];
