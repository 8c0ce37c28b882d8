import { batch, type Signal, signal } from '@preact/signals';
import type { LiveMachine, LiveOee, LiveProgress, LiveSnapshot, LiveValue, OeeFigure } from '../../../api/contract.ts';
import type { Point } from '../logic/series.ts';

/** How long values are kept for the running charts. */
export const LIVE_MINUTES = 10;
/** Heartbeats come each 2 s: after this long without anything the hub counts as lost. */
const SILENCE_MS = 5_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000];

/** Whether figures on the page are current. */
export interface Link {
  readonly status: 'connecting' | 'live' | 'lost';
  /** When the hub was last heard, server time; undefined if never. */
  readonly heardMs: number | undefined;
}

export const link = signal<Link>({ status: 'connecting', heardMs: undefined });
/** Now, by the hub's clock, each second: ages never depend on the browser's clock being right. */
export const nowMs = signal(Date.now());
export const progress = signal<LiveProgress | null>(null);
/** The newest change of state, for screen readers. */
export const lastChange = signal<LiveMachine | undefined>(undefined);

const machines = new Map<string, Signal<LiveMachine | undefined>>();
const values = new Map<string, Signal<LiveValue | undefined>>();
const figures = new Map<string, Signal<OeeFigure | undefined>>();
const recent = new Map<string, Signal<readonly Point[]>>();
let offsetMs = 0;

function slot<T>(map: Map<string, Signal<T>>, path: string, empty: T): Signal<T> {
  let found = map.get(path);
  if (found === undefined) {
    found = signal(empty);
    map.set(path, found);
  }
  return found;
}

/** A machine as it is now. */
export const liveMachine = (path: string) => slot(machines, path, undefined);
/** A sensor's newest value. */
export const liveValue = (path: string) => slot(values, path, undefined);
/** OEE of the running hour of a site, line or machine. */
export const liveFigure = (path: string) => slot(figures, path, undefined);
/** What came live of a sensor in the last minutes, oldest first. */
export const recentPoints = (path: string) => slot<readonly Point[]>(recent, path, []);

function takeValues(list: readonly LiveValue[]): void {
  const oldest = Date.now() + offsetMs - LIVE_MINUTES * 60_000;
  for (const each of list) {
    liveValue(each.path).value = each;
    const timeMs = Date.parse(each.t);
    const points = recentPoints(each.path);
    if (timeMs <= (points.peek().at(-1)?.timeMs ?? 0)) continue;
    const kept = points.peek().filter((point) => point.timeMs >= oldest);
    points.value = [...kept, { timeMs, value: each.value, quality: each.quality }];
  }
}

function takeMachine(machine: LiveMachine, announce: boolean): void {
  const current = liveMachine(machine.path);
  const changed = current.peek()?.state !== machine.state;
  current.value = machine;
  if (announce && changed) lastChange.value = machine;
}

function takeFigures(list: readonly LiveOee[]): void {
  for (const { path, figure } of list) liveFigure(path).value = figure;
}

function heard(at?: string): void {
  if (at !== undefined) offsetMs = Date.parse(at) - Date.now();
  const time = Date.now() + offsetMs;
  link.value = { status: 'live', heardMs: time };
}

let source: EventSource | undefined;
let subscribed: string | undefined;
let failures = 0;
let retry = 0;

function connect(path: string): void {
  window.clearTimeout(retry);
  const next = new EventSource(`/api/v1/live?path=${encodeURIComponent(path)}`);
  const former = source;
  source = next;
  const on = <T>(name: string, take: (data: T) => void): void => {
    next.addEventListener(name, (event) => {
      if (source !== next) return;
      batch(() => {
        const data = JSON.parse(event.data) as T;
        if (name !== 'snapshot' && name !== 'heartbeat') heard();
        take(data);
      });
    });
  };
  on<LiveSnapshot>('snapshot', (snapshot) => {
    former?.close();
    failures = 0;
    heard(snapshot.at);
    takeValues(snapshot.values);
    for (const machine of snapshot.machines) takeMachine(machine, false);
    takeFigures(snapshot.oee);
    progress.value = snapshot.progress;
  });
  on<readonly LiveValue[]>('values', takeValues);
  on<LiveMachine>('machine', (machine) => takeMachine(machine, true));
  on<readonly LiveOee[]>('oee', takeFigures);
  on<LiveProgress | null>('progress', (now) => {
    progress.value = now;
  });
  on<{ at: string }>('heartbeat', ({ at }) => heard(at));
  next.addEventListener('error', () => {
    if (source !== next) return;
    next.close();
    former?.close();
    link.value = { ...link.peek(), status: 'lost' };
    // Our own retry: the browser's gives up for good after an HTTP error.
    retry = window.setTimeout(() => connect(path), RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  });
}

/** Follows a site, line or machine; the former stream ends once the new one has spoken. */
export function follow(path: string): void {
  if (path === subscribed) return;
  subscribed = path;
  connect(path);
}

/** Ticks the clock and watches for silence. */
export function startClock(): void {
  let last = Date.now();
  window.setInterval(() => {
    const elapsed = Date.now() - last;
    last = Date.now();
    nowMs.value = last + offsetMs;
    const { status, heardMs } = link.peek();
    // After sleep the silence is the laptop's own: give the stream a moment to speak.
    if (status !== 'live' || heardMs === undefined || elapsed > SILENCE_MS) return;
    if (nowMs.value - heardMs > SILENCE_MS) {
      link.value = { status: 'lost', heardMs };
      if (subscribed !== undefined) connect(subscribed);
    }
  }, 1000);
}
