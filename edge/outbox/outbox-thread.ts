/** The thread that owns the outbox and brings it to the hub. durable-way.ts is the other side. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { forgivingDestination } from '../../core/log-destination.ts';
import { UserFault } from '../../core/process.ts';
import { connectBroker } from '../broker.ts';
import { HUB_CONSUMER, HubLink } from '../hub-link.ts';
import type { OutboxThreadData } from './durable-way.ts';
import { isDiskFull } from './fault.ts';
import { Outbox } from './outbox.ts';

/** What the thread is asked. */
export type ThreadRequest =
  | {
      readonly type: 'append';
      readonly id: number;
      readonly entries: readonly string[];
      readonly checkpoints: ReadonlyMap<string, string>;
    }
  | { readonly type: 'stop' };

/** What it answers. */
export type ThreadReply =
  | { readonly type: 'opened'; readonly checkpoints: ReadonlyMap<string, string> }
  | { readonly type: 'fault'; readonly message: string }
  | { readonly type: 'appended'; readonly id: number }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string; readonly diskFull: boolean };

const EXPIRE_INTERVAL_MS = 10_000;

if (parentPort !== null) {
  const port = parentPort;
  const tell = (reply: ThreadReply) => port.postMessage(reply);
  const data = workerData as OutboxThreadData;
  try {
    const outbox = Outbox.open({ folder: data.folder });
    tell({ type: 'opened', checkpoints: outbox.checkpoints() });
    run(outbox);
  } catch (error) {
    if (!(error instanceof UserFault)) throw error;
    tell({ type: 'fault', message: error.message });
    port.close();
  }

  function run(outbox: Outbox): void {
    const { site, gateway, brokerUrl, brokerOptions, logLevel } = data;
    const logger = pino(
      { name: `outbox ${gateway}`, level: logLevel },
      forgivingDestination((line) => writeSync(1, line)),
    );
    const client = connectBroker(brokerUrl, brokerOptions, logger);
    const link = new HubLink({ site, gateway, outbox, client, logger });
    link.start();
    const timer = setInterval(() => {
      try {
        outbox.expire([HUB_CONSUMER], Date.now());
      } catch (error) {
        logger.warn({ reason: String(error) }, 'could not tidy up the outbox; tried again soon');
      }
    }, EXPIRE_INTERVAL_MS);

    const append = (id: number, entries: readonly string[], checkpoints: ReadonlyMap<string, string>) => {
      try {
        outbox.append(entries, checkpoints, Date.now());
        tell({ type: 'appended', id });
        link.wake();
      } catch (error) {
        tell({ type: 'refused', id, reason: String(error), diskFull: isDiskFull(error) });
      }
    };
    port.on('message', (request: ThreadRequest) => {
      if (request.type === 'append') return append(request.id, request.entries, request.checkpoints);
      clearInterval(timer);
      link.stop();
      outbox.close();
      client.end(true, {}, () => port.close());
    });
  }
}
