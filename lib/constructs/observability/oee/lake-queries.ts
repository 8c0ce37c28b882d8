import type { Site } from '../../../../core/site/site.ts';
import { TIME_TICK_SIGNALS } from '../../../../core/telemetry/types.ts';
import { placeholder } from './panels.ts';
import { NO_SHIFT, shiftDateSql, shiftIdSql } from './shift-sql.ts';

/** Queries of Athena for Grafana: what needs the site's clocks (shifts), or what SiteWise does not compute (losses, gaps). */

/** Which machines a query is about: a condition on `path`. */
export interface LakeScope {
  readonly condition: string;
  /** What is compared, as a column of the result: `line` or `machine`. */
  readonly by: 'line' | 'machine';
}

/** What the queries are made for. */
export interface LakeQueryProps {
  readonly site: Site;
  readonly database: string;
  /** The view with one row a path and time. */
  readonly view: string;
  /** Paths of machines that make no line's figure: beside a bottleneck, or without parts. */
  readonly uncountedPaths: readonly string[];
  /** Paths of machines whose ticks have no parts: of them only availability is known. */
  readonly partlessPaths: readonly string[];
}

/** Instants of a tick are stamped with the minute's end, which belongs to it: 1 ms before is within the minute, and in its shift. */
const WITHIN_MINUTE_MS = 1;

/** The MES's corrections of good time, stamped 1 ms before the end of the minute that they are of. */
const CORRECTION = 'mes-s';
/** The end of the minute that a row is of, so that a tick and its correction meet. */
const MINUTE_END = '((ts + 59999) / 60000) * 60000';

/** The rows of Grafana's time range, by exact time, and by day so that Athena reads no other partition. */
const [FROM, TO] = [placeholder('__from'), placeholder('__to')];
const IN_RANGE = `dt BETWEEN date_format(from_unixtime(${FROM} / 1e3), '%Y-%m-%d') AND date_format(from_unixtime(${TO} / 1e3), '%Y-%m-%d')
    AND ts > ${FROM} AND ts <= ${TO}`;
const SHIFTS = placeholder('shift', 'singlequote');

/** The queries of one site's lake. */
export class LakeQueries {
  readonly #props: LakeQueryProps;

  constructor(props: LakeQueryProps) {
    this.#props = props;
  }

  /** OEE, availability, performance and quality by shift and what is compared: sums first, then ratios (docs/oee.md). */
  oeeByShift(scope: LakeScope): string {
    return `${this.#ticks(scope, true)}
SELECT concat(cast(shift_date AS varchar), ' ', shift) AS shift_day, ${scope.by},
  sum(good) / nullif(sum(busy), 0) AS oee,
  sum(run) / nullif(sum(busy), 0) AS availability,
  sum(ideal) / nullif(sum(run), 0) AS performance,
  sum(good) / nullif(sum(ideal), 0) AS quality
FROM minutes
GROUP BY shift_date, shift, ${scope.by}
ORDER BY min(ts), ${scope.by}`;
  }

  /** Where the time went, in hours: planned stop, downtime, speed and quality losses, good time, and what nobody knows. */
  losses(scope: LakeScope): string {
    return `${this.#ticks(scope, true)}
SELECT ${scope.by},
  sum(good) / 3600 AS good,
  sum(ideal - good) / 3600 AS quality_loss,
  sum(run - ideal) / 3600 AS speed_loss,
  sum(down) / 3600 AS downtime,
  sum(planned) / 3600 AS planned_stop,
  sum(unknown) / 3600 AS unknown
FROM minutes
GROUP BY ${scope.by}
ORDER BY ${scope.by}`;
  }

  /** Time by state, in hours: a state holds until the next one. Needs raw values. */
  states(scope: LakeScope): string {
    return `WITH changes AS (
  SELECT path, ts, value_string AS state,
    lead(ts) OVER (PARTITION BY path ORDER BY ts) AS next_ts,
    ${this.#local('ts')} AS local
  FROM ${this.#view}
  WHERE ${IN_RANGE}
    AND split_part(path, '/', 4) = 'state'
    AND ${scope.condition}
)
SELECT state, sum(least(coalesce(next_ts, ${TO}), ${TO}) - ts) / 3.6e6 AS hours
FROM changes
WHERE ${this.#shift('local')} IN (${SHIFTS})
GROUP BY state
ORDER BY hours DESC`;
  }

  /** Share of each machine's time that nobody knows: ticks that say so, and minutes without a tick. */
  gaps(scope: LakeScope): string {
    return `${this.#ticks(scope, false)}
SELECT split_part(path, '/', 2) AS line, split_part(path, '/', 3) AS machine,
  1 - sum(busy + planned) / ((${TO} - ${FROM}) / 1e3) AS unknown_share,
  from_unixtime(max(ts) / 1e3) AS newest
FROM minutes
GROUP BY path
ORDER BY unknown_share DESC`;
  }

  /** A minute a row: the ticks of its machine side by side; for figures, of those machines that have them, in the chosen shifts. */
  #ticks({ condition, by }: LakeScope, forFigures: boolean): string {
    const outside = by === 'line' ? this.#props.uncountedPaths : this.#props.partlessPaths;
    const machinePath = "regexp_extract(path, '^[^/]+/[^/]+/[^/]+')";
    const excluded =
      forFigures && outside.length > 0
        ? `\n    AND ${machinePath} NOT IN (${outside.map((path) => `'${path}'`).join(', ')})`
        : '';
    const signals = [...TIME_TICK_SIGNALS, 'ideal-s', 'good-s'];
    const secondsOf = (signal: string) =>
      `coalesce(max(CASE WHEN split_part(path, '/', 4) = '${signal}' THEN value_double END), 0)`;
    const columns = signals.map((signal) => {
      // What the MES corrected is added where it said something (docs/oee.md).
      const seconds = signal === 'good-s' ? `${secondsOf(signal)} + ${secondsOf(CORRECTION)}` : secondsOf(signal);
      return `${seconds} AS ${signal.replace(/-s$/, '')}`;
    });
    const inShift = forFigures ? `\nWHERE shift IN (${SHIFTS})` : '';
    return `WITH ticks AS (
  SELECT ${machinePath} AS path, ${MINUTE_END} AS ts,
    ${columns.join(',\n    ')}
  FROM ${this.#view}
  WHERE ${IN_RANGE}
    AND split_part(path, '/', 4) IN (${[...signals, CORRECTION].map((signal) => `'${signal}'`).join(', ')})
    AND ${condition}${excluded}
  GROUP BY 1, 2
), by_clock AS (
  SELECT *, ${this.#local(`ts - ${WITHIN_MINUTE_MS}`)} AS local FROM ticks
), shifted AS (
  SELECT *, split_part(path, '/', 2) AS line, split_part(path, '/', 3) AS machine,
    ${this.#shift('local')} AS shift,
    ${shiftDateSql(this.#props.site.shifts, 'local')} AS shift_date
  FROM by_clock
), minutes AS (
  SELECT * FROM shifted${inShift}
)`;
  }

  #local(milliseconds: string): string {
    return `(from_unixtime((${milliseconds}) / 1e3) AT TIME ZONE '${this.#props.site.timeZone}')`;
  }

  #shift(local: string): string {
    return shiftIdSql(this.#props.site.shifts, local);
  }

  get #view(): string {
    return `"${this.#props.database}"."${this.#props.view}"`;
  }
}

/** Ids of the shifts to choose from, and what is outside of all. */
export function shiftChoices({ shifts }: Site): { id: string; name: string }[] {
  return [...shifts.map(({ id, name }) => ({ id, name: name ?? id })), { id: NO_SHIFT, name: 'Outside of all shifts' }];
}
