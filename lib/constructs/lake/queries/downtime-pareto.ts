import { DEFAULT_LOSS_CATEGORY, MACHINE_STATES } from '../../../../core/telemetry/types.ts';
import { SAMPLES_VIEW } from '../layout.ts';
import {
  daysLater,
  instantMs,
  lastWeek,
  PATH_COLUMNS,
  partitionsOf,
  type QueriedDays,
  type QueriedSite,
  rows,
  SIGNAL,
  text,
  texts,
} from './sql.ts';

/** What the Pareto of downtime is about. */
export interface DowntimePareto extends QueriedSite {
  /** @default the last week */
  readonly days?: QueriedDays;
}

/** A state is sent once, when it changes: how far back the one is looked for that held when the range began. */
const LOOK_BACK_DAYS = 31;

/**
 * Unplanned downtime by machine, state and reason, longest first in each line: from `state` and `reason`, each of which holds until the next. The
 * last state ends with the machine's last tick: a dead gateway is no downtime of the machine. See `stateSpans` and `lossesOf` in core/oee.
 */
export function downtimeParetoSql(query: DowntimePareto): string {
  const { timeZone, lines } = query;
  const days = query.days ?? lastWeek(timeZone);
  const downStates = MACHINE_STATES.filter((state) => DEFAULT_LOSS_CATEGORY[state] === 'down');
  const overrides = lines.flatMap(({ id, machines }) =>
    machines.flatMap((machine) =>
      MACHINE_STATES.flatMap((state) => {
        const category = machine.categoryOfState[state];
        if (category === DEFAULT_LOSS_CATEGORY[state]) return [];
        return [`${text(id)}, ${text(machine.id)}, ${text(state)}, ${category === 'down'}`];
      }),
    ),
  );
  const hasOverrides = overrides.length > 0;
  const machine = 'PARTITION BY line_id, machine_id';
  const isDown = `span.state IN ${texts(downStates)}`;
  return `-- Unplanned downtime by state and reason, in days of the time zone ${timeZone}.
WITH period AS (
  SELECT ${instantMs(`CAST(${days.first} AS timestamp)`, timeZone)} AS from_ms,
    ${instantMs(`CAST(${daysLater(days.last, 1)} AS timestamp)`, timeZone)} AS to_ms
),
${
  hasOverrides
    ? `loss_override (line_id, machine_id, state, is_down) AS (
  VALUES
${rows(overrides)}
),
`
    : ''
}point AS (
  SELECT ${PATH_COLUMNS}, ts,
    max(CASE WHEN ${SIGNAL} = 'state' THEN value_string END) AS state,
    max(CASE WHEN ${SIGNAL} = 'reason' THEN value_string END) AS reason
  FROM ${SAMPLES_VIEW}
  WHERE ${partitionsOf(days, LOOK_BACK_DAYS)}
    AND ${SIGNAL} IN ('state', 'reason')
  GROUP BY split_part(path, '/', 2), split_part(path, '/', 3), ts
),
numbered AS (
  SELECT *,
    count(state) OVER (${machine} ORDER BY ts) AS state_number,
    count(reason) OVER (${machine} ORDER BY ts) AS reason_number
  FROM point
),
carried AS (
  SELECT line_id, machine_id, ts,
    lead(ts) OVER (${machine} ORDER BY ts) AS next_ts,
    max(state) OVER (${machine}, state_number) AS state,
    nullif(max(reason) OVER (${machine}, reason_number), '') AS reason
  FROM numbered
),
confirmed AS (
  SELECT ${PATH_COLUMNS}, max(ts) AS until_ts
  FROM ${SAMPLES_VIEW}
  WHERE ${partitionsOf(days)}
    AND ${SIGNAL} = 'busy-s'
  GROUP BY split_part(path, '/', 2), split_part(path, '/', 3)
),
span AS (
  SELECT carried.line_id AS line_id, carried.machine_id AS machine_id, state, reason,
    greatest(ts, from_ms) AS begins_ms,
    least(coalesce(next_ts, until_ts, ts), to_ms) AS ends_ms,
    ts <= from_ms
      OR lag(state) OVER (PARTITION BY carried.line_id, carried.machine_id ORDER BY ts) IS DISTINCT FROM state
      OR lag(reason) OVER (PARTITION BY carried.line_id, carried.machine_id ORDER BY ts) IS DISTINCT FROM reason AS is_new
  FROM carried
  CROSS JOIN period
  LEFT JOIN confirmed ON confirmed.line_id = carried.line_id AND confirmed.machine_id = carried.machine_id
),
loss AS (
  SELECT span.line_id AS line_id, span.machine_id AS machine_id, span.state AS state, reason,
    sum(ends_ms - begins_ms) / 60000 AS minutes,
    count(CASE WHEN is_new THEN 1 END) AS occurrences
  FROM span${
    hasOverrides
      ? `
  LEFT JOIN loss_override ON loss_override.line_id = span.line_id
    AND loss_override.machine_id = span.machine_id
    AND loss_override.state = span.state`
      : ''
  }
  WHERE ends_ms > begins_ms
    AND ${hasOverrides ? `coalesce(is_down, ${isDown})` : isDown}
  GROUP BY span.line_id, span.machine_id, span.state, reason
)
SELECT line_id, machine_id, state, reason, minutes, occurrences,
  sum(minutes) OVER (PARTITION BY line_id ORDER BY minutes DESC ROWS UNBOUNDED PRECEDING)
    / sum(minutes) OVER (PARTITION BY line_id) AS cumulative_share_of_line
FROM loss
ORDER BY line_id, minutes DESC`;
}
