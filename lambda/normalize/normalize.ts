import { decodeBatch } from '../../core/telemetry/decode.ts';
import { fromMachineMessage } from '../../core/telemetry/message.ts';
import { isAggregateSignal } from '../../core/telemetry/residency.ts';
import type { Sample } from '../../core/telemetry/types.ts';
import type { DeadValue, SiteWiseSelection } from './contract.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Lake } from './lake.ts';
import { lakeRecords, lakeRow } from './rows.ts';
import type { SiteWise } from './sitewise.ts';
import { deadValue, machineOf, siteWiseWork } from './sitewise-entries.ts';

/** What normalization works with. */
export interface NormalizeTools {
  readonly lake: Pick<Lake, 'put'>;
  readonly siteWise: Pick<SiteWise, 'put'>;
  readonly deadLetters: Pick<DeadLetters, 'put'>;
  readonly selection: SiteWiseSelection;
  /** Whether only aggregates may be here: the second lock, should a gateway send what it must not. */
  readonly aggregatesOnly: boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

/** One record of the stream. */
export interface StreamRecord {
  /** The batch as the gateway published it. */
  readonly payload: Uint8Array;
  /** The gateway's IoT thing: the partition key. */
  readonly gateway: string;
  readonly sequenceNumber: string;
  /** When the stream got it, ms since 1970. */
  readonly arrivedAtMs: number;
}

/** How a record was dealt with. */
export interface Normalized {
  readonly rows: number;
  /** Values that went to the dead-letter bucket, or 'unreadable' where the whole message did. */
  readonly dead: number | 'unreadable';
  /** The first reason. */
  readonly reason?: string;
}

/**
 * Brings a gateway's batch to the lake and to SiteWise. The lake first: it has everything. A record may come several times, and then ends in the
 * same.
 * @throws Error where a service refuses for now: the record is to be tried again.
 */
export async function normalize(record: StreamRecord, tools: NormalizeTools): Promise<Normalized> {
  const { payload, gateway, sequenceNumber, arrivedAtMs } = record;
  const head = { atMs: tools.now(), gateway, sequenceNumber };
  const batch = decodeBatch(payload);
  if (typeof batch === 'string') {
    await tools.deadLetters.put({ ...head, reason: batch, ...withheld(payload, tools.aggregatesOnly) });
    return { rows: 0, dead: 'unreadable', reason: batch };
  }
  const dead: DeadValue[] = [];
  const samples = batch.machines
    .flatMap(fromMachineMessage)
    .filter((sample) => mayBeHere(sample, tools.aggregatesOnly, dead))
    .filter((sample) => isOwn(sample, gateway, tools, dead));
  await tools.lake.put(lakeRecords(samples.map((sample) => lakeRow(sample, arrivedAtMs))));
  const { entries, refused } = siteWiseWork(samples, tools.selection);
  dead.push(...refused, ...(await tools.siteWise.put(entries)));
  const [first] = dead;
  if (first === undefined) return { rows: samples.length, dead: 0 };
  await tools.deadLetters.put({ ...head, reason: first.reason, values: dead });
  return { rows: samples.length, dead: dead.length, reason: first.reason };
}

/** A raw value where only aggregates may be is not stored anywhere, not even as a dead letter; that it came is. */
function mayBeHere({ path, timeMs }: Sample, aggregatesOnly: boolean, dead: DeadValue[]): boolean {
  if (!aggregatesOnly || isAggregateSignal(path.slice(path.lastIndexOf('/') + 1))) return true;
  dead.push({ path, ts: timeMs, reason: 'A raw value, and the site keeps those: residency is aggregates' });
  return false;
}

/**
 * Whether the gateway reads the value's machine: a batch names any path, and the thing's name alone is proven. Where a machine moves to
 * another gateway, what the old one still sends live is put aside; what it had not sent for long comes by the backlog, which does not
 * pass here.
 */
function isOwn(
  sample: Sample,
  gateway: string,
  { selection, aggregatesOnly }: NormalizeTools,
  dead: DeadValue[],
): boolean {
  const machine = machineOf(sample.path, selection);
  if (machine?.gateway === gateway) return true;
  const sent = `Gateway ${gateway} sent a value of ${sample.path.slice(0, sample.path.lastIndexOf('/'))}`;
  const reason =
    machine === undefined ? `${sent}, which no gateway reads` : `${sent}, which gateway ${machine.gateway} reads`;
  // With residency: aggregates nothing that is in doubt is kept: a raw value could bear an aggregate's name.
  dead.push(aggregatesOnly ? { path: sample.path, ts: sample.timeMs, reason } : deadValue(sample, reason));
  return false;
}

/** What nobody can read may hold raw values. */
function withheld(payload: Uint8Array, aggregatesOnly: boolean): { payloadBase64?: string } {
  return aggregatesOnly ? {} : { payloadBase64: Buffer.from(payload).toString('base64') };
}
