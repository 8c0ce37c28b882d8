import {
  AuthorizationType,
  type JsonSchema,
  JsonSchemaVersion,
  LambdaIntegration,
  type Model,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { draft4Schema } from '../../../core/mes/json-schema.ts';
import { MES_OPERATIONS, type MesOperation } from '../../../core/mes/operations.ts';
import { IDEMPOTENCY_HEADER } from '../../../core/mes/requests.ts';
import { acknowledgeClientCertificates } from './acknowledgements.ts';

/** How the operations are answered. */
export interface MesOperationsProps {
  readonly handler: IFunction;
  readonly authentication: 'iam' | 'mutual-tls';
}

/**
 * Adds every operation of core/mes to an API: its address, the model of its body and the headers that it needs. A request
 * that these refuse never reaches the function, which checks the rest again: API Gateway validates JSON alone.
 */
export function addMesOperations(api: RestApi, { handler, authentication }: MesOperationsProps): void {
  const integration = new LambdaIntegration(handler, { proxy: true, allowTestInvoke: false });
  const validator = api.addRequestValidator('Validator', {
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  for (const operation of MES_OPERATIONS) {
    const model = modelOf(api, operation);
    const method = api.root.resourceForPath(operation.resource).addMethod(operation.method, integration, {
      operationName: operation.name,
      authorizationType: authentication === 'iam' ? AuthorizationType.IAM : AuthorizationType.NONE,
      requestValidator: validator,
      ...(model !== undefined && {
        requestModels: { 'application/json': model },
        requestParameters: { [`method.request.header.${IDEMPOTENCY_HEADER}`]: true },
      }),
    });
    if (authentication === 'mutual-tls') acknowledgeClientCertificates(method);
  }
}

function modelOf(api: RestApi, { name, body, summary }: MesOperation): Model | undefined {
  if (body === undefined) return undefined;
  return api.addModel(`Model-${name}`, {
    contentType: 'application/json',
    description: summary,
    // The same JSON by another type: CDK writes the keywords of JSON Schema as an enum.
    schema: { schema: JsonSchemaVersion.DRAFT4, ...(draft4Schema(body) as JsonSchema) },
  });
}
