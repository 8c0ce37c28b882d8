import type { LiveMachine, StateSpan } from '../../../api/contract.ts';

/** A state span with its times as numbers. */
export interface TimelineSpan extends Pick<StateSpan, 'state' | 'category' | 'reason' | 'simulated'> {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a state takes of a stretch of the timeline, 0..1. */
export interface TimelinePart {
  readonly span: TimelineSpan;
  readonly share: number;
}

/** A stretch of the timeline, in pixels from its left edge: one state, or several where they are too short to stand apart. */
export interface TimelineBox {
  readonly x: number;
  readonly width: number;
  /** From the bottom up: running, planned, unknown, losses. Adds up to less than 1 where time is not covered. */
  readonly parts: readonly TimelinePart[];
}

/** `/states` with times as numbers. */
export function toSpans(states: readonly StateSpan[]): TimelineSpan[] {
  return states.map(({ from, to, state, category, reason, simulated }) => ({
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    state,
    category,
    reason,
    simulated,
  }));
}

/**
 * What was fetched, brought up to now by what came live: the last span goes on while its state holds, and a newer
 * state starts a span of its own.
 */
export function withLive(spans: readonly TimelineSpan[], live: LiveMachine | undefined, nowMs: number): TimelineSpan[] {
  const last = spans.at(-1);
  if (live === undefined || last === undefined) return [...spans];
  const sinceMs = Date.parse(live.since);
  if (live.state === last.state && live.reason === last.reason) {
    return [...spans.slice(0, -1), { ...last, toMs: Math.max(last.toMs, nowMs) }];
  }
  if (sinceMs < last.fromMs) return [...spans];
  const kept = spans.filter((span) => span.fromMs < sinceMs);
  const cut = kept.map((span) => (span.toMs > sinceMs ? { ...span, toMs: sinceMs } : span));
  const before = cut.at(-1);
  // What lies between the last fetched span and the change was its state: state is sent on each change.
  const joined = before === undefined ? cut : [...cut.slice(0, -1), { ...before, toMs: sinceMs }];
  const { state, category, reason } = live;
  return [...joined, { state, category, reason, simulated: false, fromMs: sinceMs, toMs: Math.max(sinceMs, nowMs) }];
}

/** Narrower than this a stop can't be told from its neighbours. */
const SLICE_PIXELS = 3;
const STACK = { run: 0, planned: 1, unknown: 2, down: 3 } as const;

/** The same state in the same way: may be drawn as one. */
function alike(a: TimelinePart, b: TimelinePart): boolean {
  return a.span.state === b.span.state && a.span.simulated === b.span.simulated;
}

function add(parts: TimelinePart[], part: TimelinePart): void {
  const at = parts.findIndex((each) => alike(each, part));
  const known = parts[at];
  if (known === undefined) parts.push(part);
  else parts[at] = { ...known, share: known.share + part.share };
}

/**
 * Lays spans out over `width` pixels, in slices. A slice that one state fills is joined with its like; in any other the
 * states share the height by their time. So a hundred micro-stops in an hour look like what they took, neither painted over
 * nor blown up: the area of a state is its time.
 */
export function layoutTimeline(
  spans: readonly TimelineSpan[],
  fromMs: number,
  toMs: number,
  width: number,
): TimelineBox[] {
  if (toMs <= fromMs || width < 1) return [];
  const slices = Math.max(1, Math.round(width / SLICE_PIXELS));
  const sliceMs = (toMs - fromMs) / slices;
  const filled: TimelinePart[][] = Array.from({ length: slices }, () => []);
  for (const span of spans) {
    const start = Math.max(span.fromMs, fromMs);
    const end = Math.min(span.toMs, toMs);
    if (end <= start) continue;
    const last = Math.min(slices - 1, Math.floor((end - fromMs) / sliceMs));
    for (let index = Math.floor((start - fromMs) / sliceMs); index <= last; index += 1) {
      const sliceStart = fromMs + index * sliceMs;
      const covered = Math.min(end, sliceStart + sliceMs) - Math.max(start, sliceStart);
      const parts = filled[index];
      if (covered > 0 && parts !== undefined) add(parts, { span, share: covered / sliceMs });
    }
  }
  return joined(filled, width / slices);
}

function joined(filled: readonly TimelinePart[][], sliceWidth: number): TimelineBox[] {
  const boxes: TimelineBox[] = [];
  filled.forEach((parts, index) => {
    const [only, ...others] = parts;
    if (only === undefined) return;
    const x = index * sliceWidth;
    const before = boxes.at(-1);
    const [former, ...more] = before?.parts ?? [];
    const full = (part: TimelinePart) => part.share > 0.999;
    const touches = before !== undefined && Math.abs(before.x + before.width - x) < 1e-6;
    if (
      touches &&
      former &&
      others.length === 0 &&
      more.length === 0 &&
      full(only) &&
      full(former) &&
      alike(only, former)
    ) {
      boxes[boxes.length - 1] = { ...before, width: x + sliceWidth - before.x };
      return;
    }
    boxes.push({
      x,
      width: sliceWidth,
      parts: parts.toSorted((a, b) => STACK[a.span.category] - STACK[b.span.category]),
    });
  });
  return boxes;
}

/** The index of the span that holds an instant; -1 if none does. */
export function spanAt(spans: readonly TimelineSpan[], timeMs: number): number {
  return spans.findIndex((span) => span.fromMs <= timeMs && timeMs < span.toMs);
}
