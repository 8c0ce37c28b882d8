import type { OeeFigure, OeeResponse, OeeWindow } from '../../../api/contract.ts';
import { trendPlan } from '../logic/period.ts';
import type { WindowChoice } from '../logic/route.ts';
import { query, useFetched } from '../state/api.ts';
import { liveFigure } from '../state/live.ts';
import { period } from '../state/plant.ts';

const WINDOWS: Readonly<Record<Exclude<WindowChoice, 'range'>, OeeWindow>> = { hour: '1h', shift: 'shift', day: 'day' };

/** The figure of the chosen period. Of the running hour it comes live, with the running minute in it. */
export function usePeriodFigure(path: string): { readonly figure: OeeFigure | null; readonly loading: boolean } {
  const { window, fromMs, endMs, running } = period.value;
  // Of a range only the total is asked: in windows as large as the hub takes for so long a time.
  const unit = window === 'range' ? trendPlan(period.value).window : WINDOWS[window];
  const live = liveFigure(path).value;
  const fetched = useFetched<OeeResponse>(
    `${path}|${window}|${fromMs}|${endMs}`,
    () =>
      `/oee${query({ path, window: unit, from: new Date(fromMs).toISOString(), to: new Date(endMs).toISOString() })}`,
    running ? 5_000 : 60_000,
  );
  const isLive = window === 'hour' && running && live !== undefined && Date.parse(live.start) === fromMs;
  if (isLive) return { figure: live, loading: false };
  return { figure: fetched.data?.total ?? null, loading: fetched.data === undefined };
}
