import type { SiteNames } from '../../../names.ts';

/**
 * Queries of AWS IoT SiteWise (ExecuteQuery, through Grafana's data source) for computed figures. They ask by external ids and property names, which
 * are known at synthesis; SiteWise's own ids are not. An asset that hangs in two hierarchies has two rows, hence the grouping.
 */

/** External ids of a site's assets, as the stacks that make them name them. */
export const assetIds = {
  factory: (names: SiteNames): string => names.externalId('asset'),
  line: (names: SiteNames, lineId: string): string => names.externalId('asset', lineId),
  machine: (names: SiteNames, lineId: string, machineId: string): string =>
    names.externalId('asset', lineId, machineId),
};

/** A figure of the models: its property's name, with Grafana's `${window}` where that is. */
export interface Figure {
  /** `oee`, `availability`, `performance`, `quality`. */
  readonly id: string;
  /** For people: `OEE`. */
  readonly name: string;
  /** `OEE ${window}` */
  readonly propertyName: string;
}

/** A figure of one asset over Grafana's time range. */
export function historySql(assetId: string, { id, propertyName }: Figure): string {
  return `SELECT r.event_timestamp AS time, MAX(r.double_value) AS ${id}
FROM asset a, asset_property p, raw_time_series r
WHERE a.asset_external_id = '${assetId}' AND p.property_name = '${propertyName}' AND r.quality = 'GOOD'
  AND $__timeFilter(r.event_timestamp)
GROUP BY r.event_timestamp
ORDER BY r.event_timestamp ASC`;
}

/**
 * The newest value of a figure for several assets, a row each. @param condition on `a`, the asset.
 * @param withTime also until when it counts: the end of its window
 */
export function newestSql(condition: string, { id, propertyName }: Figure, withTime: boolean): string {
  const time = withTime ? ', MAX(v.event_timestamp) AS window_end' : '';
  return `SELECT a.asset_name AS name, a.asset_external_id AS asset_id, MAX(v.double_value) AS ${id}${time}
FROM asset a, asset_property p, latest_value_time_series v
WHERE ${condition} AND p.property_name = '${propertyName}' AND v.quality = 'GOOD'
GROUP BY a.asset_name, a.asset_external_id
ORDER BY a.asset_name ASC`;
}

/** A SiteWise query may have so many characters. */
const LONGEST_QUERY = 10_000;
/** What a query has beside its list of assets, generously. */
const REST_OF_QUERY = 1_000;

/** Conditions that name assets, as few as a query's length allows. */
export function oneOf(assets: readonly string[]): string[] {
  const conditions: string[] = [];
  let list: string[] = [];
  let length = 0;
  for (const id of assets) {
    if (length + id.length + 4 > LONGEST_QUERY - REST_OF_QUERY) {
      conditions.push(inList(list));
      list = [];
      length = 0;
    }
    list.push(`'${id}'`);
    length += id.length + 4;
  }
  return list.length > 0 ? [...conditions, inList(list)] : conditions;
}

function inList(quoted: readonly string[]): string {
  return `a.asset_external_id IN (${quoted.join(', ')})`;
}
