import type { ModbusTcpSource } from '../../../core/site/source-schema.ts';
import type { AdapterContext, AdapterSink } from '../adapter.ts';
import { SourceError } from '../source-error.ts';
import { type ConnectOnce, pause } from '../supervised.ts';
import { BlockReader } from './block-reader.ts';
import { connectModbus, type ModbusClient, modbusFaultText } from './client.ts';
import { type ModbusSignal, planBlocks } from './plan.ts';
import { PollGrid } from './poll-grid.ts';

/** Where nothing is due for longer, one request shows that the device lives: staleness is decided after ten seconds. */
const HEARTBEAT_MS = 3000;

/** One connection to a Modbus TCP server: polls every signal in its interval until the connection breaks. */
export function modbusConnection(
  source: ModbusTcpSource,
  signals: readonly ModbusSignal[],
  sink: AdapterSink,
  context: AdapterContext,
): ConnectOnce {
  const blocksByInterval = [...Map.groupBy(signals, ({ intervalMs }) => intervalMs ?? source.pollingIntervalMs)].map(
    ([intervalMs, group]) => [intervalMs, planBlocks(group, source.maxGapRegisters)] as const,
  );
  const warned = new Set<ModbusSignal>();

  return async (signal, connected) => {
    const finished = new AbortController();
    const live = AbortSignal.any([signal, finished.signal]);
    let client: ModbusClient | undefined;
    try {
      client = await connectModbus(source, live);
      const reader = new BlockReader(client, source, context.logger, warned);
      const grid = new PollGrid(
        blocksByInterval.map(([intervalMs]) => intervalMs),
        performance.now(),
      );
      for (let round = 0; !live.aborted; round += 1) {
        const due = grid.due(performance.now());
        const blocks = blocksByInterval
          .filter((_entry, index) => due.has(index))
          .flatMap(([, ofInterval]) => ofInterval);
        const readings = blocks.length > 0 ? await reader.read(blocks) : await reader.heartbeat(signals[0]);
        if (live.aborted) return;
        if (readings.length > 0) sink.readings(readings);
        else sink.confirmed();
        if (round === 0) connected();
        const waitMs = Math.min(grid.nextMs - performance.now(), HEARTBEAT_MS);
        await Promise.race([client.broken, pause(Math.max(0, waitMs), live)]);
      }
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(modbusFaultText(error, source), { cause: error });
    } finally {
      finished.abort();
      client?.close();
    }
  };
}
