import { SAMPLES_VIEW } from '../layout.ts';
import { daysLater, machinesSql, PATH_COLUMNS, type QueriedSite } from './sql.ts';

const LOOK_BACK_DAYS = 7;

/**
 * How fresh each machine's values in the lake are, the most silent first; a machine of which nothing came within a week is among them. The lake is
 * written every quarter of an hour: younger silence is seen in SiteWise and on the hub.
 */
export function freshnessSql({ lines }: Pick<QueriedSite, 'lines'>): string {
  const machines = machinesSql(lines.map(({ id, machines }) => ({ id, machineIds: machines.map(({ id }) => id) })));
  return `-- Newest value of each machine in the lake, and how long values are on their way.
WITH machine AS (
  ${machines}
),
newest AS (
  SELECT ${PATH_COLUMNS},
    max(ts) AS newest_ms,
    max(ingested_at) AS ingested_ms,
    avg(ingested_at - ts) / 1000 AS average_delay_s,
    count(*) AS row_count
  FROM ${SAMPLES_VIEW}
  WHERE dt >= CAST(${daysLater('current_date', -LOOK_BACK_DAYS)} AS varchar)
  GROUP BY split_part(path, '/', 2), split_part(path, '/', 3)
)
SELECT machine.line_id AS line_id, machine.machine_id AS machine_id,
  from_unixtime(newest_ms / 1000) AS newest_value_at,
  (to_unixtime(current_timestamp) * 1000 - newest_ms) / 60000 AS silent_minutes,
  from_unixtime(ingested_ms / 1000) AS newest_arrival_at,
  average_delay_s,
  row_count
FROM machine
LEFT JOIN newest ON newest.line_id = machine.line_id AND newest.machine_id = machine.machine_id
ORDER BY newest_ms NULLS FIRST`;
}
