import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { MachineState } from '../../core/telemetry/types.ts';
import type { DemoActionRequest, LiveSnapshot, OeeWindow } from '../../hub/api/contract.ts';
import { countedPaths, iso, MockPlant, TREE } from './mock-plant.ts';

/** Serves the hub's API as hub/api/contract.ts has it, from a plant that exists only in memory, and the built dashboard. */

const WINDOW_MS: Readonly<Record<OeeWindow, number>> = {
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
  shift: 28_800_000,
  day: 86_400_000,
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** The policy that the hub sets too: what the page needs must work under it. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

export interface MockHubOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** The folder of the built dashboard. */
  readonly dashboardFolder: string;
  /** How often values come. @default 500 */
  readonly tickMs?: number;
}

export class MockHub {
  readonly plant = new MockPlant(Date.now());
  readonly #streams = new Set<{ readonly path: string; readonly sse: SSEStreamingApi }>();
  readonly #forcedValues = new Map<string, number>();
  readonly #active = new Map<string, Set<DemoActionRequest['action']>>();
  readonly #server;
  readonly #options: MockHubOptions;
  #ticker: NodeJS.Timeout | undefined;
  #silent = false;

  constructor(options: MockHubOptions) {
    this.#options = options;
    this.#server = createAdaptorServer({ fetch: this.#routes().fetch, hostname: '127.0.0.1' });
  }

  /** @returns its address, `http://127.0.0.1:<port>` */
  async start(): Promise<string> {
    this.#server.listen(this.#options.port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#ticker = setInterval(() => void this.#tick(), this.#options.tickMs ?? 500);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    await this.#hangUp();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Changes a machine's state now and says so at once. */
  async force(path: string, state: MachineState | undefined, reason: string | null = null): Promise<void> {
    if (state === undefined) this.plant.forced.delete(path);
    else this.plant.forced.set(path, { sinceMs: Date.now() - 5, state, reason });
    await this.#send('machine', this.plant.live(path, Date.now()), path);
  }

  /** Gives a sensor a value now. */
  async setValue(path: string, value: number): Promise<void> {
    this.#forcedValues.set(path, value);
    await this.#send('values', [{ path, t: iso(Date.now()), value, quality: 'GOOD' }], path);
  }

  /** As if the hub were gone: streams break, requests get 503. */
  async goSilent(silent: boolean): Promise<void> {
    this.#silent = silent;
    if (silent) await this.#hangUp();
  }

  async #hangUp(): Promise<void> {
    await Promise.all([...this.#streams].map(({ sse }) => sse.close()));
    this.#streams.clear();
  }

  async #send(event: string, data: unknown, path?: string): Promise<void> {
    const hears = (stream: string) => path === undefined || path.startsWith(stream);
    await Promise.all(
      [...this.#streams]
        .filter((each) => hears(each.path))
        .map(({ sse }) => sse.writeSSE({ event, data: JSON.stringify(data) })),
    );
  }

  #valuesUnder(path: string, nowMs: number) {
    return TREE.lines
      .flatMap((line) => line.machines)
      .filter((machine) => `${machine.path}/`.startsWith(`${path}/`) && !this.plant.live(machine.path, nowMs).stale)
      .flatMap((machine) => machine.sensors)
      .map((sensor) => ({
        path: sensor.path,
        t: iso(nowMs),
        value: this.#forcedValues.get(sensor.path) ?? this.plant.value(sensor.path, nowMs),
        quality: 'GOOD' as const,
      }));
  }

  #oeeUnder(path: string, nowMs: number) {
    const start = Math.floor(nowMs / 3_600_000) * 3_600_000;
    const all = [
      TREE.path,
      ...TREE.lines.flatMap((line) => [line.path, ...line.machines.map((machine) => machine.path)]),
    ];
    return all
      .filter((each) => each === path || each.startsWith(`${path}/`))
      .flatMap((each) => {
        const figure = this.plant.figure(countedPaths(each), start, start + 3_600_000, nowMs);
        return figure === null ? [] : [{ path: each, figure }];
      });
  }

  async #tick(): Promise<void> {
    const nowMs = Date.now();
    for (const { path, sse } of this.#streams) {
      const machines = TREE.lines.flatMap((line) => line.machines).filter((each) => each.path.startsWith(path));
      await sse.writeSSE({ event: 'values', data: JSON.stringify(this.#valuesUnder(path, nowMs)) });
      await sse.writeSSE({ event: 'oee', data: JSON.stringify(this.#oeeUnder(path, nowMs)) });
      for (const machine of machines)
        await sse.writeSSE({ event: 'machine', data: JSON.stringify(this.plant.live(machine.path, nowMs)) });
      await sse.writeSSE({ event: 'heartbeat', data: JSON.stringify({ at: iso(nowMs) }) });
    }
  }

  #routes(): Hono {
    const app = new Hono();
    const times = (context: Context) => ({
      path: context.req.query('path') ?? '',
      fromMs: Date.parse(context.req.query('from') ?? ''),
      toMs: Date.parse(context.req.query('to') ?? ''),
      nowMs: Date.now(),
    });
    app.use(async (context, next) => {
      if (this.#silent)
        return context.json(
          { type: 'about:blank', title: 'Unavailable', status: 503, detail: 'The hub is starting.' },
          503,
        );
      context.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
      return next();
    });
    app.get('/api/v1/tree', (context) => context.json(TREE));
    app.get('/api/v1/oee', (context) => {
      const { path, fromMs, toMs, nowMs } = times(context);
      const window = (context.req.query('window') ?? '1h') as OeeWindow;
      const size = WINDOW_MS[window];
      const figures = [];
      for (let start = Math.floor(fromMs / size) * size; start < Math.min(toMs, nowMs); start += size) {
        const figure = this.plant.figure(countedPaths(path), start, start + size, nowMs);
        if (figure !== null) figures.push(figure);
      }
      return context.json({ path, window, figures, total: this.plant.figure(countedPaths(path), fromMs, toMs, nowMs) });
    });
    app.get('/api/v1/states', (context) => {
      const { path, fromMs, toMs, nowMs } = times(context);
      return context.json({
        path,
        from: iso(fromMs),
        to: iso(toMs),
        states: this.plant.spans(path, fromMs, toMs, nowMs),
      });
    });
    app.get('/api/v1/losses', (context) => {
      const { path, fromMs, toMs, nowMs } = times(context);
      return context.json({
        path,
        from: iso(fromMs),
        to: iso(toMs),
        losses: this.plant.losses(countedPaths(path), fromMs, toMs, nowMs),
      });
    });
    app.get('/api/v1/samples', (context) => {
      const { path, fromMs, toMs, nowMs } = times(context);
      const machinePath = path.split('/').slice(0, 3).join('/');
      const step = Math.max(1000, (toMs - fromMs) / 800);
      const outage = this.plant.outage();
      const gaps = machinePath.endsWith('/labeller') && outage.fromMs < toMs && outage.toMs > fromMs ? [outage] : [];
      const points = [];
      for (let at = fromMs; at < Math.min(toMs, nowMs); at += step) {
        if (gaps.some((gap) => gap.fromMs <= at && at < gap.toMs)) continue;
        points.push({ t: iso(at), value: this.plant.value(path, at), quality: 'GOOD' });
      }
      const unit = this.plant.machine(machinePath).sensors.find((each) => each.path === path)?.unit ?? null;
      const simulated =
        fromMs < this.plant.startedMs ? [{ from: iso(fromMs), to: iso(Math.min(toMs, this.plant.startedMs)) }] : [];
      return context.json({
        path,
        unit,
        before: gaps.length > 0 ? null : { t: iso(fromMs), value: this.plant.value(path, fromMs), quality: 'GOOD' },
        points,
        reduced: step > 1000,
        nextCursor: null,
        gaps: gaps.map((gap) => ({ from: iso(gap.fromMs), to: iso(gap.toMs) })),
        simulated,
      });
    });
    app.get('/api/v1/live', (context) =>
      streamSSE(context, async (sse) => {
        const path = context.req.query('path') ?? TREE.path;
        const nowMs = Date.now();
        const machines = TREE.lines.flatMap((line) => line.machines).filter((each) => each.path.startsWith(path));
        const snapshot: LiveSnapshot = {
          at: iso(nowMs),
          machines: machines.map((each) => this.plant.live(each.path, nowMs)),
          values: this.#valuesUnder(path, nowMs),
          oee: this.#oeeUnder(path, nowMs),
          progress: null,
        };
        await sse.writeSSE({ event: 'snapshot', data: JSON.stringify(snapshot) });
        const stream = { path, sse };
        this.#streams.add(stream);
        await new Promise<void>((resolve) => {
          sse.onAbort(resolve);
          if (sse.closed) resolve();
        });
        this.#streams.delete(stream);
      }),
    );
    app.get('/api/v1/demo', (context) =>
      context.json({ machines: [...this.#active].map(([path, active]) => ({ path, active: [...active] })) }),
    );
    app.post('/api/v1/demo/actions', async (context) => {
      const { machine, action, on } = (await context.req.json()) as DemoActionRequest;
      const active = this.#active.get(machine) ?? new Set();
      if (on) active.add(action);
      else active.delete(action);
      this.#active.set(machine, active);
      if (action === 'stop') await this.force(machine, on ? 'FAULT' : undefined, 'Stopped by the operator');
      if (action === 'disconnect') await this.force(machine, on ? 'UNKNOWN' : undefined);
      return context.body(null, 204);
    });
    app.get('/api/*', (context) =>
      context.json({ type: 'about:blank', title: 'Not found', status: 404, detail: 'No such resource.' }, 404),
    );
    app.get('*', async (context) => {
      const asked = normalize(context.req.path);
      const file = extname(asked) === '' ? 'index.html' : asked;
      const body = await readFile(join(this.#options.dashboardFolder, file)).catch(() => undefined);
      if (body === undefined) return context.notFound();
      return context.body(body, 200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    });
    return app;
  }
}
