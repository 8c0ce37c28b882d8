import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  type IRestApi,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeMesApi } from './acknowledgements.ts';
import { addMesOperations } from './mes-operations.ts';
import { addProblemResponses } from './problem-responses.ts';

/** How long it is known who called the API: as long as access logs are kept. */
const ACCESS_RETENTION = RetentionDays.THIRTEEN_MONTHS;
/** How long API Gateway's own errors are kept. */
const EXECUTION_RETENTION = RetentionDays.THREE_MONTHS;
/** The stage, and the first part of each address on the default endpoint. */
const STAGE = 'v1';

/** What a {@link MesApi} is made of. */
export interface MesApiProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** Answers each request. */
  readonly handler: IFunction;
}

/**
 * The cloud's MES API: the operations of core/mes, each validated by its schema before the function is called; signed by IAM
 * or, with a client certificate, only by way of the site's own host name. Throttled, traced, logged without bodies.
 *
 * API Gateway logs only where the account has a role for it (once an account and Region): a deployment without one fails and
 * says so; `aws.apiGateway.manageAccountSettings` makes it.
 */
export class MesApi extends Construct {
  readonly api: RestApi;
  /** For whoever takes any API. */
  readonly restApi: IRestApi;

  constructor(scope: Construct, id: string, { deployment, key, handler }: MesApiProps) {
    super(scope, id);
    const { mes } = deployment.site;
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      encryptionKey: key,
      retention: ACCESS_RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.api = new RestApi(this, 'Api', {
      // The dimension of its metrics: the APIs of several sites of an account must not be added up.
      restApiName: `${deployment.names.prefix}-mes`,
      description: `MES of the Plantbridge site ${deployment.site.id}`,
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      // Past the host name nobody asks for a certificate.
      disableExecuteApiEndpoint: mes.authentication === 'mutual-tls',
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: mes.requestsPerSecond,
        throttlingBurstLimit: mes.requestsPerSecond,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLogFormat(mes.authentication),
      },
    });
    // CDK's class differs from its interface by an explicit undefined alone.
    this.restApi = this.api as IRestApi;
    // API Gateway would make this group itself, without an end and without the site's key.
    const executionLogs = new LogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${this.api.restApiId}/${STAGE}`,
      encryptionKey: key,
      retention: EXECUTION_RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.api.deploymentStage.node.addDependency(executionLogs);
    addMesOperations(this.api, { handler, authentication: mes.authentication });
    addProblemResponses(this.api);
    acknowledgeMesApi(this.api);
  }
}

/** Who asked for what, when, from where, and what became of it; no body, no header. */
function accessLogFormat(authentication: 'iam' | 'mutual-tls'): AccessLogFormat {
  const who =
    authentication === 'iam'
      ? { caller: AccessLogField.contextIdentityUserArn() }
      : {
          certificateSubject: AccessLogField.contextIdentityClientCertSubjectDN(),
          certificateSerialNumber: AccessLogField.contextIdentityClientCertSerialNumber(),
          certificateValidUntil: AccessLogField.contextIdentityClientCertValidityNotAfter(),
        };
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      time: AccessLogField.contextRequestTime(),
      sourceIp: AccessLogField.contextIdentitySourceIp(),
      ...who,
      method: AccessLogField.contextHttpMethod(),
      resource: AccessLogField.contextResourcePath(),
      path: AccessLogField.contextPath(),
      status: AccessLogField.contextStatus(),
      responseBytes: AccessLogField.contextResponseLength(),
      latencyMs: AccessLogField.contextResponseLatency(),
      error: AccessLogField.contextErrorResponseType(),
      firewall: AccessLogField.contextWafResponseCode(),
      traceId: AccessLogField.contextXrayTraceId(),
    }),
  );
}
