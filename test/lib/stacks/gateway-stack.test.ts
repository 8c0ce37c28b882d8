import { describe, expect, test } from '@jest/globals';
import { SMALL_TEXT, smallSiteWith } from '../../support/site-text.ts';
import { resourcesOf, type SynthesizedResource, synthesizeText, testSite } from '../../support/synth.ts';

/** gw-1 and gw-10: whoever writes `NAME*` lets the one act as the other. */
const NEIGHBOURS = testSite('outpost-gen1')
  .replaceAll('gateway-1', 'gw-1')
  .replaceAll('gateway-2', 'gw-10')
  .replace('serialNumbers: [PB-0003]', 'serialNumbers: []');
const SITE = synthesizeText(NEIGHBOURS, { withChecks: true });
const template = SITE.json('Gateway-gw-1');
const aggregates = synthesizeText(testSite('aggregates')).json('Gateway-gateway-1');
const ACCOUNT = 'eu-central-1:123456789012';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

function only(of: typeof template, type: string, idPart = ''): SynthesizedResource {
  const found = resourcesOf(of, type).filter(([id]) => id.includes(idPart));
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${idPart}`);
  return (found[0] as [string, SynthesizedResource])[1];
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const textsOf = (value: unknown): string[] =>
  listOf(value).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));

function statementsOf({ Properties = {} }: SynthesizedResource): Statement[] {
  return (Properties.PolicyDocument as { Statement: Statement[] }).Statement;
}

/** Statements of the policies of an IAM role or of IoT, by a part of their logical ids. */
function statements(of: typeof template, type: string, idPart: string): Statement[] {
  return resourcesOf(of, type)
    .filter(([id]) => id.includes(idPart))
    .flatMap(([, resource]) => statementsOf(resource));
}

const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);

/** Whether the statements let an action through on a resource; what is denied is denied. */
function allows(all: readonly Statement[], action: string, resource: string): boolean {
  const hit = ({ Action, Resource, NotResource }: Statement) =>
    textsOf(Action).some((each) => fits(each, action)) &&
    (NotResource === undefined
      ? textsOf(Resource).some((each) => fits(each, resource))
      : !textsOf(NotResource).some((each) => fits(each, resource)));
  return (
    all.some((each) => each.Effect === 'Allow' && hit(each)) && !all.some((each) => each.Effect === 'Deny' && hit(each))
  );
}

const iot = (resource: string) => `arn:aws:iot:${ACCOUNT}:${resource}`;
const core = statements(template, 'AWS::IoT::Policy', 'CorePolicies');
const role = statements(template, 'AWS::IAM::Policy', 'TokenExchange');
const provisioning = statements(template, 'AWS::IAM::Policy', 'ProvisioningRole');

describe('the checks', () => {
  test.each(['Gateway-gw-1', 'Gateway-gw-10'])('find nothing in %s', (stackId) => {
    expect(SITE.findings(stackId)).toEqual([]);
  });

  test('find nothing where the account is not known yet', () => {
    const text = testSite('pilot').replace(', account: "123456789012"', '');
    const findings = synthesizeText(text, { withChecks: true }).findings('Gateway-gateway-1');
    expect(findings).toEqual([]);
  });
});

describe('enrolment', () => {
  const provisioningTemplate = only(template, 'AWS::IoT::ProvisioningTemplate').Properties ?? {};
  const joined = provisioningTemplate.TemplateBody as { 'Fn::Join': [string, unknown[]] };
  const body = JSON.parse(
    joined['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref)).join(''),
  );

  test('is by a fleet provisioning template whose name AWS IoT takes', () => {
    expect(provisioningTemplate).toMatchObject({
      TemplateName: 'plantbridge-gen1--gw-1',
      TemplateType: 'FLEET_PROVISIONING',
      Enabled: true,
      PreProvisioningHook: { PayloadVersion: '2020-04-01' },
    });
  });

  test('makes the thing: by the template alone, in its group, of its type, with certificate and both policies', () => {
    expect(resourcesOf(template, 'AWS::IoT::Thing')).toEqual([]);
    expect(body.Parameters).toEqual({
      SerialNumber: { Type: 'String' },
      'AWS::IoT::Certificate::Id': { Type: 'String' },
    });
    expect(body.Resources.thing.Properties).toEqual({
      ThingName: 'plantbridge-gen1--gw-1',
      ThingTypeName: 'plantbridge-gen1--gw-1',
      ThingGroups: ['plantbridge-gen1--gw-1'],
      AttributePayload: { site: 'gen1', gateway: 'gw-1', serialNumber: { Ref: 'SerialNumber' } },
    });
    expect(body.Resources.certificate.Properties).toEqual({
      CertificateId: { Ref: 'AWS::IoT::Certificate::Id' },
      Status: 'ACTIVE',
    });
    const attached = [body.Resources.policy1, body.Resources.policy2].map(({ Properties }) => Properties.PolicyName);
    expect(attached).toEqual(resourcesOf(template, 'AWS::IoT::Policy').map(([id]) => id));
  });

  test('asks the hook, which AWS IoT may call for this template of this account only', () => {
    expect(only(template, 'AWS::Lambda::Permission').Properties).toMatchObject({
      Principal: 'iot.amazonaws.com',
      SourceArn: iot('provisioningtemplate/plantbridge-gen1--gw-1'),
      SourceAccount: '123456789012',
    });
    const [[permission] = []] = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(only(template, 'AWS::IoT::ProvisioningTemplate').DependsOn).toEqual(
      expect.arrayContaining([permission, 'ThingGroup', 'ThingType']),
    );
  });

  test('lets the listed serial numbers in, in five seconds, and nobody where none is listed', () => {
    const hookOf = (of: typeof template) => only(of, 'AWS::Lambda::Function', 'Hook').Properties ?? {};
    expect(hookOf(template)).toMatchObject({
      Timeout: 5,
      Environment: { Variables: { SERIAL_NUMBERS: 'PB-0001,PB-0002' } },
    });
    expect(hookOf(SITE.json('Gateway-gw-10'))).toMatchObject({ Environment: { Variables: { SERIAL_NUMBERS: '' } } });
  });

  test('keeps used serial numbers: encrypted, recoverable, retained, paid by request', () => {
    const table = only(template, 'AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      },
    });
  });

  test('may make this thing and no other', () => {
    expect(allows(provisioning, 'iot:CreateThing', iot('thing/plantbridge-gen1--gw-1'))).toBe(true);
    expect(allows(provisioning, 'iot:AddThingToThingGroup', iot('thinggroup/plantbridge-gen1--gw-1'))).toBe(true);
    expect(allows(provisioning, 'iot:AttachThingPrincipal', iot('cert/abc'))).toBe(true);
    expect(allows(provisioning, 'iot:CreateThing', iot('thing/plantbridge-gen1--gw-10'))).toBe(false);
    expect(allows(provisioning, 'iot:AddThingToThingGroup', iot('thinggroup/plantbridge-gen1--gw-10'))).toBe(false);
    expect(allows(provisioning, 'iot:CreatePolicy', iot('policy/any'))).toBe(false);
    const unbound = provisioning.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => textsOf(Action));
    expect(unbound.toSorted()).toEqual(['iot:ListPrincipalPolicies', 'iot:RegisterThing']);
  });

  test('refuses more serial numbers than the hook can hold', () => {
    const many = Array.from({ length: 60 }, (_, index) => `PB-${String(index).padStart(61, '0')}`).join(', ');
    expect(() =>
      synthesizeText(smallSiteWith(['{ id: gateway-1 }', `{ id: gateway-1, serialNumbers: [${many}] }`])),
    ).toThrow(/gateways\[0\]\.serialNumbers are too many for one gateway, got: 60 serial numbers/);
  });
});

describe("the certificate's policies", () => {
  test('let the nucleus connect as itself and with its further connections', () => {
    expect(allows(core, 'iot:Connect', iot('client/plantbridge-gen1--gw-1'))).toBe(true);
    expect(allows(core, 'iot:Connect', iot('client/plantbridge-gen1--gw-1#2'))).toBe(true);
    expect(allows(core, 'iot:Publish', iot('topic/$aws/things/plantbridge-gen1--gw-1/greengrassv2/health/json'))).toBe(
      true,
    );
    expect(allows(core, 'iot:Subscribe', iot('topicfilter/$aws/things/plantbridge-gen1--gw-1/jobs/notify-next'))).toBe(
      true,
    );
    expect(allows(core, 'iot:Publish', iot('topic/$aws/things/plantbridge-gen1--gw-1-gci/shadow/get'))).toBe(true);
  });

  test.each([
    ['iot:Connect', 'client/plantbridge-gen1--gw-10'],
    ['iot:Connect', 'client/plantbridge-gen1--gw-10#2'],
    ['iot:Publish', 'topic/$aws/things/plantbridge-gen1--gw-10/shadow/update'],
    ['iot:Receive', 'topic/$aws/things/plantbridge-gen1--gw-10/jobs/notify'],
    ['iot:Subscribe', 'topicfilter/$aws/things/plantbridge-gen1--gw-10/shadow/update/delta'],
    ['iot:Subscribe', 'topicfilter/$aws/things/+/shadow/update/delta'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_live_raw/plantbridge-gen1--gw-1'],
    ['iot:AssumeRoleWithCertificate', 'rolealias/plantbridge-gen1--gw-10'],
  ])('refuse gw-1 %s on %s', (action, resource) => expect(allows(core, action, iot(resource))).toBe(false));

  test('name each operation: no greengrass:*, no iot:*', () => {
    const actions = core.flatMap(({ Action }) => textsOf(Action));
    expect(actions).toContain('greengrass:ResolveComponentCandidates');
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('and no thing policy variables, which core devices do not have', () => {
    expect(JSON.stringify(core)).not.toContain('iot:Connection.Thing');
  });

  test('stay within the 2,048 characters of AWS IoT for the longest names', () => {
    const long = 'a'.repeat(48);
    const text = smallSiteWith(['id: small', `id: ${long}`], ['{ id: gateway-1 }', `{ id: ${long} }`]);
    const site = synthesizeText(
      text.replace('timeZone', 'aws: { region: ap-southeast-2, account: "123456789012" }\ntimeZone'),
    );
    const json = site.json(`Gateway-${long}`);
    const policies = resourcesOf(json, 'AWS::IoT::Policy');
    expect(policies).toHaveLength(2);
    for (const [, { Properties }] of policies) {
      // A reference to the role alias is at most its ARN.
      const written = JSON.stringify(Properties?.PolicyDocument).replaceAll(
        /\{"Fn::GetAtt":[^}]*\}/g,
        `"${'a'.repeat(160)}"`,
      );
      expect(written.length).toBeLessThan(2048);
    }
    const name = only(json, 'AWS::IoT::ProvisioningTemplate').Properties?.TemplateName;
    expect(name).toMatch(/^[0-9A-Za-z_-]{1,36}$/);
  });
});

describe('the token exchange role', () => {
  test.each([
    ['iot:Connect', 'client/plantbridge-gen1--gw-1#1'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_live_raw/plantbridge-gen1--gw-1'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_backlog_aggregates/plantbridge-gen1--gw-1'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_state/plantbridge-gen1--gw-1/gen1/bottling/filler/state'],
  ])('may %s on %s', (action, resource) => expect(allows(role, action, iot(resource))).toBe(true));

  test.each([
    ['iot:Connect', 'client/plantbridge-gen1--gw-1'],
    ['iot:Connect', 'client/plantbridge-gen1--gw-10#1'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_live_raw/plantbridge-gen1--gw-10'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_live_raw/plantbridge-gen1--gw-1/more'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_other_live_raw/plantbridge-gen1--gw-1'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_state/plantbridge-gen1--gw-10/gen1/bottling/filler/state'],
    ['iot:Publish', 'topic/$aws/rules/plantbridge_gen1_state/plantbridge-gen1--gw-1/another/bottling/filler/state'],
    ['iot:Publish', 'topic/plantbridge/anything'],
    ['iot:Subscribe', 'topicfilter/plantbridge/#'],
  ])('may not %s on %s', (action, resource) => expect(allows(role, action, iot(resource))).toBe(false));

  test('can not be widened by a later grant: other topics are denied', () => {
    const later: Statement = { Effect: 'Allow', Action: 'iot:Publish', Resource: '*' };
    expect(allows([...role, later], 'iot:Publish', iot('topic/plantbridge/anything'))).toBe(false);
  });

  test('is for programs with the certificate of this account, for an hour', () => {
    expect(only(template, 'AWS::IAM::Role', 'TokenExchange').Properties).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'credentials.iot.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
          },
        ],
      },
      MaxSessionDuration: 3600,
    });
    expect(only(template, 'AWS::IoT::RoleAlias').Properties).toMatchObject({
      RoleAlias: 'plantbridge-gen1--gw-1',
      CredentialDurationSeconds: 3600,
    });
  });

  test("reads its own sources' secrets, and not those of a longer name", () => {
    const secret = (name: string) => `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}`;
    expect(allows(role, 'secretsmanager:GetSecretValue', secret('plant/filler-plc-Ab12Cd'))).toBe(true);
    expect(allows(role, 'secretsmanager:GetSecretValue', secret('plant/filler-plc-2-Ab12Cd'))).toBe(false);
    const neighbour = statements(SITE.json('Gateway-gw-10'), 'AWS::IAM::Policy', 'TokenExchange');
    expect(allows(neighbour, 'secretsmanager:GetSecretValue', secret('plant/filler-plc-Ab12Cd'))).toBe(false);
  });

  test('writes its own log streams, and not those of gw-10', () => {
    const stream = (group: string, thing: string) =>
      `arn:aws:logs:${ACCOUNT}:log-group:/aws/greengrass/${group}:log-stream:/2026/11/24/thing/${thing}`;
    const system = 'GreengrassSystemComponent/eu-central-1/System';
    const connector = 'UserComponent/eu-central-1/plantbridge.gen1.gw-1.connector';
    for (const group of [system, connector]) {
      expect(allows(role, 'logs:PutLogEvents', stream(group, 'plantbridge-gen1--gw-1'))).toBe(true);
      expect(allows(role, 'logs:PutLogEvents', stream(group, 'plantbridge-gen1--gw-10'))).toBe(false);
    }
  });

  test('has no action with a wildcard and no unbound resource', () => {
    expect(role.flatMap(({ Action }) => textsOf(Action)).filter((action) => action.includes('*'))).toEqual([]);
    expect(role.filter(({ Resource }) => Resource === '*')).toEqual([]);
  });
});

describe('where raw values stay in the factory', () => {
  const closed = statements(aggregates, 'AWS::IAM::Policy', 'TokenExchange');
  const topic = (rule: string) =>
    iot(`topic/$aws/rules/plantbridge_aggregates_${rule}/plantbridge-aggregates--gateway-1`);

  test('the role publishes aggregates and nothing else', () => {
    expect(allows(closed, 'iot:Publish', topic('live_aggregates'))).toBe(true);
    expect(allows(closed, 'iot:Publish', topic('backlog_aggregates'))).toBe(true);
    expect(allows(closed, 'iot:Publish', topic('live_raw'))).toBe(false);
    expect(allows(closed, 'iot:Publish', topic('backlog_raw'))).toBe(false);
    expect(allows(closed, 'iot:Publish', `${topic('state')}/bottling/filler`)).toBe(false);
    expect(JSON.stringify(aggregates)).not.toMatch(/_raw|_state/);
  });

  test('logs of our programs, which could hold values, are not taken', () => {
    expect(resourcesOf(aggregates, 'AWS::Logs::LogGroup').filter(([id]) => id.startsWith('Logs'))).toEqual([]);
    expect(JSON.stringify(closed)).not.toContain('/UserComponent/');
  });
});

describe('logs and watching', () => {
  test('logs of our components are encrypted and end; the hub has one where it runs, or ran before the Outpost', () => {
    const groupsOf = (of: typeof template) =>
      resourcesOf(of, 'AWS::Logs::LogGroup')
        .filter(([id]) => id.startsWith('Logs'))
        .map(([, { Properties }]) => Properties ?? {});
    const groups = groupsOf(template);
    expect(groups.map(({ LogGroupName }) => LogGroupName)).toEqual([
      '/aws/greengrass/UserComponent/eu-central-1/plantbridge.gen1.gw-1.connector',
      '/aws/greengrass/UserComponent/eu-central-1/plantbridge.gen1.gw-1.hub',
    ]);
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 90, KmsKeyId: expect.anything() });
    const small = groupsOf(synthesizeText(SMALL_TEXT).json('Gateway-gateway-1'));
    expect(small.map((group) => JSON.stringify(group.LogGroupName)).join()).toContain(
      'plantbridge.small.gateway-1.hub',
    );
  });

  test('Device Defender watches the group and tells the alarm topic', () => {
    const profile = only(template, 'AWS::IoT::SecurityProfile').Properties ?? {};
    expect(profile.TargetArns).toEqual([{ 'Fn::GetAtt': ['ThingGroup', 'Arn'] }]);
    expect((profile.Behaviors as { Metric: string }[]).map(({ Metric }) => Metric)).toEqual([
      'aws:num-messages-sent',
      'aws:num-authorization-failures',
      'aws:num-connection-attempts',
      'aws:num-disconnects',
    ]);
    expect(Object.keys(profile.AlertTargets as object)).toEqual(['SNS']);
  });

  test('the gateway and the hook are handed over to be watched', () => {
    const [gateway] = SITE.stage.gateways;
    expect(gateway?.watched.gateways).toEqual([{ gatewayId: 'gw-1', thingName: 'plantbridge-gen1--gw-1' }]);
    expect(gateway?.watched.functions).toHaveLength(1);
  });
});
