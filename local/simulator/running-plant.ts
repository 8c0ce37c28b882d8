import { machinesOf, type Site } from '../../core/site/site.ts';
import type { DemoControls } from './control.ts';
import type { DemoAction } from './model/machine.ts';
import { type Plant, type PlcView, STEP_MS } from './model/plant.ts';
import type { SimulatedServer } from './simulated-server.ts';

/** Sensors are shown at each n-th step. */
const SENSOR_STEPS = 2;
/** After a long pause (a laptop that slept) the plant catches up in slices, so that clients are still answered. */
const CATCH_UP_SLICE_MS = 600_000;

/** Drives the plant by the real clock and shows it through its PLCs' servers. */
export class RunningPlant implements DemoControls {
  private readonly site: Site;
  private readonly plant: Plant;
  private readonly servers: readonly SimulatedServer[];
  private readonly now: () => number;
  private readonly onError: (message: string) => void;
  private timer: NodeJS.Timeout | undefined;
  private steps = 0;
  /** Machines whose PLC somebody disconnected. */
  private readonly disconnected = new Set<string>();
  /** Starting and stopping one server never overlap. */
  private readonly switching = new Map<string, Promise<void>>();

  constructor(
    site: Site,
    plant: Plant,
    servers: readonly SimulatedServer[],
    now: () => number,
    onError: (message: string) => void,
  ) {
    this.site = site;
    this.plant = plant;
    this.servers = servers;
    this.now = now;
    this.onError = onError;
  }

  /** Brings the plant up to now, opens all PLCs' ports and lives on. @throws UserFault where a port is taken */
  async start(): Promise<void> {
    while (this.plant.nowMs + CATCH_UP_SLICE_MS < this.now()) {
      this.plant.advanceTo(this.nextSlice());
      await new Promise(setImmediate);
    }
    for (const server of this.servers) await server.start();
    this.tick();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await Promise.all(this.switching.values());
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  state(): ReturnType<DemoControls['state']> {
    return {
      machines: machinesOf(this.site).map(({ path }) => ({
        path,
        active: [...this.plant.active(path), ...(this.disconnected.has(path) ? (['disconnect'] as const) : [])],
      })),
    };
  }

  async act(machinePath: string, action: DemoAction, on: boolean): Promise<boolean> {
    if (!this.plant.has(machinePath)) return false;
    if (action !== 'disconnect') this.plant.act(machinePath, action, on);
    else await this.connect(machinePath, !on);
    return true;
  }

  private nextSlice(): number {
    // A stretch long past is not lived through: the plant begins anew each day.
    return Math.max(this.plant.nowMs + CATCH_UP_SLICE_MS, this.plant.stretchStart(this.now()));
  }

  /** One PLC may serve several machines: they vanish together, and come back when the last of them may. */
  private async connect(machinePath: string, on: boolean): Promise<void> {
    const server = this.servers.find(({ machinePaths }) => machinePaths.includes(machinePath));
    if (server === undefined) return;
    for (const path of server.machinePaths) {
      if (on) this.disconnected.delete(path);
      else this.disconnected.add(path);
    }
    const before = this.switching.get(server.sourceId) ?? Promise.resolve();
    const next = before
      .then(() => (on ? server.start() : server.stop()))
      .catch((error: unknown) => this.onError(error instanceof Error ? error.message : String(error)));
    this.switching.set(server.sourceId, next);
    await next;
  }

  private tick(): void {
    const now = this.now();
    this.plant.advanceTo(Math.min(now, this.nextSlice()));
    const views = new Map<string, PlcView>();
    for (const machine of machinesOf(this.site)) views.set(machine.path, this.plant.view(machine));
    const sensorsToo = this.steps % SENSOR_STEPS === 0;
    this.steps += 1;
    for (const server of this.servers) {
      server.update((path) => {
        const view = views.get(path);
        if (view === undefined) throw new RangeError(`${path} is not in the plant`);
        return view;
      }, sensorsToo);
    }
    this.timer = setTimeout(() => this.tick(), Math.max(this.plant.nowMs + STEP_MS - this.now(), 0));
  }
}
