import type { Sample } from '../../core/telemetry/types.ts';
import type { LakeRow } from './contract.ts';

/** The lake's row of a sample. @param ingestedAtMs when the cloud got it. */
export function lakeRow({ path, timeMs, value, quality }: Sample, ingestedAtMs: number): LakeRow {
  return {
    path,
    ts: timeMs,
    dt: utcDay(timeMs),
    quality,
    value_double: typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null,
    value_string: typeof value === 'string' ? value : null,
    ingested_at: ingestedAtMs,
  };
}

/** `2026-03-29`, the day in UTC that an instant lies in. */
export function utcDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The most rows that Firehose takes out of one record: deaggregation is capped at 500. */
export const MAX_ROWS_A_RECORD = 500;
/** Far below the 1,000 KiB that a record may have, so that several fit into a request of 4 MiB. */
export const MAX_RECORD_BYTES = 256 * 1024;

/**
 * Packs rows into as few Firehose records as its limits allow, as JSON lines: each record is charged as at least 5 KB, and a row has
 * some 150 bytes.
 */
export function lakeRecords(rows: readonly LakeRow[]): Buffer[] {
  const records: Buffer[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (lines.length > 0) records.push(Buffer.from(lines.join('')));
    lines = [];
    bytes = 0;
  };
  for (const row of rows) {
    const line = `${JSON.stringify(row)}\n`;
    const size = Buffer.byteLength(line);
    if (lines.length === MAX_ROWS_A_RECORD || (bytes + size > MAX_RECORD_BYTES && lines.length > 0)) close();
    lines.push(line);
    bytes += size;
  }
  close();
  return records;
}
