import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * What may pass the endpoints, on top of what a caller's own rights allow: only what gateways do, and only in this account.
 * Whoever brings credentials of a foreign account into the plant can not carry data out by them.
 */
function ownAccount(scope: IConstruct): { StringEquals: Record<string, string> } {
  return { StringEquals: { 'aws:PrincipalAccount': Stack.of(scope).account } };
}

function document(...statements: PolicyStatement[]): PolicyDocument {
  return new PolicyDocument({ statements });
}

/** Reading artifacts: our own by a gateway's role, those of AWS's components by URLs that AWS has signed. Nothing is written. */
export function s3Policy(): PolicyDocument {
  return document(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject', 's3:GetBucketLocation'],
      // Buckets of AWS's components have no published names; reading carries nothing out of the plant.
      resources: ['*'],
    }),
  );
}

/** Logs of Greengrass. */
export function logsPolicy(scope: IConstruct): PolicyDocument {
  const group = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/greengrass/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return document(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      resources: [group],
      conditions: ownAccount(scope),
    }),
  );
}

/** Secrets of this account. */
export function secretsPolicy(scope: IConstruct): PolicyDocument {
  const secrets = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return document(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secrets],
      conditions: ownAccount(scope),
    }),
  );
}

/** Values that SiteWise Edge publishes. */
export function siteWisePolicy(scope: IConstruct): PolicyDocument {
  return document(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['iotsitewise:BatchPutAssetPropertyValue'],
      // By alias: SiteWise then checks the right on time series, which have no names to narrow to.
      resources: ['*'],
      conditions: ownAccount(scope),
    }),
  );
}
