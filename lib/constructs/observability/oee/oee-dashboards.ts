import type { AssetModelFile } from '../../../../core/asset-model/model.ts';
import { machinesOf, type Site } from '../../../../core/site/site.ts';
import { boundedName, type SiteNames } from '../../../names.ts';
import { modelFigures } from './figures.ts';
import { LakeQueries, type LakeScope, shiftChoices } from './lake-queries.ts';
import {
  bandsText,
  figurePanels,
  gapsPanel,
  historyPanels,
  lossesPanel,
  newestTable,
  shiftTable,
  statesPanel,
} from './oee-panels.ts';
import {
  athenaVariable,
  type Choice,
  choiceVariable,
  type JsonObject,
  laidOut,
  merged,
  type Panel,
  piece,
  placeholder,
  siteWiseVariable,
} from './panels.ts';
import { assetIds, oneOf } from './sitewise-queries.ts';

/** What OEE dashboards are generated from. */
export interface OeeDashboardsProps {
  /** The site with the lines that are deployed. */
  readonly site: Site;
  readonly models: ReadonlyMap<string, AssetModelFile>;
  readonly names: SiteNames;
  /** The lake, for shifts, losses and data gaps. @default none: only what SiteWise computes */
  readonly lake?: { readonly database: string; readonly view: string } | undefined;
}

/** Levels of the drill-down; a file each. */
export const DASHBOARD_LEVELS = ['factory', 'line', 'machine'] as const;
export type DashboardLevel = (typeof DASHBOARD_LEVELS)[number];

/** Grafana's longest id of a dashboard, characters. */
const LONGEST_UID = 40;

/** The id of a dashboard: it is in its address, so that links between them work wherever they are imported. */
export function dashboardUid(names: SiteNames, level: DashboardLevel): string {
  return boundedName(LONGEST_UID, '-', 'plantbridge', names.siteId, 'oee', level);
}

/**
 * Grafana dashboards for a site's OEE: factory, line and machine, each leading to the next. Three files however many lines there are: which
 * line or machine is a variable. Pure: the same models and site give the same JSON.
 */
export function oeeDashboards(props: OeeDashboardsProps): Readonly<Record<DashboardLevel, JsonObject>> {
  const parts = partsOf(props);
  return { factory: factoryDashboard(parts), line: lineDashboard(parts), machine: machineDashboard(parts) };
}

type Parts = ReturnType<typeof partsOf>;

function partsOf({ site, models, names, lake }: OeeDashboardsProps) {
  const machines = machinesOf(site);
  const counted = new Set(
    site.lines.flatMap(({ path, countedMachineIds }) => countedMachineIds.map((id) => `${path}/${id}`)),
  );
  const queries =
    lake &&
    new LakeQueries({
      site,
      ...lake,
      // The dashboards come with production, as the MES's corrections do.
      qualityFeedback: site.mes.qualityFeedback,
      uncountedPaths: machines.filter(({ path }) => !counted.has(path)).map(({ path }) => path),
    });
  const figures = modelFigures(models, site);
  return { site, names, queries, figures };
}

function factoryDashboard(parts: Parts): JsonObject {
  const { site, names, queries, figures } = parts;
  const everything: LakeScope = { condition: `path LIKE '${site.id}/%'`, by: 'line' };
  const factory = assetIds.factory(names);
  const lines = oneOf(site.lines.map(({ id }) => assetIds.line(names, id)));
  return dashboardOf(
    parts,
    'factory',
    `OEE · ${site.name}`,
    [],
    [
      [bandsText(site)],
      figurePanels(factory, figures.factory),
      historyPanels(factory, figures.factory),
      [newestTable('Lines: newest window', lines, figures.line, linkTo(parts, 'line'))],
      ...(queries === undefined
        ? []
        : [[shiftTable(queries.oeeByShift(everything), 'line')], [lossesPanel(queries.losses(everything), 'line')]]),
      ...(queries === undefined ? [] : [[gapsPanel(queries.gaps(everything), site.observability.oeeDataGapShare)]]),
    ],
  );
}

function lineDashboard(parts: Parts): JsonObject {
  const { site, names, queries, figures } = parts;
  const ofLine: LakeScope = { condition: pathBelow(parts, 'line'), by: 'machine' };
  const choices = site.lines.map(({ id, name }) => ({ text: name, value: assetIds.line(names, id) }));
  // The external ids of a line's machines begin with the line's.
  const machines = [`a.asset_external_id LIKE '${placeholder('line')}:%'`];
  return dashboardOf(
    parts,
    'line',
    `OEE · ${site.name} · line`,
    [choiceVariable('line', 'Line', choices)],
    [
      figurePanels(placeholder('line'), figures.line),
      historyPanels(placeholder('line'), figures.line),
      [newestTable('Machines: newest window', machines, figures.machine, linkTo(parts, 'machine'))],
      ...(queries === undefined
        ? []
        : [[shiftTable(queries.oeeByShift(ofLine), 'machine')], [lossesPanel(queries.losses(ofLine), 'machine')]]),
      ...(queries === undefined ? [] : [[gapsPanel(queries.gaps(ofLine), site.observability.oeeDataGapShare)]]),
    ],
  );
}

function machineDashboard(parts: Parts): JsonObject {
  const { site, names, queries, figures } = parts;
  const ofMachine: LakeScope = { condition: pathBelow(parts, 'machine'), by: 'machine' };
  const choices = site.lines.flatMap((line) =>
    line.machines.map(
      ({ id, name }): Choice => ({ text: `${line.name} · ${name}`, value: assetIds.machine(names, line.id, id) }),
    ),
  );
  // States are raw values: with `residency: aggregates` they stay in the factory.
  const states = queries !== undefined && site.residency === 'full' ? [statesPanel(queries.states(ofMachine))] : [];
  return dashboardOf(
    parts,
    'machine',
    `OEE · ${site.name} · machine`,
    [choiceVariable('machine', 'Machine', choices)],
    [
      figurePanels(placeholder('machine'), figures.machine),
      historyPanels(placeholder('machine'), figures.machine),
      ...(queries === undefined
        ? []
        : [
            [shiftTable(queries.oeeByShift(ofMachine), 'machine')],
            [lossesPanel(queries.losses(ofMachine), 'machine'), ...states],
            [gapsPanel(queries.gaps(ofMachine), site.observability.oeeDataGapShare)],
          ]),
    ],
  );
}

function dashboardOf(
  { site, names, queries, figures }: Parts,
  level: DashboardLevel,
  title: string,
  own: readonly JsonObject[],
  rows: readonly (readonly Panel[])[],
): JsonObject {
  const windows = figures.windows.map((window) => ({ text: window, value: window }));
  const preferred = [
    ...windows.filter(({ value }) => value === '1h'),
    ...windows.filter(({ value }) => value !== '1h'),
  ];
  const shifts = shiftChoices(site).map(({ id, name }) => ({ text: name, value: id }));
  return merged(piece('dashboard'), {
    uid: dashboardUid(names, level),
    title,
    timezone: site.timeZone,
    tags: ['plantbridge', 'oee', site.id],
    templating: {
      list: [
        siteWiseVariable(),
        ...(queries === undefined ? [] : [athenaVariable()]),
        ...own,
        choiceVariable('window', 'Window', preferred),
        ...(queries === undefined ? [] : [choiceVariable('shift', 'Shift', shifts, true)]),
      ],
    },
    links: DASHBOARD_LEVELS.slice(0, DASHBOARD_LEVELS.indexOf(level)).map((above) => ({
      type: 'link',
      title: `Up to ${above}`,
      icon: 'dashboard',
      url: `/d/${dashboardUid(names, above)}`,
      keepTime: true,
      includeVars: true,
      targetBlank: false,
      asDropdown: false,
      tags: [],
      tooltip: '',
    })),
    panels: laidOut(rows),
  });
}

/** The address of the next level for a row of a table, with time range and choices kept. */
function linkTo({ names, queries }: Parts, level: 'line' | 'machine'): string {
  const kept = ['sitewise', 'window', ...(queries === undefined ? [] : ['athena', 'shift'])];
  const choices = kept.map((name) => placeholder(name, 'queryparam')).join('&');
  return `/d/${dashboardUid(names, level)}?var-${level}=\${__data.fields.asset_id}&${choices}&\${__url_time_range}`;
}

/** The condition on paths below the chosen line or machine: its external id, without what all of the site have, with slashes. */
function pathBelow({ site, names }: Parts, variable: 'line' | 'machine'): string {
  const tail = `replace(replace('${placeholder(variable)}', '${assetIds.factory(names)}:', ''), ':', '/')`;
  return `path LIKE concat('${site.id}/', ${tail}, '/%')`;
}
