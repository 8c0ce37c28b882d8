import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { Queries } from './database.ts';

/** Ticks come each minute, so simulated batches further apart than this are different periods. */
const JOIN_MS = 120_000;

export interface PeriodMs {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The time that a simulated batch covers, machine by machine. */
export function simulatedSpans(batches: readonly BatchMessage[]): Map<string, PeriodMs> {
  const spans = new Map<string, PeriodMs>();
  for (const batch of batches) {
    if (batch.simulated !== true) continue;
    for (const { machine, base, signals } of batch.machines) {
      for (const { t } of Object.values(signals)) {
        for (const offset of t) {
          const span = spans.get(machine);
          const timeMs = base + offset;
          if (span === undefined) spans.set(machine, { fromMs: timeMs, toMs: timeMs });
          else if (timeMs < span.fromMs || timeMs > span.toMs) {
            spans.set(machine, { fromMs: Math.min(span.fromMs, timeMs), toMs: Math.max(span.toMs, timeMs) });
          }
        }
      }
    }
  }
  return spans;
}

/** Adds a period, joined with those that it touches. */
export async function addSimulatedPeriod(queries: Queries, machinePath: string, period: PeriodMs): Promise<void> {
  const touched = await queries.query<{ from_ms: number; to_ms: number }>(
    `DELETE FROM simulated_period WHERE machine_path = $1 AND from_ms <= $2 AND to_ms >= $3
     RETURNING from_ms::float8 AS from_ms, to_ms::float8 AS to_ms`,
    [machinePath, period.toMs + JOIN_MS, period.fromMs - JOIN_MS],
  );
  await queries.query('INSERT INTO simulated_period (machine_path, from_ms, to_ms) VALUES ($1, $2, $3)', [
    machinePath,
    Math.min(period.fromMs, ...touched.map((row) => row.from_ms)),
    Math.max(period.toMs, ...touched.map((row) => row.to_ms)),
  ]);
}
