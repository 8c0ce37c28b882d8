import type { Machine, Site } from '../../../../core/site/site.ts';
import { addedSumsSql, ifParts, machineSumsSql, RATIOS, ticksSql } from '../../lake/queries/shift-ticks.ts';
import { chosenSpansSql, NO_SHIFT, type ShiftCalendar, shiftSpansSql, WHOLE_DAY } from '../../lake/queries/shifts.ts';
import { daysLater, machinesSql, PATH_COLUMNS, SIGNAL, text, texts } from '../../lake/queries/sql.ts';
import { placeholder } from './panels.ts';

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
  /** Whether the MES corrects quality: its corrections count. */
  readonly qualityFeedback: boolean;
  /** Paths of machines that make no line's figure: beside a bottleneck, or without parts. */
  readonly uncountedPaths: readonly string[];
}

/** A state is sent once, when it changes: how far back the one is looked for that held when the range began. */
const LOOK_BACK_DAYS = 31;

/** The rows of Grafana's time range, by exact time, and by day so that Athena reads no other partition. */
const [FROM, TO] = [placeholder('__from'), placeholder('__to')];
const SHIFTS = placeholder('shift', 'singlequote');
const IN_RANGE = `${partitions(0, 0)}
    AND ts > ${FROM} AND ts <= ${TO}`;

/** The queries of one site's lake. */
export class LakeQueries {
  readonly #props: LakeQueryProps;

  constructor(props: LakeQueryProps) {
    this.#props = props;
  }

  /** OEE, availability, performance and quality by shift and what is compared: sums first, then ratios (docs/oee.md). */
  oeeByShift(scope: LakeScope): string {
    return `WITH ${shiftSpansSql(this.#calendar)},
${this.#ticks(scope)},
machine_shift AS (
  SELECT shift_day, shift_id, min(from_ms) AS from_ms, line_id, machine_id,
    ${machineSumsSql(this.#props.qualityFeedback)}
  FROM shift_span
  JOIN tick ON ts > from_ms AND ts <= to_ms
  WHERE shift_id IN (${SHIFTS})
  GROUP BY shift_day, shift_id, line_id, machine_id
),
figure AS (
  SELECT shift_day AS local_day, shift_id, min(from_ms) AS from_ms, ${scope.by}_id,
    ${addedSumsSql()}
  FROM machine_shift
  GROUP BY shift_day, shift_id, ${scope.by}_id
)
SELECT concat(CAST(local_day AS varchar), ' ', shift_id) AS shift_day, ${scope.by}_id AS ${scope.by},
  ${RATIOS}
FROM figure
ORDER BY from_ms, ${scope.by}_id`;
  }

  /**
   * Where the time went, in hours: planned stop, downtime, speed and quality losses, good time, and what nobody knows. Run time of which no parts
   * are known has no losses: it stands by itself.
   */
  losses(scope: LakeScope): string {
    return `WITH ${shiftSpansSql(this.#calendar)},
${chosenSpansSql(SHIFTS)},
${this.#ticks(scope)},
machine_sum AS (
  SELECT line_id, machine_id,
    ${machineSumsSql(this.#props.qualityFeedback)}
  FROM chosen_span
  JOIN tick ON ts > from_ms AND ts <= to_ms
  GROUP BY line_id, machine_id
),
total AS (
  SELECT ${scope.by}_id,
    ${addedSumsSql()}
  FROM machine_sum
  GROUP BY ${scope.by}_id
)
SELECT ${scope.by}_id AS ${scope.by},
  ${ifParts('good_s / 3600')} AS good,
  ${ifParts('(ideal_s - good_s) / 3600')} AS quality_loss,
  ${ifParts('(run_s - ideal_s) / 3600')} AS speed_loss,
  ${ifParts('NULL', 'run_s / 3600')} AS run_without_parts,
  down_s / 3600 AS downtime,
  planned_s / 3600 AS planned_stop,
  unknown_s / 3600 AS unknown
FROM total
ORDER BY ${scope.by}_id`;
  }

  /**
   * Time by state in the chosen shifts, in hours: a state holds until the next one, the last until the machine's last tick, for a dead gateway
   * confirms nothing. Needs raw values.
   */
  states(scope: LakeScope): string {
    return `WITH ${shiftSpansSql(this.#calendar)},
${chosenSpansSql(SHIFTS)},
change AS (
  SELECT ${PATH_COLUMNS}, ts, value_string AS state,
    lead(ts) OVER (PARTITION BY path ORDER BY ts) AS next_ts
  FROM ${this.#view}
  WHERE ${partitions(-LOOK_BACK_DAYS, 1)}
    AND ${SIGNAL} = 'state'
    AND ${scope.condition}
),
confirmed AS (
  SELECT ${PATH_COLUMNS}, max(ts) AS until_ts
  FROM ${this.#view}
  WHERE ${partitions(0, 1)}
    AND ${SIGNAL} = 'busy-s'
    AND ${scope.condition}
  GROUP BY split_part(path, '/', 2), split_part(path, '/', 3)
),
span AS (
  SELECT state, greatest(ts, ${FROM}) AS begins_ms, least(coalesce(next_ts, until_ts, ts), ${TO}) AS ends_ms
  FROM change
  LEFT JOIN confirmed ON confirmed.line_id = change.line_id AND confirmed.machine_id = change.machine_id
)
SELECT state, sum(least(ends_ms, to_ms) - greatest(begins_ms, from_ms)) / 3.6e6 AS hours
FROM span
JOIN chosen_span ON begins_ms < to_ms AND ends_ms > from_ms
WHERE begins_ms < ends_ms
GROUP BY state
ORDER BY hours DESC`;
  }

  /**
   * Share of each machine's time that nobody knows: ticks that say so, and minutes without a tick. A machine that told nothing is among them; of a
   * range that ends in the future only what has passed counts.
   */
  gaps({ condition }: LakeScope): string {
    const { site } = this.#props;
    const lines = site.lines
      .map(({ id, machines }) => ({ id, machineIds: machines.filter(writesTicks).map((machine) => machine.id) }))
      .filter(({ machineIds }) => machineIds.length > 0);
    const now = 'to_unixtime(current_timestamp) * 1000';
    return `WITH machine_path AS (
  SELECT line_id, machine_id, concat(${text(`${site.id}/`)}, line_id, '/', machine_id, '/') AS path
  FROM (
  ${lines.length === 0 ? NO_MACHINE : machinesSql(lines)}
  ) AS machine
),
machine AS (
  SELECT line_id, machine_id FROM machine_path WHERE ${condition}
),
${this.#ticks({ condition, by: 'machine' })},
told AS (
  SELECT line_id, machine_id,
    sum(CASE WHEN signal IN ('busy-s', 'planned-s') THEN value_double ELSE 0 END) AS known_s,
    max(CASE WHEN signal = 'busy-s' THEN ts END) AS newest_ts
  FROM tick
  GROUP BY line_id, machine_id
)
SELECT machine.line_id AS line, machine.machine_id AS machine,
  1 - coalesce(known_s, 0) / nullif(greatest(least(${TO}, ${now}) - ${FROM}, 0) / 1e3, 0) AS unknown_share,
  from_unixtime(newest_ts / 1e3) AS newest
FROM machine
LEFT JOIN told ON told.line_id = machine.line_id AND told.machine_id = machine.machine_id
ORDER BY unknown_share DESC, line, machine`;
  }

  /** The ticks of the range; of lines, those of the machines that make their figure. */
  #ticks({ condition, by }: LakeScope): string {
    const { qualityFeedback, uncountedPaths } = this.#props;
    const excluded =
      by === 'line' && uncountedPaths.length > 0
        ? `\n    AND regexp_extract(path, '^[^/]+/[^/]+/[^/]+') NOT IN ${texts(uncountedPaths)}`
        : '';
    return ticksSql({ view: this.#view, where: `${IN_RANGE}\n    AND ${condition}${excluded}`, qualityFeedback });
  }

  /** The local days that the range touches, with the one before, from whose night it may begin, and the midnight after. */
  get #calendar(): ShiftCalendar {
    const { timeZone, shifts } = this.#props.site;
    const dayOf = (milliseconds: string) =>
      `CAST(from_unixtime(${milliseconds} / 1e3) AT TIME ZONE ${text(timeZone)} AS date)`;
    return { timeZone, shifts, days: { first: daysLater(dayOf(FROM), -1), last: daysLater(dayOf(TO), 1) } };
  }

  get #view(): string {
    return `"${this.#props.database}"."${this.#props.view}"`;
  }
}

const NO_MACHINE = `SELECT line_id, machine_id FROM (VALUES ('', '')) AS line (line_id, machine_id) WHERE false`;

/** Ids of the shifts to choose from, and what is outside of all; of a site without shifts, the whole day. */
export function shiftChoices({ shifts }: Site): { id: string; name: string }[] {
  if (shifts.length === 0) return [WHOLE_DAY];
  return [...shifts.map(({ id, name }) => ({ id, name: name ?? id })), { id: NO_SHIFT, name: 'Outside of all shifts' }];
}

function writesTicks({ state }: Machine): boolean {
  return state !== undefined;
}

/** The filter by partition for Grafana's range with some days more: constant, so that Athena reads no other day. */
function partitions(firstDays: number, lastDays: number): string {
  const day = (milliseconds: string, days: number) =>
    `date_format(from_unixtime((${milliseconds} + ${days * 86_400_000}) / 1e3), '%Y-%m-%d')`;
  return `dt BETWEEN ${day(FROM, firstDays)} AND ${day(TO, lastDays)}`;
}
