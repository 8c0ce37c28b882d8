import { SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  CfnConnection,
  Connection,
  HttpMethod,
  type IApiDestination,
  type IRuleTarget,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { acknowledgeErpEndpoint } from './acknowledgements.ts';
import { DELIVERY_RETRIES, type ErpDeliveryProps, type ErpTargetProps } from './erp-delivery.ts';

/** Calls of the ERP a second: what comes faster waits. */
const CALLS_PER_SECOND = 10;
const SECRET_PREFIX = 'secretsmanager:';

/**
 * An HTTPS address of the ERP that EventBridge posts each event to. The value of the Authorization header is a secret of
 * Secrets Manager: the template has its name alone, CloudFormation reads it when it deploys the connection, and EventBridge
 * keeps it in a secret of its own, encrypted with the site's key. So a changed secret counts only once the connection is
 * deployed anew.
 */
export function erpEndpoint(
  scope: Construct,
  { deployment, key, failed }: ErpTargetProps,
  erp: Extract<ErpDeliveryProps['erp'], { target: 'https' }>,
): IRuleTarget {
  const { authorizationFrom } = erp;
  if (!authorizationFrom.startsWith(SECRET_PREFIX)) {
    deployment.refuse(['mes', 'erp', 'authorizationFrom'], {
      message: 'must be a secret of AWS Secrets Manager, since EventBridge calls the ERP from the cloud',
    });
  }
  const connection = new Connection(scope, 'Connection', {
    description: `The ERP of ${deployment.site.id}`,
    authorization: Authorization.apiKey(
      'Authorization',
      SecretValue.secretsManager(authorizationFrom.slice(SECRET_PREFIX.length)),
    ),
  });
  const resource = connection.node.children.find((child) => CfnConnection.isCfnConnection(child));
  if (resource === undefined) throw new Error('The connection to the ERP has no resource.');
  resource.kmsKeyIdentifier = key.keyArn;
  const destination = new ApiDestination(scope, 'Endpoint', {
    description: `Takes the events of ${deployment.site.id}`,
    connection,
    endpoint: erp.url,
    httpMethod: HttpMethod.POST,
    rateLimitPerSecond: CALLS_PER_SECOND,
  });
  acknowledgeErpEndpoint(destination);
  // CDK's class differs from its interface by an explicit undefined alone.
  return new ApiDestinationTarget(destination as IApiDestination, { deadLetterQueue: failed, ...DELIVERY_RETRIES });
}
