import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startControl } from '../../../local/simulator/control.ts';
import { Plant } from '../../../local/simulator/model/plant.ts';
import { RunningPlant } from '../../../local/simulator/running-plant.ts';
import type { SimulatedServer } from '../../../local/simulator/simulated-server.ts';
import { tinySite } from '../tiny-site.ts';

const PRESS = 'tiny/line-1/press';

/** A server that only notes whether it is open. */
class NotedServer implements SimulatedServer {
  readonly sourceId = 'press-plc';
  readonly address = 'nowhere';
  readonly machinePaths = [PRESS];
  open = false;
  updates = 0;
  async start() {
    this.open = true;
  }
  async stop() {
    this.open = false;
  }
  update() {
    this.updates += 1;
  }
}

describe('the control endpoint of the demo', () => {
  const noted = new NotedServer();
  let plant: RunningPlant;
  let control: Awaited<ReturnType<typeof startControl>>;
  let now = Date.parse('2026-11-20T12:00:00Z');

  beforeAll(async () => {
    const site = tinySite();
    const faults: string[] = [];
    plant = new RunningPlant(
      site,
      new Plant(site, 3, now),
      [noted],
      () => now,
      (message) => faults.push(message),
    );
    now += 3_600_000;
    await plant.start();
    control = await startControl(0, 'the secret', plant);
  });
  afterAll(async () => {
    control.server.close();
    control.server.closeAllConnections();
    await plant.stop();
  });

  const ask = (init: RequestInit = {}, secret = 'the secret') =>
    fetch(control.url, { ...init, headers: { authorization: `Bearer ${secret}` } });
  const act = (body: object) => ask({ method: 'POST', body: JSON.stringify(body) });

  test('tells nobody anything who does not know the secret', async () => {
    expect((await ask({}, 'wrong')).status).toBe(401);
    expect((await fetch(control.url)).status).toBe(401);
  });

  test('begins and ends actions, and says which are on', async () => {
    const on = await act({ machine: PRESS, action: 'stop', on: true });
    expect(await on.json()).toEqual({
      machines: [
        { path: PRESS, active: ['stop'] },
        { path: 'tiny/line-1/oven', active: [] },
      ],
    });
    await act({ machine: PRESS, action: 'stop', on: false });
    expect(await (await ask()).json()).toMatchObject({ machines: [{ active: [] }, { active: [] }] });
  });

  test('takes a PLC off the network and brings it back', async () => {
    expect(noted.open).toBe(true);
    const off = await act({ machine: PRESS, action: 'disconnect', on: true });
    expect(await off.json()).toMatchObject({ machines: [{ active: ['disconnect'] }, { active: [] }] });
    expect(noted.open).toBe(false);
    await act({ machine: PRESS, action: 'disconnect', on: false });
    expect(noted.open).toBe(true);
  });

  test.each([
    [400, { machine: PRESS, action: 'explode', on: true }],
    [400, { machine: PRESS, action: 'stop', on: true, force: true }],
    [404, { machine: 'tiny/line-1/ghost', action: 'stop', on: true }],
  ])('answers %i to %j', async (status, body) => {
    expect((await act(body)).status).toBe(status);
  });

  test('answers 400 to what is no JSON and 413 to what is too long', async () => {
    expect((await ask({ method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask({ method: 'POST', body: 'x'.repeat(10_000) })).status).toBe(413);
    expect((await ask({ method: 'DELETE' })).status).toBe(405);
  });
});
