import type { OeeFigure, OeeResponse, OeeWindow } from '../../../api/contract.ts';
import type { WindowChoice } from '../logic/route.ts';
import { query, useFetched } from '../state/api.ts';
import { liveFigure } from '../state/live.ts';
import { period } from '../state/plant.ts';

const WINDOWS: Readonly<Record<WindowChoice, OeeWindow>> = { hour: '1h', shift: 'shift', day: 'day', range: '1h' };

/** The figure of the chosen period. Of the running hour it comes live, with the running minute in it. */
export function usePeriodFigure(path: string): { readonly figure: OeeFigure | null; readonly loading: boolean } {
  const { window, fromMs, endMs, running } = period.value;
  const live = liveFigure(path).value;
  const fetched = useFetched<OeeResponse>(
    `${path}|${window}|${fromMs}|${endMs}`,
    () =>
      `/oee${query({ path, window: WINDOWS[window], from: new Date(fromMs).toISOString(), to: new Date(endMs).toISOString() })}`,
    running ? 5_000 : 60_000,
  );
  const isLive = window === 'hour' && running && live !== undefined && Date.parse(live.start) === fromMs;
  if (isLive) return { figure: live, loading: false };
  return { figure: fetched.data?.total ?? null, loading: fetched.data === undefined };
}
