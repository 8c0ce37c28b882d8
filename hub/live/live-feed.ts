import type { LiveMachine, LiveOee, LiveProgress, LiveSnapshot, LiveValue } from '../api/contract.ts';

/** Values go to a browser at most this often; state changes go at once. */
const VALUES_INTERVAL_MS = 200;

/** One server-sent event. */
export interface LiveEvent {
  readonly event: 'snapshot' | 'values' | 'machine' | 'oee' | 'progress' | 'heartbeat';
  readonly data: unknown;
}

/** Whether something at `path` belongs to what is looked at. A line's or site's OEE also comes to those who look at a part. */
function within(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/**
 * What one browser has not yet been sent: only the newest of each machine, value and figure. So a slow browser costs a
 * bounded amount of memory, and sees the present as soon as it can.
 */
export class LiveClient {
  readonly #scope: string;
  readonly #machines = new Map<string, LiveMachine>();
  readonly #values = new Map<string, LiveValue>();
  readonly #oee = new Map<string, LiveOee>();
  #progress: LiveProgress | null | undefined;
  #heartbeat: LiveEvent | undefined;
  #lastValuesMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;
  #closed = false;

  /** @param scope - the path of a site, line or machine, or '' for everything. */
  constructor(scope: string) {
    this.#scope = scope;
  }

  machine(machine: LiveMachine): void {
    if (!within(machine.path, this.#scope)) return;
    this.#machines.set(machine.path, machine);
    this.#wake?.();
  }

  value(value: LiveValue): void {
    if (!within(value.path, this.#scope)) return;
    this.#values.set(value.path, value);
  }

  oee(figures: readonly LiveOee[]): void {
    for (const figure of figures) if (within(figure.path, this.#scope)) this.#oee.set(figure.path, figure);
  }

  progress(progress: LiveProgress | null): void {
    this.#progress = progress;
  }

  heartbeat(at: string): void {
    this.#heartbeat = { event: 'heartbeat', data: { at } };
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  get closed(): boolean {
    return this.#closed;
  }

  snapshot(snapshot: LiveSnapshot): LiveEvent {
    const inScope = <Item extends { readonly path: string }>(items: readonly Item[]) =>
      items.filter(({ path }) => within(path, this.#scope));
    const { machines, values, oee } = snapshot;
    const data = { ...snapshot, machines: inScope(machines), values: inScope(values), oee: inScope(oee) };
    return { event: 'snapshot', data };
  }

  /** Waits until there is something to send: state changes end the wait at once, values after their interval. */
  async wait(): Promise<void> {
    if (this.#closed || this.#machines.size > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, VALUES_INTERVAL_MS);
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }

  /** Takes what is to be sent now. */
  take(nowMs: number): LiveEvent[] {
    const events: LiveEvent[] = [...this.#machines.values()].map((data) => ({ event: 'machine', data }));
    this.#machines.clear();
    if (this.#values.size > 0 && nowMs - this.#lastValuesMs >= VALUES_INTERVAL_MS * 0.9) {
      events.push({ event: 'values', data: [...this.#values.values()] });
      this.#values.clear();
      this.#lastValuesMs = nowMs;
    }
    if (this.#oee.size > 0) {
      events.push({ event: 'oee', data: [...this.#oee.values()] });
      this.#oee.clear();
    }
    if (this.#progress !== undefined) {
      events.push({ event: 'progress', data: this.#progress });
      this.#progress = undefined;
    }
    if (this.#heartbeat !== undefined) {
      events.push(this.#heartbeat);
      this.#heartbeat = undefined;
    }
    return events;
  }
}

/** All browsers that look. */
export class LiveFeed {
  readonly #clients = new Set<LiveClient>();

  get size(): number {
    return this.#clients.size;
  }

  join(scope: string): LiveClient {
    const client = new LiveClient(scope);
    this.#clients.add(client);
    return client;
  }

  leave(client: LiveClient): void {
    client.close();
    this.#clients.delete(client);
  }

  /** Does something for each. */
  each(act: (client: LiveClient) => void): void {
    for (const client of this.#clients) act(client);
  }
}
