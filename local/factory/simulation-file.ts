import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserFault } from '../../core/process.ts';
import { STRETCH_MS } from '../simulator/model/plant.ts';

const schema = z.object({
  seed: z.int(),
  /** When the plant's life began, ms since 1970. */
  startMs: z.int(),
  /** Up to when the history reaches; fixed when its making began. */
  historyEndMs: z.int().optional(),
  historyDone: z.boolean().default(false),
});

/** Which simulated plant this data folder belongs to: it lives on, start after start. */
export type SimulationRecord = z.output<typeof schema>;

const MINUTE_MS = 60_000;

/** The record of a data folder; a new one begins a day before `nowMs`, which the history then fills. */
export function simulationRecord(dataFolder: string, seed: number, nowMs: number): SimulationRecord {
  const file = join(dataFolder, 'simulation.json');
  if (existsSync(file)) {
    const parsed = schema.safeParse(parse(readFileSync(file, 'utf8')));
    if (!parsed.success) {
      throw new UserFault(`${file} is damaged. Delete it to let another simulated plant begin, or restore it.`);
    }
    return parsed.data;
  }
  const record = { seed, startMs: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - STRETCH_MS, historyDone: false };
  writeSimulationRecord(dataFolder, record);
  return record;
}

/** Replaces the record in one step. */
export function writeSimulationRecord(dataFolder: string, record: SimulationRecord): void {
  const file = join(dataFolder, 'simulation.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`);
  renameSync(`${file}.new`, file);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
