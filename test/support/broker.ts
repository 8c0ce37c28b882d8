import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';

/** An MQTT broker in process, on loopback and a free port. */
export interface TestBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a broker; `port` starts it again where one was stopped. */
export async function startBroker(port = 0): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const server: Server = createServer(aedes.handle);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no TCP address');
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    stop: async () => {
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
