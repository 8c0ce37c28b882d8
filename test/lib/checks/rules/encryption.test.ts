import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };
const one = (Type: string, Properties: object) => ({ It: { Type, Properties } });
const bucket = (rule: object) => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: rule }] },
});
const disk = (Ebs: object) => ({ LaunchTemplateData: { BlockDeviceMappings: [{ Ebs }] } });
const workGroup = (option: string) => ({
  WorkGroupConfiguration: { ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: option } } },
});

describe('data at rest', () => {
  test.each([
    ['AWS::S3::Bucket', bucket({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY })],
    ['AWS::SQS::Queue', { KmsMasterKeyId: KEY }],
    ['AWS::SNS::Topic', { KmsMasterKeyId: KEY }],
    ['AWS::Kinesis::Stream', { StreamEncryption: { EncryptionType: 'KMS', KeyId: KEY } }],
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY } }],
    [
      'AWS::DynamoDB::GlobalTable',
      {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [{ SSESpecification: { KMSMasterKeyId: KEY } }],
      },
    ],
    ['AWS::Logs::LogGroup', { KmsKeyId: KEY }],
    ['AWS::Events::EventBus', { KmsKeyIdentifier: KEY }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: KEY }],
    ['AWS::RDS::DBInstance', { StorageEncrypted: true, KmsKeyId: KEY }],
    ['AWS::EC2::Volume', { Encrypted: true, KmsKeyId: KEY }],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      { DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: KEY } },
    ],
    ['AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamType: 'KinesisStreamAsSource' }],
    ['AWS::EC2::LaunchTemplate', disk({ Encrypted: true })],
    ['AWS::Lambda::Function', { Environment: {}, KmsKeyArn: KEY }],
    ['AWS::Lambda::Function', {}],
    ['AWS::Athena::WorkGroup', workGroup('SSE_KMS')],
  ])('of %s is encrypted with our key (%#)', (type, properties) => {
    expect(foundBy('Plantbridge-Encryption', one(type, properties))).toEqual([]);
  });

  test.each([
    ['AWS::S3::Bucket', {}, "ServerSideEncryptionConfiguration must be a key of the site's own, got: nothing"],
    ['AWS::S3::Bucket', bucket({ SSEAlgorithm: 'AES256' }), 'ServerSideEncryptionConfiguration[0] must be'],
    ['AWS::S3::Bucket', bucket({ SSEAlgorithm: 'aws:kms' }), 'ServerSideEncryptionConfiguration[0] must be'],
    ['AWS::SQS::Queue', { SqsManagedSseEnabled: true }, "KmsMasterKeyId must be a key of the site's own, got: nothing"],
    [
      'AWS::SNS::Topic',
      { KmsMasterKeyId: 'alias/aws/sns' },
      'got: "alias/aws/sns". Encrypt with the key of the Foundation stack',
    ],
    [
      'AWS::SNS::Topic',
      { KmsMasterKeyId: { 'Fn::Join': ['', ['arn:aws:kms:r:1:', 'alias/aws/sns']] } },
      'KmsMasterKeyId must be',
    ],
    ['AWS::Kinesis::Stream', {}, 'StreamEncryption.KeyId must be'],
    [
      'AWS::DynamoDB::Table',
      { SSESpecification: { SSEEnabled: false, KMSMasterKeyId: KEY } },
      'SSESpecification must be KMS encryption that is on',
    ],
    [
      'AWS::DynamoDB::GlobalTable',
      { SSESpecification: { SSEEnabled: true, SSEType: 'KMS' }, Replicas: [{}] },
      'Replicas[0].SSESpecification.KMSMasterKeyId',
    ],
    ['AWS::Logs::LogGroup', {}, 'KmsKeyId must be'],
    ['AWS::RDS::DBInstance', { KmsKeyId: KEY }, 'StorageEncrypted must be true, got: nothing'],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      { DeliveryStreamType: 'DirectPut' },
      'DeliveryStreamEncryptionConfigurationInput must be',
    ],
    ['AWS::EC2::LaunchTemplate', disk({}), 'BlockDeviceMappings[0].Ebs.Encrypted must be true'],
    ['AWS::Lambda::Function', { Environment: {} }, 'KmsKeyArn must be'],
    ['AWS::Athena::WorkGroup', workGroup('SSE_S3'), 'must be SSE_KMS, got: "SSE_S3"'],
  ])('of %s that is not is found (%#)', (type, properties, text) => {
    expect(foundBy('Plantbridge-Encryption', one(type, properties))).toEqual([expect.stringContaining(text)]);
  });
});
