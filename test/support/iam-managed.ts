/**
 * AWS's own policies that roles of a site may have, as far as they matter here; a role with any other one is refused, since
 * nobody looked at it. Abridged: their actions on the resources that matter here, not copies of AWS's documents.
 */
export const MANAGED_POLICIES: Readonly<Record<string, object>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  AWSIoTSiteWiseEdgeAccess: allow([
    'iotsitewise:BatchPutAssetPropertyValue',
    'iotsitewise:ListAssetModels',
    'iotsitewise:DescribeAssetModel',
    'iotsitewise:ListAssets',
    'iotsitewise:DescribeAsset',
    'iotsitewise:DescribeAssetProperty',
    'iotsitewise:ListAssociatedAssets',
    'iotsitewise:DescribeGateway',
    'iotsitewise:DescribeGatewayCapabilityConfiguration',
    'iotsitewise:UpdateGatewayCapabilityConfiguration',
    'iotsitewise:ExecuteAction',
    'iotsitewise:DescribeAction',
  ]),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow([
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  // What it also allows for other kinds of data is left out: the plan names volumes alone.
  'service-role/AWSBackupServiceRolePolicyForBackup': allow([
    'ec2:CreateSnapshot',
    'ec2:DeleteSnapshot',
    'ec2:CreateTags',
    'ec2:DescribeVolumes',
    'ec2:DescribeSnapshots',
    'tag:GetResources',
    'kms:DescribeKey',
  ]),
  AmazonSSMManagedInstanceCore: allow([
    'ssm:UpdateInstanceInformation',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
    'ec2messages:GetMessages',
  ]),
};

function allow(actions: readonly string[]): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}
