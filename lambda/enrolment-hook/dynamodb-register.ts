import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SERIAL_NUMBER_KEY } from './contract.ts';
import type { SerialNumberRegister, SerialNumberUse } from './enrolment.ts';

/** The register in DynamoDB: one conditional write, so that of two devices with one number only one can pass. */
export class DynamoDbRegister implements SerialNumberRegister {
  readonly #client: Pick<DynamoDBClient, 'send'>;
  readonly #tableName: string;

  constructor(client: Pick<DynamoDBClient, 'send'>, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async claim(use: SerialNumberUse, retrySinceSeconds: number): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: { [SERIAL_NUMBER_KEY]: { S: use.serialNumber } },
          // The time of the first use stays, so that repetitions do not lengthen the five minutes.
          UpdateExpression:
            'SET claimCertificateId = :claim, certificateId = :certificate, usedAtSeconds = if_not_exists(usedAtSeconds, :now)',
          ConditionExpression:
            'attribute_not_exists(serialNumber) OR (claimCertificateId = :claim AND usedAtSeconds >= :retrySince)',
          ExpressionAttributeValues: {
            ':claim': { S: use.claimCertificateId },
            ':certificate': { S: use.certificateId },
            ':now': { N: String(use.atSeconds) },
            ':retrySince': { N: String(retrySinceSeconds) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
