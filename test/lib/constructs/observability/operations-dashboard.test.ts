import { describe, expect, test } from '@jest/globals';
import { resourcesOf, type SynthesizedTemplate, testSite } from '../../../support/synth.ts';
import { ONE_OF_EACH, watchedStage } from './watched-stage.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly metrics?: readonly unknown[] };
}

/** The dashboard's body with references as `?`. */
function widgetsIn(template: SynthesizedTemplate): Widget[] {
  const [[, dashboard] = []] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = dashboard?.Properties?.DashboardBody as { 'Fn::Join': [string, (string | object)[]] };
  const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '?')).join('');
  return JSON.parse(text).widgets;
}

const everything = widgetsIn(watchedStage(testSite('outpost-gen1'), ONE_OF_EACH).template);
const nothing = widgetsIn(
  watchedStage(
    testSite('aggregates')
      .replace('phase: rollout', 'phase: production')
      .replace('outpost:', 'hub: { historianFrom: "file:/x" }\noutpost:'),
    () => ({}),
  ).template,
);
const questionsOf = (widgets: readonly Widget[]) =>
  widgets.flatMap(({ properties }) => /^## (.+)$/.exec(properties.markdown ?? '')?.[1] ?? []);

describe('the operations dashboard', () => {
  test('has a section for each question, in the order in which people ask', () => {
    expect(questionsOf(everything)).toEqual([
      'Does data arrive?',
      'Where is it stuck? Rule, stream, normalization, lake',
      'Was something put aside or lost?',
      'Does the MES reach us?',
      'Is the hub on the Outpost well?',
    ]);
  });

  test('leaves out what the site does not have', () => {
    expect(questionsOf(nothing)).not.toContain('Does the MES reach us?');
    expect(questionsOf(nothing)).not.toContain('Is the hub on the Outpost well?');
    expect(nothing.every(({ type, properties }) => type !== 'metric' || (properties.metrics?.length ?? 0) > 0)).toBe(
      true,
    );
  });

  test('keeps each section to one screen of three graphs a row', () => {
    const starts = everything.filter(({ properties }) => properties.markdown?.startsWith('## ')).map(({ y }) => y);
    const end = Math.max(...everything.map(({ y, height }) => y + height));
    const heights = starts.map((y, index) => (starts[index + 1] ?? end) - y);
    expect(Math.max(...heights)).toBeLessThanOrEqual(14);
    for (const { x, width } of everything) expect(x + width).toBeLessThanOrEqual(24);
  });

  test("finds gateways by a search of this site's metrics, so that it does not grow with them", () => {
    const ages = everything.find(({ properties }) => properties.title?.startsWith('Age of the newest tick'));
    expect(ages?.properties.metrics).toEqual([
      [
        {
          expression: 'SEARCH(\'{Plantbridge,Site,Gateway} MetricName="GatewayTickAge" Site="gen1"\', \'Maximum\')',
          label: `\${PROP('Dim.Gateway')}`,
          period: 60,
        },
      ],
    ]);
  });
});
