import type { Site } from '../../../../core/site/site.ts';
import {
  athenaTarget,
  GERMAN_AVERAGE_OEE,
  type JsonObject,
  NO_THRESHOLDS,
  OEE_THRESHOLDS,
  type Panel,
  panel,
  placeholder,
  siteWiseTarget,
  WORLD_CLASS_OEE,
} from './panels.ts';
import { type Figure, historySql, newestSql } from './sitewise-queries.ts';

/** The panels of OEE dashboards. */

const WIDTH = 24;
const percent = (share: number) => `${Math.round(share * 100)} %`;
const ATHENA: JsonObject = { datasource: { type: 'grafana-athena-datasource', uid: placeholder('athena') } };
const BY_SHIFT = "By the site's clocks, from the lake; in the chosen shifts only.";
const PERCENT: JsonObject = { unit: 'percentunit', decimals: 1 };

/** What the colours mean, and what the choices above act on. */
export function bandsText(site: Site): Panel {
  const [from, to] = GERMAN_AVERAGE_OEE;
  return panel('text', WIDTH, 3, {
    title: '',
    options: {
      content: [
        `**Green**: world class, from ${percent(WORLD_CLASS_OEE)}. **Orange**: the German average, ${percent(from)} to ${percent(to)}. `,
        'Benchmarks of other plants count breaks and changeovers in their own ways: your own trend says more. ',
        `*Window* acts on what AWS IoT SiteWise computes (aligned to UTC), *Shift* on what the lake tells (by the clocks of ${site.timeZone}). `,
        'Where there is no bar there is no data: unknown time is in no figure.',
      ].join(''),
    },
  });
}

/** The newest value of each figure. */
export function figurePanels(asset: string, figures: readonly Figure[]): Panel[] {
  return figures.map((figure) =>
    panel('figure', Math.floor(WIDTH / figures.length), 6, {
      title: figure.name,
      description: 'The newest window of the chosen time range.',
      targets: [siteWiseTarget('A', historySql(asset, figure))],
      fieldConfig: { defaults: { thresholds: thresholdsOf(figure) } },
    }),
  );
}

/** Each window's OEE with its bands, and its three factors. */
export function historyPanels(asset: string, figures: readonly Figure[]): Panel[] {
  const oee = figures.filter(({ id }) => id === 'oee');
  const factors = figures.filter(({ id }) => id !== 'oee');
  const historyOf = (title: string, shown: readonly Figure[], defaults: JsonObject) =>
    panel('history', WIDTH / 2, 8, {
      title,
      targets: shown.map((figure, index) => siteWiseTarget(refIdOf(index), historySql(asset, figure))),
      fieldConfig: { defaults },
    });
  return [
    ...(oee.length === 0
      ? []
      : [
          historyOf('OEE by window', oee, {
            color: { mode: 'thresholds' },
            thresholds: OEE_THRESHOLDS,
            custom: { thresholdsStyle: { mode: 'dashed' } },
          }),
        ]),
    ...(factors.length === 0
      ? []
      : [historyOf('Availability, performance, quality', factors, { custom: { drawStyle: 'points' } })]),
  ];
}

/** The newest figures of lines or machines, each row a link to its own dashboard. @param conditions a query each */
export function newestTable(
  title: string,
  conditions: readonly string[],
  figures: readonly Figure[],
  url: string,
): Panel {
  const targets = conditions
    .flatMap((condition) => figures.map((figure) => newestSql(condition, figure, figure.id === 'oee')))
    .map((sql, index) => siteWiseTarget(refIdOf(index), sql));
  const overrides = [
    override('name', { displayName: 'Name', links: [{ title: 'Open', url, targetBlank: false }] }),
    override('asset_id', { 'custom.hidden': true }),
    override('window_end', { displayName: 'Window ended' }),
    ...figures.map((figure) => override(figure.id, { ...figureOverride(figure), displayName: figure.name })),
  ];
  return panel('table', WIDTH, 9, {
    title,
    description: 'Select a name for its own dashboard.',
    targets,
    transformations: [{ id: 'merge', options: {} }],
    fieldConfig: { overrides },
  });
}

/** Figures by shift. @param by the column that names what is compared */
export function shiftTable(sql: string, by: 'line' | 'machine'): Panel {
  const figure = (id: string, name: string) => override(id, { ...figureOverride({ id }), displayName: name });
  return panel('table', WIDTH, 9, {
    ...ATHENA,
    title: `OEE by shift and ${by}`,
    description: BY_SHIFT,
    targets: [athenaTarget('A', sql)],
    fieldConfig: {
      overrides: [
        override('shift_day', { displayName: 'Shift' }),
        override(by, { displayName: by === 'line' ? 'Line' : 'Machine' }),
        figure('oee', 'OEE'),
        figure('availability', 'Availability'),
        figure('performance', 'Performance'),
        figure('quality', 'Quality'),
      ],
    },
  });
}

/** Where the time went. */
export function lossesPanel(sql: string, by: 'line' | 'machine'): Panel {
  return panel('bars', WIDTH / 2, 9, {
    title: 'Where the time went, hours',
    description: `${BY_SHIFT} Good time, quality and speed losses, downtime, planned stop, and what nobody knows. Run time without known parts stands by itself.`,
    targets: [athenaTarget('A', sql)],
    options: { orientation: 'horizontal', stacking: 'normal', xField: by },
    fieldConfig: { defaults: { unit: 'h', decimals: 1 } },
  });
}

/** Time by state. */
export function statesPanel(sql: string): Panel {
  return panel('bars', WIDTH / 2, 9, {
    title: 'Time by state, hours',
    description: `${BY_SHIFT} The last state counts up to the machine's last tick.`,
    targets: [athenaTarget('A', sql)],
    options: { orientation: 'horizontal', xField: 'state' },
    fieldConfig: { defaults: { unit: 'h', decimals: 1 } },
  });
}

/** Time that nobody knows. @param limit the share from which an alarm is raised */
export function gapsPanel(sql: string, limit: number): Panel {
  const thresholds: JsonObject = {
    mode: 'absolute',
    steps: [
      { color: 'transparent', value: null },
      { color: 'red', value: limit },
    ],
  };
  return panel('table', WIDTH, 8, {
    ...ATHENA,
    title: 'Data gaps',
    description:
      'Share of the time range that is in no figure since nobody knows it: unknown states, and minutes without a tick.',
    targets: [athenaTarget('A', sql)],
    fieldConfig: {
      overrides: [
        override('unknown_share', {
          ...PERCENT,
          displayName: 'Unknown',
          thresholds,
          'custom.cellOptions': { type: 'color-background' },
        }),
        override('newest', { displayName: 'Newest tick' }),
      ],
    },
  });
}

function figureOverride(figure: Pick<Figure, 'id'>): JsonObject {
  const isOee = figure.id === 'oee';
  return {
    ...PERCENT,
    thresholds: thresholdsOf(figure),
    ...(isOee && { 'custom.cellOptions': { type: 'color-background' } }),
  };
}

function thresholdsOf({ id }: Pick<Figure, 'id'>): JsonObject {
  return id === 'oee' ? OEE_THRESHOLDS : NO_THRESHOLDS;
}

function override(field: string, properties: JsonObject): JsonObject {
  return {
    matcher: { id: 'byName', options: field },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

/** A, B, ... Z, AA, AB, ... */
function refIdOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${refIdOf(Math.floor(index / 26) - 1)}${letter}`;
}
