import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { assertPortsFree, freePort } from '../../../local/factory/ports.ts';

describe('ports', () => {
  test('that are taken are all named, with what to do', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const free = await freePort();
    const needed = [
      { port, owner: 'the dashboard', remedy: 'with --port' },
      { port: free, owner: 'the MQTT broker', remedy: 'with --broker-port' },
    ];
    await expect(assertPortsFree(needed, 0)).rejects.toThrow(
      `Port ${port} of the dashboard is taken by another program: stop that program, or choose another port with --port.`,
    );
    const waiting = assertPortsFree(needed, 5_000);
    server.close();
    await expect(waiting).resolves.toBeUndefined();
  });
});
