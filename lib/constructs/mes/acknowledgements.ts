import { Validations } from 'aws-cdk-lib';
import type { Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ApiDestination } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { acknowledgeResources } from '../acknowledge.ts';

/** Findings of cdk-nag that the table of the MES accepts, and why. */
export function acknowledgeMesRecords(table: Table): void {
  Validations.of(table).acknowledge({
    id: 'NIST.800.53.R5-DynamoDBInBackupPlan',
    reason:
      'Point-in-time recovery restores the table to any second of the last 35 days; what the hub confirmed stands in its own database, so older backups hold nothing else.',
  });
}

/** Findings of cdk-nag that the MES API accepts, and why. */
export function acknowledgeMesApi(api: RestApi): void {
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-COG4',
    reason:
      'Its clients are programs, which prove themselves by IAM signatures or certificates; Cognito is for people.',
  });
  Validations.of(api.deploymentStage).acknowledge(
    {
      id: 'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted',
      reason:
        'Nothing is to be cached: all but one operation change something, and that one asks for the newest state.',
    },
    {
      id: 'NIST.800.53.R5-APIGWSSLEnabled',
      reason:
        'A client certificate proves API Gateway to an HTTP backend; behind this API is a function, called by IAM.',
    },
  );
}

/** Findings of cdk-nag that an operation accepts whose clients show a certificate, and why. */
export function acknowledgeClientCertificates(method: Method): void {
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      "The site's host name asks each client for a certificate of the authorities in the trust store (mutual TLS), and the default endpoint, which does not, is off.",
  });
}

/** Findings of cdk-nag that a dead-letter queue of a rule accepts, and why. */
export function acknowledgeDeadLetters(queue: Queue): void {
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of a rule, which is no queue and so no redrive policy that names it.',
  });
}

/** Findings of cdk-nag that the role which calls the ERP accepts, and why. */
export function acknowledgeErpEndpoint(destination: ApiDestination): void {
  Validations.of(destination).acknowledge({
    id: 'NIST.800.53.R5-IAMNoInlinePolicy',
    reason:
      'The policy belongs to the role of this one rule, is made and removed with it, and nobody else may attach it.',
  });
}

/** Findings of cdk-nag that the policy for MES clients accepts, and why. */
export function acknowledgeClientPolicy(policy: ManagedPolicy, resources: readonly string[]): void {
  acknowledgeResources(
    policy,
    resources.filter((each) => each.includes('*')),
    'The star stands for the id of an order, window or request in the address, which the MES gives or gets.',
  );
}
