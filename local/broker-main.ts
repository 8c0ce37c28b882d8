import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { type RunningTier, runTier, UserFault } from '../core/process.ts';
import type { BrokerOptions } from './broker-options.ts';

/**
 * Starts an MQTT broker on loopback, for sites that have none on their LAN. It keeps nothing on disk, nor has to:
 * the gateways' outboxes do (docs/telemetry.md).
 */
async function startBroker({ port }: BrokerOptions): Promise<RunningTier> {
  const broker = await Aedes.createBroker({ concurrency: 1000 });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? 'is taken by another program' : `can't be opened (${error.message})`;
      reject(new UserFault(`Port ${port} of the MQTT broker ${taken}. Choose another with --broker-port.`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    info: { address: `mqtt://127.0.0.1:${port}` },
    stop: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

await runTier(process, startBroker, (message) => process.stderr.write(`${message}\n`));
