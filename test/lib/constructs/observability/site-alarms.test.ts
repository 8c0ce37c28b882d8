import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ALARM_KIND_IDS, ALARM_KINDS, RUNBOOK } from '../../../../lib/constructs/observability/alarm-catalogue.ts';
import { SMALL_TEXT, smallSiteWith } from '../../../support/site-text.ts';
import { ROOT } from '../../../support/source-tree.ts';
import { resourcesOf, type SynthesizedTemplate, testSite } from '../../../support/synth.ts';
import { functionIn, ONE_OF_EACH, type ThingsToWatch, watchedStage } from './watched-stage.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly TreatMissingData: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly MetricName?: string;
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: unknown }[];
}

const alarmsIn = (template: SynthesizedTemplate): AlarmProperties[] =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as unknown as AlarmProperties);
const namesIn = (template: SynthesizedTemplate) => alarmsIn(template).map(({ AlarmName }) => AlarmName);
const NOTHING: ThingsToWatch = () => ({});
const PRODUCTION = [
  'id: small',
  'id: small\nphase: production\nhub: { historianFrom: "file:/x" }\naws: { account: "123456789012" }',
] as const;

const everything = watchedStage(testSite('outpost-gen1'), ONE_OF_EACH);
const aggregates = watchedStage(testSite('aggregates'), ONE_OF_EACH);
const small = watchedStage(smallSiteWith([...PRODUCTION]), NOTHING);
const ALL = [everything, aggregates, small].flatMap(({ template }) => alarmsIn(template));

describe('every alarm', () => {
  test('tells the alarm topic when it begins and when it is over', () => {
    const topics = new Set(
      ALL.flatMap(({ AlarmActions, OKActions }) => [...AlarmActions, ...OKActions].map((each) => JSON.stringify(each))),
    );
    for (const { AlarmActions, OKActions } of ALL) {
      expect(AlarmActions).toHaveLength(1);
      expect(OKActions).toEqual(AlarmActions);
    }
    for (const topic of topics) expect(topic).toMatch(/-Foundation.*Alarms/);
  });

  test('says in a sentence what is wrong, within what CloudWatch takes, and links to its heading of the runbook', () => {
    for (const { AlarmDescription } of ALL) {
      expect(AlarmDescription).toMatch(/^Plantbridge \S+.*: [A-Z][^#]+\. What to do: \S+#[a-z-]+$/);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('has a name of its own that begins with the site', () => {
    for (const { template } of [everything, aggregates, small])
      expect(new Set(namesIn(template)).size).toBe(namesIn(template).length);
    expect(namesIn(everything.template).every((name) => name.startsWith('plantbridge-gen1-'))).toBe(true);
  });

  test('says what it means that there is no data', () => {
    for (const { TreatMissingData } of ALL) expect(['breaching', 'notBreaching', 'ignore']).toContain(TreatMissingData);
    // What is always written must not be missing: nobody would know.
    const breaching = ALARM_KIND_IDS.filter((kind) => ALARM_KINDS[kind].missing === 'breaching');
    expect(breaching).toEqual(['data-stale', 'outpost-disconnected']);
  });

  test('is on one series: CloudWatch takes no other, of at most ten metrics, and no search', () => {
    for (const { Metrics = [] } of ALL) {
      expect(Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length).toBeLessThanOrEqual(10);
      expect(Metrics.map(({ Expression = '' }) => Expression).join()).not.toMatch(/SEARCH|GROUP BY/);
    }
  });
});

describe('the runbook', () => {
  const text = readFileSync(join(ROOT, RUNBOOK), 'utf8');
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );

  test('has a heading for each kind of alarm, in the order of the catalogue, and no other', () => {
    expect(headings).toEqual(ALARM_KIND_IDS);
  });

  test('explains all alarms that a site with everything has, and each kind is made by something', () => {
    const linked = alarmsIn(everything.template).map(({ AlarmDescription }) => AlarmDescription.split('#')[1]);
    expect(new Set(linked)).toEqual(new Set(headings));
  });

  test('says for each what it means, how to look into it and what to do', () => {
    for (const section of text.split(/^## /m).slice(1)) {
      expect(section).toMatch(/\*\*Description\.\*\* [\s\S]*\*\*Investigation\.\*\*[\s\S]*\*\*Resolution\.\*\* /);
    }
  });
});

describe('the alarms of a site', () => {
  test('are only on what it has: with nothing to watch, on its data and on the watch itself', () => {
    expect(namesIn(small.template).map((name) => name.replace('plantbridge-small-', ''))).toEqual([
      'data-stale',
      'oee-data-gap',
      'oee-performance-high',
      'unmodeled-streams',
      'function-errors',
      'function-throttles',
      'dead-letter-queue',
    ]);
  });

  test('name the gateway that is silent; one whose machines write no ticks has no such alarm', () => {
    const silent = (text: string) =>
      namesIn(watchedStage(text, ONE_OF_EACH).template).filter((name) => name.includes('gateway-silent'));
    expect(silent(testSite('outpost-gen1'))).toEqual([
      'plantbridge-gen1-gateway-silent-gateway-1',
      'plantbridge-gen1-gateway-silent-gateway-2',
    ]);
    const stateless = testSite('outpost-gen1').replace(/\n\s+state: \{ node: "ns=2;s=Packer[^\n]+/, '');
    expect(silent(stateless)).toEqual(['plantbridge-gen1-gateway-silent-gateway-1']);
  });

  test('count failed rule actions of all types, whose names AWS does not document', () => {
    const [failures] = alarmsIn(everything.template).filter(({ AlarmName }) => AlarmName.includes('rule-failures'));
    expect(failures?.Metrics?.[0]).toMatchObject({
      Expression:
        'SELECT SUM(Failure) FROM SCHEMA("AWS/IoT", ActionType, RuleName) WHERE RuleName = \'plantbridge_gen1_live_raw\'',
      Period: 300,
      ReturnData: true,
    });
  });

  test("on the historian's disk go by the site file's size", () => {
    const [storage] = alarmsIn(everything.template).filter(({ AlarmName }) => AlarmName.endsWith('database-storage'));
    expect(storage).toMatchObject({ Threshold: 0.1 * 200 * 1024 ** 3, ComparisonOperator: 'LessThanThreshold' });
  });

  test('are not on an Outpost before it is deployed', () => {
    const planned = testSite('outpost-gen1')
      .replace('phase: rollout', 'phase: production')
      .replace('outpost:', 'hub: { historianFrom: "file:/x" }\noutpost:');
    expect(namesIn(watchedStage(planned, NOTHING).template).filter((name) => name.includes('outpost'))).toEqual([]);
    expect(namesIn(everything.template)).toContain('plantbridge-gen1-outpost-disconnected');
  });

  test('stay few: a hundred functions and queues make ten alarms of a kind, and each is in one', () => {
    const many: ThingsToWatch = (scope) => ({
      functions: Array.from({ length: 100 }, (_, index) => functionIn(scope, `Function${index}`)),
      deadLetterQueues: Array.from({ length: 100 }, (_, index) => new Queue(scope, `Queue${index}`)),
    });
    const { template } = watchedStage(smallSiteWith([...PRODUCTION]), many);
    const errors = alarmsIn(template).filter(({ AlarmName }) => AlarmName.includes('function-errors'));
    // The watch's own function is the 101st.
    expect(errors).toHaveLength(11);
    const metrics = errors.flatMap(({ Metrics = [], MetricName }) =>
      MetricName === undefined ? Metrics.flatMap(({ MetricStat }) => MetricStat ?? []) : [MetricName],
    );
    expect(metrics).toHaveLength(101);
    expect(Object.keys(template.Resources).length).toBeLessThan(70);
  });

  test('do not grow with lines', () => {
    const machine = (id: string) => `
      - id: ${id}
        source: plc
        state: { node: "ns=2;s=${id}", map: { 1: RUNNING } }`;
    const lines = Array.from(
      { length: 40 },
      (_, index) => `  - id: line-${index}\n    machines:${machine(`m-${index}`)}`,
    );
    const text = SMALL_TEXT.replace(/\nlines:[\s\S]*$/, `\nlines:\n${lines.join('\n')}\n`).replace(
      'id: small',
      'id: small\nphase: rollout\nhub: { historianFrom: "file:/x" }\naws: { account: "123456789012" }',
    );
    expect(namesIn(watchedStage(text, NOTHING).template).length).toBeLessThan(10);
  });
});
