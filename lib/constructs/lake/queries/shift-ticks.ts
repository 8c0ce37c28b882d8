import { PATH_COLUMNS, SIGNAL, texts } from './sql.ts';

/** Ticks by shift and the ratios of their sums: what "OEE by shift" means, for every query that tells it. */

/** Columns of sums, each of its signals. */
export function tickSums(qualityFeedback: boolean): Readonly<Record<string, readonly string[]>> {
  return {
    run_s: ['run-s'],
    down_s: ['down-s'],
    busy_s: ['busy-s'],
    planned_s: ['planned-s'],
    unknown_s: ['unknown-s'],
    ideal_s: ['ideal-s'],
    good_s: qualityFeedback ? ['good-s', 'mes-s'] : ['good-s'],
    produced: ['produced'],
    rejected: qualityFeedback ? ['rejected', 'mes-rejected'] : ['rejected'],
  };
}

/** Which rows of ticks are read. */
export interface ReadTicks {
  readonly view: string;
  /** Conditions on the view's rows, the one on the partition among them. */
  readonly where: string;
  /** Whether the MES corrects quality: `mes-s` and `mes-rejected` count. */
  readonly qualityFeedback: boolean;
}

/** A table for WITH: `tick` with `line_id, machine_id, signal, ts, value_double`. */
export function ticksSql({ view, where, qualityFeedback }: ReadTicks): string {
  return `tick AS (
  SELECT ${PATH_COLUMNS}, ${SIGNAL} AS signal, ts, value_double
  FROM ${view}
  WHERE ${where}
    AND quality = 'GOOD'
    AND ${SIGNAL} IN ${texts(Object.values(tickSums(qualityFeedback)).flat())}
)`;
}

/** The columns of a machine's sums, over rows of `tick`. */
export function machineSumsSql(qualityFeedback: boolean): string {
  return `count(CASE WHEN signal = 'busy-s' THEN 1 END) AS minutes_with_data,
    count(CASE WHEN signal = 'ideal-s' THEN 1 END) > 0 AS parts_known,
    ${Object.entries(tickSums(qualityFeedback))
      .map(([name, signals]) => `sum(CASE WHEN signal IN ${texts(signals)} THEN value_double ELSE 0 END) AS ${name}`)
      .join(',\n    ')}`;
}

/** The columns of several machines' sums: parts are known if all of them know theirs. */
export function addedSumsSql(): string {
  return `CAST(sum(minutes_with_data) AS bigint) AS minutes_with_data,
    bool_and(parts_known) AS parts_known,
    ${Object.keys(tickSums(false))
      .map((name) => `sum(${name}) AS ${name}`)
      .join(', ')}`;
}

/** A figure that needs parts and their ideal cycle, or nothing where these are not known: the rules of core/oee/figures.ts. */
export function ifParts(figure: string, otherwise = 'NULL'): string {
  return `CASE WHEN parts_known AND (ideal_s <> 0 OR produced = 0) THEN ${figure} ELSE ${otherwise} END`;
}

/** The columns of the four figures, over sums. */
export const RATIOS = `run_s / nullif(busy_s, 0) AS availability,
  ${ifParts('ideal_s / nullif(run_s, 0)')} AS performance,
  ${ifParts('good_s / nullif(ideal_s, 0)')} AS quality,
  ${ifParts('good_s / nullif(busy_s, 0)')} AS oee`;
