import { useMemo } from 'preact/hooks';
import type { SamplesResponse } from '../../../api/contract.ts';
import { clip, doubtfulStretches, type Point, pointsOf, type Series, type Stretch, seriesOf } from '../logic/series.ts';
import { query, useFetched } from '../state/api.ts';
import { LIVE_MINUTES, liveMachine, nowMs, recentPoints } from '../state/live.ts';

/** Start and end of the running chart. */
export interface LiveSeries {
  readonly series: Series;
  /** Times of UNCERTAIN values. */
  readonly doubtful: readonly Stretch[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** A sensor's last ten minutes: what the historian has, and since then what came live. */
export function useLiveSeries(path: string): LiveSeries {
  const machine = liveMachine(path.split('/').slice(0, 3).join('/')).value;
  const fetched = useFetched<SamplesResponse>(
    path,
    () => {
      const toMs = nowMs.peek();
      const from = new Date(toMs - LIVE_MINUTES * 60_000).toISOString();
      return `/samples${query({ path, from, to: new Date(toMs).toISOString(), maxPoints: 2000 })}`;
    },
    0,
  );
  const stored = useMemo(() => (fetched.data === undefined ? [] : pointsOf(fetched.data)), [fetched.data]);
  const gaps = useMemo(
    () => (fetched.data?.gaps ?? []).map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) })),
    [fetched.data],
  );
  const live = recentPoints(path).value;
  const toMs = nowMs.value;
  const fromMs = toMs - LIVE_MINUTES * 60_000;
  const confirmedMs = machine?.confirmedAt == null ? undefined : Date.parse(machine.confirmedAt);
  const { series, doubtful } = useMemo(() => {
    const firstLive = live[0]?.timeMs ?? Number.POSITIVE_INFINITY;
    const points: Point[] = [...stored.filter((point) => point.timeMs < firstLive), ...live];
    // A value that nobody confirms any more ends where it was last confirmed: after that there is a gap.
    const until = machine?.stale === true ? confirmedMs : toMs;
    return {
      series: clip(seriesOf(points, gaps, until), fromMs),
      doubtful: doubtfulStretches(points, until ?? toMs).filter((stretch) => stretch.toMs > fromMs),
    };
  }, [stored, live, gaps, toMs, machine?.stale, confirmedMs]);
  return { series, doubtful, fromMs, toMs };
}
