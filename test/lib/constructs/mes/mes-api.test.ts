import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { draft4Schema } from '../../../../core/mes/json-schema.ts';
import { MES_OPERATIONS } from '../../../../core/mes/operations.ts';
import { resourcesOf, type SynthesizedTemplate, synthesizeText, testSite } from '../../../support/synth.ts';

const signed = synthesizeText(testSite('outpost-gen1').replace('mes: { ', 'mes: { requestsPerSecond: 20, '));
const certified = synthesizeText(testSite('outpost-gen2'));
const json = signed.json('Mes');
const template = signed.template('Mes');
const withCertificates = certified.template('Mes');

const all = (from: SynthesizedTemplate, type: string) =>
  resourcesOf(from, type).map(([, { Properties }]) => Properties!);

/** `PUT /orders/{orderId}` of each method that was deployed. */
function addressOf(from: SynthesizedTemplate, method: Readonly<Record<string, unknown>>): string {
  const path = (reference: unknown): string => {
    const { Ref: id } = reference as { Ref?: string };
    const resource = id === undefined ? undefined : from.Resources[id];
    if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
    return `${path(resource.Properties!.ParentId)}/${String(resource.Properties!.PathPart)}`;
  };
  return `${String(method.HttpMethod)} ${path(method.ResourceId)}`;
}

describe('the MES API', () => {
  test('has each operation of the contract, and no other', () => {
    expect(
      all(json, 'AWS::ApiGateway::Method')
        .map((method) => addressOf(json, method))
        .toSorted(),
    ).toEqual(MES_OPERATIONS.map(({ method, resource }) => `${method} ${resource}`).toSorted());
  });

  test.each(MES_OPERATIONS.map((operation) => [operation.name, operation] as const))(
    'validates %s by the schema of the contract before the function is called',
    (_, { method, resource, body }) => {
      const found = all(json, 'AWS::ApiGateway::Method').find(
        (each) => addressOf(json, each) === `${method} ${resource}`,
      )!;
      expect(found.RequestValidatorId).toBeDefined();
      if (body === undefined) {
        expect(found.RequestModels).toBeUndefined();
        return;
      }
      const { 'application/json': model } = found.RequestModels as Record<string, { Ref: string }>;
      const { $schema, ...schema } = json.Resources[model!.Ref]!.Properties!.Schema as Record<string, unknown>;
      expect($schema).toBe('http://json-schema.org/draft-04/schema#');
      expect(schema).toEqual(JSON.parse(JSON.stringify(draft4Schema(body))));
      expect(found.RequestParameters).toEqual({ 'method.request.header.Idempotency-Key': true });
    },
  );

  test('validates bodies and headers', () => {
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
  });

  test('is regional, throttled, traced, and logs errors but no payload', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'plantbridge-gen1-mes',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 20,
          ThrottlingBurstLimit: 20,
          LoggingLevel: 'ERROR',
          DataTraceEnabled: false,
        }),
      ],
    });
  });

  test('logs who asked for what, without headers and bodies', () => {
    const [stage] = all(json, 'AWS::ApiGateway::Stage');
    const { Format } = stage!.AccessLogSetting as { Format: string };
    expect(Object.keys(JSON.parse(Format))).toEqual(
      expect.arrayContaining(['requestId', 'time', 'sourceIp', 'caller', 'method', 'path', 'status']),
    );
    expect(Format).not.toMatch(/authorization|body|apiKey/i);
    const [other] = all(certified.json('Mes'), 'AWS::ApiGateway::Stage');
    expect((other!.AccessLogSetting as { Format: string }).Format).toContain('$context.identity.clientCert.subjectDN');
  });

  test('writes each of its logs to an encrypted group that ends, its own errors too', () => {
    const groups = all(json, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(4);
    for (const group of groups) {
      expect(group.KmsKeyId).toBeDefined();
      expect(group.RetentionInDays).toBeGreaterThanOrEqual(90);
    }
    const [[apiId] = []] = resourcesOf(json, 'AWS::ApiGateway::RestApi');
    const [[logId] = []] = Object.entries(json.Resources).filter(([, { Properties }]) =>
      JSON.stringify(Properties?.LogGroupName ?? '').includes('API-Gateway-Execution-Logs_'),
    );
    expect(json.Resources[logId!]!.Properties!.LogGroupName).toEqual({
      'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: apiId }, '/v1']],
    });
    // Before API Gateway makes the group itself.
    template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([logId]) });
  });

  test('answers by itself with problem documents only', () => {
    const responses = all(json, 'AWS::ApiGateway::GatewayResponse');
    expect(responses.length).toBeGreaterThan(10);
    for (const { ResponseParameters, ResponseTemplates, StatusCode } of responses) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const { 'application/json': text } = ResponseTemplates as Record<string, string>;
      const body = JSON.parse(text!.replace('$context.error.messageString', '"some words"'));
      expect(body).toMatchObject({ type: 'about:blank', title: expect.any(String), detail: expect.any(String) });
      if (body.status !== undefined) expect(String(body.status)).toBe(StatusCode);
    }
  });

  test('names what is wrong with a body', () => {
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'BAD_REQUEST_BODY',
      StatusCode: '400',
      ResponseTemplates: { 'application/json': Match.stringLikeRegexp('context.error.validationErrorString') },
    });
  });
});

describe('with IAM, the MES API', () => {
  test('takes signed requests alone', () => {
    for (const { AuthorizationType } of all(json, 'AWS::ApiGateway::Method')) expect(AuthorizationType).toBe('AWS_IAM');
  });

  test('has a policy for the MES that allows its operations and nothing else', () => {
    const policy = all(json, 'AWS::IAM::ManagedPolicy').find(({ Description }) => String(Description).includes('MES'))!;
    const { Statement } = policy.PolicyDocument as { Statement: { Action: string; Resource: unknown[] }[] };
    expect(Statement).toHaveLength(1);
    expect(Statement[0]!.Action).toBe('execute-api:Invoke');
    const ends = Statement[0]!.Resource.map((arn) => JSON.stringify(arn).match(/\/((?:PUT|POST|GET)\/[^"]+)"/)?.[1]);
    expect(ends.toSorted()).toEqual([
      'GET/requests/*',
      'POST/downtime-reasons',
      'POST/orders/*/actions',
      'POST/quality-results',
      'PUT/maintenance-windows/*',
      'PUT/orders/*',
    ]);
    expect(Object.keys(json.Outputs ?? {})).toEqual(expect.arrayContaining(['MesApiUrl', 'MesClient']));
  });
});

describe('with mutual TLS, the MES API', () => {
  test('is reached by its own host name alone, which asks for a certificate', () => {
    withCertificates.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    withCertificates.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'mes.plant.example',
      MutualTlsAuthentication: { TruststoreUri: 's3://plant-truststore/mes.pem' },
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
    });
    withCertificates.resourceCountIs('AWS::ApiGateway::BasePathMapping', 1);
  });

  test('says what its DNS record must point to, and not the address that is off', () => {
    const outputs = certified.json('Mes').Outputs ?? {};
    expect(outputs).toMatchObject({ MesApiUrl: { Value: 'https://mes.plant.example' } });
    expect(Object.keys(outputs)).toContain('MesDomainTarget');
    expect(JSON.stringify(outputs)).not.toContain('execute-api');
  });
});

describe("the API's firewall", () => {
  test("asks AWS's managed rules, and counts the requests of each address", () => {
    const [acl] = all(json, 'AWS::WAFv2::WebACL');
    const rules = acl!.Rules as { Name: string; Priority: number; Statement: Record<string, object> }[];
    expect(rules.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
      'RequestsOfOneAddress',
    ]);
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(rules.length);
    // 20 requests a second for five minutes.
    expect(rules[3]!.Statement.RateBasedStatement).toEqual({
      AggregateKeyType: 'IP',
      EvaluationWindowSec: 300,
      Limit: 6000,
    });
  });

  test('stands before the stage, and is told of its ARN', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/restapis/')])] },
    });
  });

  test('logs what it refuses without signatures, to a group by a name that WAF takes and each stack has anew', () => {
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: Match.arrayWith([{ SingleHeader: { Name: 'authorization' } }]),
    });
    const [group] = all(json, 'AWS::Logs::LogGroup').filter(({ LogGroupName }) =>
      JSON.stringify(LogGroupName ?? '').includes('aws-waf-logs-'),
    );
    const [first, stackId] = (group!.LogGroupName as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
    expect(first).toBe('aws-waf-logs-plantbridge-gen1-mes-');
    expect(JSON.stringify(stackId)).toContain('AWS::StackId');
  });
});
