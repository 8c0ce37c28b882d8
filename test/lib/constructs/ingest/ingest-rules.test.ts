import { describe, expect, test } from '@jest/globals';
import { RULE_KINDS } from '../../../../lib/names.ts';
import { resourcesOf, synthesizeText, testSite } from '../../../support/synth.ts';

const site = synthesizeText(testSite('outpost-gen1'));
const template = site.json('Ingest');

interface Action {
  readonly Kinesis?: { readonly PartitionKey: string };
  readonly S3?: { readonly Key: string };
  readonly Firehose?: { readonly Separator: string };
  readonly IotSiteWise?: {
    readonly PutAssetPropertyValueEntries: readonly {
      readonly PropertyAlias: string;
      readonly PropertyValues: unknown;
    }[];
  };
}

interface Payload {
  readonly AwsIotSqlVersion: string;
  readonly Sql: string;
  readonly Actions: readonly Action[];
  readonly ErrorAction?: Action;
}

const rules = new Map(
  resourcesOf(template, 'AWS::IoT::TopicRule').map(([id, { Properties }]) => [
    String(Properties?.RuleName).replace('plantbridge_gen1_', '').replaceAll('_', '-'),
    { id, name: String(Properties?.RuleName), payload: Properties?.TopicRulePayload as Payload },
  ]),
);

function ruleOf(kind: string) {
  const rule = rules.get(kind);
  if (rule === undefined) throw new Error(`no rule ${kind}`);
  return rule;
}

function actionsOf(kind: string): string[] {
  return ruleOf(kind).payload.Actions.flatMap((action) => Object.keys(action));
}

/** A role's statements: action -> resources as text. */
function rightsOf(kind: string): Map<string, string> {
  const rule = ruleOf(kind);
  const [policyId] = [template.Resources[rule.id]?.DependsOn].flat();
  const policy = template.Resources[String(policyId)]?.Properties?.PolicyDocument;
  const { Statement } = policy as { Statement: { Action: string | string[]; Resource: unknown }[] };
  return new Map(
    Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => [action, JSON.stringify(Resource)] as const),
    ),
  );
}

describe('the rules of a site', () => {
  test('are one for each way, with names that IoT Core takes and gateways know', () => {
    expect([...rules.keys()].toSorted()).toEqual([...RULE_KINDS].toSorted());
    for (const { name } of rules.values()) expect(name).toMatch(/^[a-zA-Z0-9_]+$/);
    expect(site.stage.ingest.rules.map(({ ruleName }) => ruleName)).toEqual(
      [...rules.values()].map(({ name }) => name),
    );
  });

  test.each([...RULE_KINDS])('%s: ten actions at most, an error action to the dead letters, SQL of 2016', (kind) => {
    const { payload } = ruleOf(kind);
    expect(payload.AwsIotSqlVersion).toBe('2016-03-23');
    expect(payload.Actions.length).toBeGreaterThan(0);
    expect(payload.Actions.length).toBeLessThanOrEqual(10);
    expect(Object.keys(payload.ErrorAction ?? {})).toEqual(['S3']);
    expect(payload.ErrorAction?.S3?.Key).toBe(`rule-errors/${kind}/\${timestamp()}-\${newuuid()}.json`);
    expect(JSON.stringify(payload.ErrorAction)).toContain('LakeDeadLetters');
  });

  test.each([...RULE_KINDS])('%s is reached by Basic Ingest alone: no topic leads to it', (kind) =>
    expect(ruleOf(kind).payload.Sql).not.toMatch(/\bFROM\b/i),
  );

  test.each(['live-raw', 'live-aggregates'])('%s goes to the stream as it came, by gateway', (kind) => {
    expect(actionsOf(kind)).toEqual(['Kinesis']);
    expect(ruleOf(kind).payload.Sql).toBe('SELECT *');
    expect(ruleOf(kind).payload.Actions[0]?.Kinesis?.PartitionKey).toBe(`\${topic(1)}`);
  });

  test.each(['backlog-raw', 'backlog-aggregates'])('%s becomes an object by gateway, day and a unique name', (kind) => {
    expect(actionsOf(kind)).toEqual(['S3']);
    expect(ruleOf(kind).payload.Actions[0]?.S3?.Key).toBe(
      `batches/\${topic(1)}/\${parse_time("yyyy-MM-dd", timestamp())}/\${timestamp()}-\${newuuid()}.json`,
    );
  });
});

describe('the rule for states', () => {
  const entry = ruleOf('state').payload.Actions[0]?.IotSiteWise?.PutAssetPropertyValueEntries[0];

  test('goes to SiteWise and to the lake', () => expect(actionsOf('state')).toEqual(['IotSiteWise', 'Firehose']));

  test('gives SiteWise nothing but strings, the time of the payload and its quality', () => {
    expect(entry).toEqual({
      PropertyAlias: `/\${topic(2)}/\${topic(3)}/\${topic(4)}/\${topic(5)}`,
      PropertyValues: [
        {
          Timestamp: { TimeInSeconds: `\${floor(t / 1E3)}`, OffsetInNanos: `\${(t % 1E3) * 1E6}` },
          Quality: `\${q}`,
          Value: { StringValue: `\${v}` },
        },
      ],
    });
  });

  test('never gives SiteWise the time of arrival', () => expect(JSON.stringify(entry)).not.toContain('timestamp()'));

  test("makes the lake's row by itself: only its arrival is the time of arrival", () => {
    const { Sql } = ruleOf('state').payload;
    expect(Sql).toBe(
      'SELECT *, ' +
        "concat(topic(2), '/', topic(3), '/', topic(4), '/', topic(5)) AS path, " +
        't AS ts, parse_time("yyyy-MM-dd", t) AS dt, q AS quality, v AS value_string, timestamp() AS ingested_at',
    );
    expect(ruleOf('state').payload.Actions[1]?.Firehose?.Separator).toBe('\n');
  });
});

describe('the role of a rule', () => {
  test.each([...RULE_KINDS])('%s is for this rule of this account alone', (kind) => {
    const { id, name } = ruleOf(kind);
    const roleId = JSON.stringify(template.Resources[id]).match(/"Fn::GetAtt":\["(Rules[^"]*Role[^"]*)","Arn"\]/)?.[1];
    const trust = template.Resources[String(roleId)]?.Properties?.AssumeRolePolicyDocument;
    expect(trust).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'iot.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012' },
            ArnEquals: { 'aws:SourceArn': `arn:aws:iot:eu-central-1:123456789012:rule/${name}` },
          },
        },
      ],
    });
  });

  test.each([
    ['live-raw', ['kinesis:PutRecord', 'kms:GenerateDataKey', 's3:PutObject']],
    ['live-aggregates', ['kinesis:PutRecord', 'kms:GenerateDataKey', 's3:PutObject']],
    ['backlog-raw', ['kms:GenerateDataKey', 's3:PutObject']],
    ['backlog-aggregates', ['kms:GenerateDataKey', 's3:PutObject']],
    ['state', ['firehose:PutRecord', 'iotsitewise:BatchPutAssetPropertyValue', 'kms:GenerateDataKey', 's3:PutObject']],
  ])('%s may do what its actions need, the key of stream and buckets with it, and no more', (kind, actions) => {
    expect([...rightsOf(kind).keys()].toSorted()).toEqual(actions);
  });

  test.each([...RULE_KINDS])('%s may write only under its own prefixes', (kind) => {
    const objects = rightsOf(kind).get('s3:PutObject') ?? '';
    expect(objects).toContain(`/rule-errors/${kind}/*`);
    expect(objects.includes('/batches/*')).toBe(kind.startsWith('backlog'));
    expect(objects.match(/\/\*"/g)).toHaveLength(kind.startsWith('backlog') ? 2 : 1);
  });

  test.each([...RULE_KINDS])('%s is there before the rule: its first message would else be refused', (kind) =>
    expect(JSON.stringify(template.Resources[ruleOf(kind).id]?.DependsOn)).toContain('DefaultPolicy'),
  );
});
