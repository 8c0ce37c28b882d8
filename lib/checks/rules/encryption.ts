import { isIntrinsic, type JsonObject, listOf, objectOf, shown } from '../json.ts';
import { type CheckRule, type Fault, mustBe, resourceRule } from '../rule.ts';

/** Where each type of resource names the key that it is encrypted with. */
const KEY_PLACES: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::Kinesis::Stream': 'StreamEncryption.KeyId',
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::RDS::DBInstance': 'KmsKeyId',
  'AWS::RDS::DBCluster': 'KmsKeyId',
  'AWS::EC2::Volume': 'KmsKeyId',
  'AWS::EFS::FileSystem': 'KmsKeyId',
  'AWS::ECR::Repository': 'EncryptionConfiguration.KmsKey',
};

function valueAt(properties: JsonObject, place: string): unknown {
  return place.split('.').reduce<unknown>((value, key) => objectOf(value)[key], properties);
}

/** Whether a value names a customer-managed key: AWS's own ones are `alias/aws/...`. */
function isOwnKey(value: unknown): boolean {
  return isIntrinsic(value)
    ? !JSON.stringify(value).includes('alias/aws/')
    : typeof value === 'string' && !/alias\/aws\//.test(value);
}

const NO_KEY = "a key of the site's own";
const FIX = 'Encrypt with the key of the Foundation stack';

function* bucketFaults({ BucketEncryption }: JsonObject): Generator<Fault> {
  const at = 'BucketEncryption.ServerSideEncryptionConfiguration';
  const rules = listOf(objectOf(BucketEncryption).ServerSideEncryptionConfiguration);
  if (rules.length === 0) yield mustBe(at, NO_KEY, undefined, FIX);
  for (const [index, rule] of rules.entries()) {
    const { SSEAlgorithm, KMSMasterKeyID } = objectOf(objectOf(rule).ServerSideEncryptionByDefault);
    if (!String(SSEAlgorithm).startsWith('aws:kms') || !isOwnKey(KMSMasterKeyID))
      yield mustBe(`${at}[${index}]`, NO_KEY, SSEAlgorithm, FIX);
  }
}

function* tableFaults({ SSESpecification }: JsonObject): Generator<Fault> {
  const { SSEEnabled, SSEType } = objectOf(SSESpecification);
  if (SSEEnabled !== true || (SSEType !== undefined && SSEType !== 'KMS'))
    yield mustBe('SSESpecification', 'KMS encryption that is on', SSESpecification, FIX);
}

function* globalTableFaults(properties: JsonObject): Generator<Fault> {
  const { SSEEnabled, SSEType } = objectOf(properties.SSESpecification);
  if (SSEEnabled !== true || SSEType !== 'KMS')
    yield mustBe('SSESpecification', 'KMS encryption that is on', properties.SSESpecification, FIX);
  for (const [index, replica] of listOf(properties.Replicas).entries())
    if (!isOwnKey(objectOf(objectOf(replica).SSESpecification).KMSMasterKeyId))
      yield mustBe(`Replicas[${index}].SSESpecification.KMSMasterKeyId`, NO_KEY, undefined, FIX);
}

function* deliveryFaults(properties: JsonObject): Generator<Fault> {
  if (properties.DeliveryStreamType === 'KinesisStreamAsSource') return; // The stream's own key encrypts what waits.
  const { KeyARN, KeyType } = objectOf(properties.DeliveryStreamEncryptionConfigurationInput);
  if (KeyType !== 'CUSTOMER_MANAGED_CMK' || !isOwnKey(KeyARN))
    yield mustBe('DeliveryStreamEncryptionConfigurationInput', NO_KEY, KeyType, FIX);
}

/** Disks of launch templates and instances. */
function* diskFaults(at: string, mappings: unknown): Generator<Fault> {
  for (const [index, mapping] of listOf(mappings).entries()) {
    const { Ebs } = objectOf(mapping);
    if (Ebs !== undefined && objectOf(Ebs).Encrypted !== true)
      yield mustBe(`${at}[${index}].Ebs.Encrypted`, 'true', objectOf(Ebs).Encrypted);
  }
}

/** Data at rest is encrypted with a key that its owner can rotate, audit and revoke. */
export const ENCRYPTION_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-Encryption',
    'Whatever keeps data (bucket, queue, topic, stream, table, log group, event bus, secret, database, volume) is encrypted with a customer-managed key.',
    [
      ...Object.keys(KEY_PLACES),
      'AWS::S3::Bucket',
      'AWS::DynamoDB::GlobalTable',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::EC2::LaunchTemplate',
      'AWS::EC2::Instance',
      'AWS::Lambda::Function',
      'AWS::Athena::WorkGroup',
    ],
    function* ({ type, properties }) {
      const place = KEY_PLACES[type];
      if (place !== undefined && !isOwnKey(valueAt(properties, place)))
        yield mustBe(place, NO_KEY, valueAt(properties, place), FIX);
      if (['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'].includes(type) && properties.StorageEncrypted !== true)
        yield mustBe('StorageEncrypted', 'true', properties.StorageEncrypted);
      if (['AWS::EC2::Volume', 'AWS::EFS::FileSystem'].includes(type) && properties.Encrypted !== true)
        yield mustBe('Encrypted', 'true', properties.Encrypted);
      if (type === 'AWS::S3::Bucket') yield* bucketFaults(properties);
      if (type === 'AWS::DynamoDB::Table') yield* tableFaults(properties);
      if (type === 'AWS::DynamoDB::GlobalTable') yield* globalTableFaults(properties);
      if (type === 'AWS::KinesisFirehose::DeliveryStream') yield* deliveryFaults(properties);
      if (type === 'AWS::EC2::LaunchTemplate')
        yield* diskFaults(
          'LaunchTemplateData.BlockDeviceMappings',
          objectOf(properties.LaunchTemplateData).BlockDeviceMappings,
        );
      if (type === 'AWS::EC2::Instance') yield* diskFaults('BlockDeviceMappings', properties.BlockDeviceMappings);
      if (type === 'AWS::Lambda::Function' && properties.Environment !== undefined && !isOwnKey(properties.KmsKeyArn))
        yield mustBe('KmsKeyArn', NO_KEY, properties.KmsKeyArn, FIX);
      if (type === 'AWS::Athena::WorkGroup') yield* workGroupFaults(properties);
    },
  ),
];

function* workGroupFaults({ WorkGroupConfiguration }: JsonObject): Generator<Fault> {
  const { ResultConfiguration, EnforceWorkGroupConfiguration } = objectOf(WorkGroupConfiguration);
  const { EncryptionOption } = objectOf(objectOf(ResultConfiguration).EncryptionConfiguration);
  if (!/KMS/.test(String(EncryptionOption)))
    yield mustBe('WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration', 'SSE_KMS', EncryptionOption);
  if (EnforceWorkGroupConfiguration === false)
    yield {
      at: 'WorkGroupConfiguration.EnforceWorkGroupConfiguration',
      text: `must be true, got: ${shown(false)}. Otherwise a query may write its results elsewhere`,
    };
}
