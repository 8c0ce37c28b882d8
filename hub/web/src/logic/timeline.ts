import type { LiveMachine, StateSpan } from '../../../api/contract.ts';

/** A state span with its times as numbers. */
export interface TimelineSpan extends Pick<StateSpan, 'state' | 'category' | 'reason' | 'simulated'> {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A rectangle of the timeline, in pixels from its left edge. */
export interface TimelineBox {
  readonly x: number;
  readonly width: number;
  readonly span: TimelineSpan;
  /** The span's index, or of the first where several share a pixel. */
  readonly index: number;
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

const PROMINENCE = { down: 3, unknown: 2, planned: 1, run: 0 } as const;

/**
 * Lays spans out over `width` pixels. Spans that share a pixel with another are shown by the most prominent of them
 * (a loss before a data gap before a planned stop before running), so that a micro-stop is never painted over.
 */
export function layoutTimeline(
  spans: readonly TimelineSpan[],
  fromMs: number,
  toMs: number,
  width: number,
): TimelineBox[] {
  if (toMs <= fromMs || width < 1) return [];
  const scale = width / (toMs - fromMs);
  const boxes: TimelineBox[] = [];
  spans.forEach((span, index) => {
    if (span.toMs <= fromMs || span.fromMs >= toMs) return;
    const x = Math.floor((Math.max(span.fromMs, fromMs) - fromMs) * scale);
    const end = Math.ceil((Math.min(span.toMs, toMs) - fromMs) * scale);
    const last = boxes.at(-1);
    const lastEnd = last === undefined ? 0 : last.x + last.width;
    if (last === undefined || x >= lastEnd) {
      boxes.push({ x, width: Math.max(1, end - x), span, index });
      return;
    }
    const stronger = PROMINENCE[span.category] > PROMINENCE[last.span.category];
    if (stronger) {
      // The pixel that both touch goes to the loss.
      if (x > last.x) boxes[boxes.length - 1] = { ...last, width: x - last.x };
      else boxes.pop();
      boxes.push({ x, width: Math.max(1, end - x), span, index });
    } else if (end > lastEnd) {
      boxes.push({ x: lastEnd, width: end - lastEnd, span, index });
    }
  });
  return boxes;
}

/** The index of the span that holds an instant; -1 if none does. */
export function spanAt(spans: readonly TimelineSpan[], timeMs: number): number {
  return spans.findIndex((span) => span.fromMs <= timeMs && timeMs < span.toMs);
}
