import { describe, expect, test } from '@jest/globals';
import {
  DASHBOARD_LEVELS,
  dashboardUid,
  type OeeDashboardsProps,
  oeeDashboards,
} from '../../../../../lib/constructs/observability/oee/oee-dashboards.ts';
import { OEE_THRESHOLDS, placeholder } from '../../../../../lib/constructs/observability/oee/panels.ts';
import { SiteNames } from '../../../../../lib/names.ts';
import { deployableSite } from '../../../../../lib/site-files.ts';
import { testSite } from '../../../../support/synth.ts';

interface Target {
  readonly refId: string;
  readonly rawSQL: string;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: Record<string, unknown>; readonly overrides: readonly unknown[] };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly timezone: string;
  readonly panels: readonly Panel[];
  readonly links: readonly { readonly url: string }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

const LAKE = { database: 'plantbridge_gen1', view: 'samples' };

function dashboardsOf(text: string, over: Partial<OeeDashboardsProps> = {}) {
  const { site, models } = deployableSite('site.yaml', undefined, () => text);
  return oeeDashboards({ site, models, names: new SiteNames(site.id), lake: LAKE, ...over }) as unknown as Readonly<
    Record<(typeof DASHBOARD_LEVELS)[number], Dashboard>
  >;
}

const GEN1 = testSite('outpost-gen1');
const gen1 = dashboardsOf(GEN1);
const ALL = Object.values(gen1);
const titles = ({ panels }: Dashboard) => panels.map(({ title }) => title);

describe('the OEE dashboards', () => {
  test('are factory, line and machine, however many lines there are', () => {
    expect(ALL.map(({ title }) => title)).toEqual([
      'OEE · Generation 1',
      'OEE · Generation 1 · line',
      'OEE · Generation 1 · machine',
    ]);
  });

  test('show figures, their course, what is below, shifts, losses and gaps', () => {
    expect(titles(gen1.factory)).toEqual([
      '',
      'OEE',
      'Availability',
      'Performance',
      'Quality',
      'OEE by window',
      'Availability, performance, quality',
      'Lines: newest window',
      'OEE by shift and line',
      'Where the time went, hours',
      'Data gaps',
    ]);
    expect(titles(gen1.machine)).toEqual([
      'OEE',
      'Availability',
      'Performance',
      'Quality',
      'OEE by window',
      'Availability, performance, quality',
      'OEE by shift and machine',
      'Where the time went, hours',
      'Time by state, hours',
      'Data gaps',
    ]);
  });

  test("ask SiteWise for the models' properties, by external ids that are known before anything is deployed", () => {
    const oee = gen1.factory.panels.find(({ title }) => title === 'OEE');
    expect(oee?.targets?.map(({ rawSQL }) => rawSQL)).toEqual([
      [
        'SELECT r.event_timestamp AS time, MAX(r.double_value) AS oee',
        'FROM asset a, asset_property p, raw_time_series r',
        "WHERE a.asset_external_id = 'plantbridge:gen1:asset' AND p.property_name = 'OEE WINDOW' AND r.quality = 'GOOD'",
        '  AND $__timeFilter(r.event_timestamp)',
        'GROUP BY r.event_timestamp',
        'ORDER BY r.event_timestamp ASC',
      ]
        .join('\n')
        .replace('WINDOW', placeholder('window')),
    ]);
  });

  test('lead from a line to its machines and back, with time range and choices kept', () => {
    const names = new SiteNames('gen1');
    const text = JSON.stringify(gen1.factory.panels.find(({ title }) => title.startsWith('Lines')));
    expect(text).toContain(`/d/${dashboardUid(names, 'line')}?var-line=\${__data.fields.asset_id}&`);
    expect(text).toContain(`${placeholder('shift', 'queryparam')}&${placeholder('__url_time_range')}`);
    expect(gen1.line.templating.list.find(({ name }) => name === 'line')?.query).toBe(
      'Bottling : plantbridge:gen1:asset:bottling,packing : plantbridge:gen1:asset:packing',
    );
    expect(gen1.machine.links.map(({ url }) => url)).toEqual([
      `/d/${dashboardUid(names, 'factory')}`,
      `/d/${dashboardUid(names, 'line')}`,
    ]);
  });

  test('use only variables that they have', () => {
    for (const dashboard of ALL) {
      const own = dashboard.templating.list.map(({ name }) => name);
      const used = [...JSON.stringify(dashboard).matchAll(/\$\{([a-z]+)(?::\w+)?\}/g)].map(([, name]) => name);
      expect(used.length).toBeGreaterThan(0);
      expect(used.filter((name) => !own.includes(name ?? ''))).toEqual([]);
    }
  });

  test('offer the windows of the models, the hour first, and the shifts of the site', () => {
    const choices = (name: string) => gen1.factory.templating.list.find((each) => each.name === name)?.query;
    expect(choices('window')).toBe('1h : 1h,15m : 15m,1d : 1d');
    expect(choices('shift')).toBe('early : early,late : late,night : night,Outside of all shifts : none');
    expect(gen1.factory.timezone).toBe('Europe/Berlin');
  });

  test('read OEE against world class and the German average', () => {
    expect(OEE_THRESHOLDS).toMatchObject({
      steps: [{ value: null }, { value: 0.55 }, { value: 0.65 }, { value: 0.85 }],
    });
    for (const { panels } of ALL) {
      const oee = panels.filter(({ title }) => title === 'OEE' || title === 'OEE by window');
      expect(oee).toHaveLength(2);
      for (const { fieldConfig } of oee) expect(fieldConfig?.defaults.thresholds).toEqual(OEE_THRESHOLDS);
    }
  });

  test('show a window without data as nothing, not as a line over it', () => {
    const course = gen1.line.panels.filter(({ type }) => type === 'timeseries');
    expect(course).toHaveLength(2);
    for (const { fieldConfig } of course) {
      expect(fieldConfig?.defaults.custom).toMatchObject({ spanNulls: false });
      expect(JSON.stringify(fieldConfig?.defaults.custom)).toMatch(/"drawStyle":"(bars|points)"/);
    }
  });

  test('place panels side by side within 24 columns, none over another, each with a number of its own', () => {
    for (const { panels } of ALL) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        expect(x + w).toBeLessThanOrEqual(24);
        return Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`);
      });
      expect(new Set(cells).size).toBe(cells.length);
    }
  });

  test('are the same each time', () => {
    expect(JSON.stringify(dashboardsOf(GEN1))).toBe(JSON.stringify(gen1));
  });
});

describe('the OEE dashboards of another site', () => {
  test('have no states where raw values stay in the factory, and everything else', () => {
    const aggregates = dashboardsOf(testSite('aggregates'));
    expect(titles(aggregates.machine)).toEqual(
      titles(gen1.machine).filter((title) => !title.startsWith('Time by state')),
    );
    expect(JSON.stringify(aggregates)).not.toContain("= 'state'");
  });

  test('have no panel of the lake where there is none', () => {
    const { factory } = dashboardsOf(GEN1, { lake: undefined });
    expect(titles(factory)).not.toContain('OEE by shift and line');
    expect(factory.templating.list.map(({ name }) => name)).toEqual(['sitewise', 'window']);
    expect(JSON.stringify(factory)).not.toContain('athena');
  });

  test('leave out a figure that the models do not have', () => {
    const { site, models } = deployableSite('site.yaml', undefined, () => GEN1);
    const without = new Map(
      [...models].map(([id, file]) => {
        const properties = file.definition.properties.filter(({ id: property }) => !property.startsWith('quality'));
        return [id, { ...file, definition: { ...file.definition, properties } }];
      }),
    );
    const { factory } = oeeDashboards({ site, models: without, names: new SiteNames('gen1') });
    expect(titles(factory as unknown as Dashboard)).not.toContain('Quality');
  });

  test('ask for many lines in as few queries as fit into what SiteWise takes', () => {
    const lines = Array.from({ length: 100 }, (_, index) => {
      const id = `a-production-line-with-a-long-name-${index}`;
      return `  - id: ${id}\n    machines: [{ id: filler, source: filler-plc, state: { node: "ns=2;s=S${index}", map: { 1: RUNNING } } }]`;
    });
    const head = GEN1.slice(0, GEN1.indexOf('lines:')).replace(
      'line: bottling',
      'line: a-production-line-with-a-long-name-0',
    );
    const { factory } = dashboardsOf(`${head}lines:\n${lines.join('\n')}\n`);
    const targets = factory.panels.find(({ title }) => title.startsWith('Lines'))?.targets ?? [];
    expect(targets).toHaveLength(4);
    expect(Math.max(...targets.map(({ rawSQL }) => rawSQL.length))).toBeLessThanOrEqual(10_000);
    for (const { rawSQL } of targets) expect(rawSQL).toContain('a-production-line-with-a-long-name-99');
  });

  test('have ids within what Grafana takes', () => {
    const long = new SiteNames('a-factory-with-a-name-that-is-far-too-long-for-it');
    const uids = DASHBOARD_LEVELS.map((level) => dashboardUid(long, level));
    expect(new Set(uids).size).toBe(3);
    for (const uid of uids) expect(uid.length).toBeLessThanOrEqual(40);
  });
});
