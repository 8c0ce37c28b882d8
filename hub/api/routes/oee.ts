import type { Hono } from 'hono';
import { type ApiContext, parametersOf } from '../context.ts';
import { OEE_WINDOWS, type OeeFigure, type OeeResponse, type OeeWindow } from '../contract.ts';
import { figuresFromTicks } from '../oee-figures.ts';
import { figureMachines } from '../oee-machines.ts';
import { LONGEST_RANGE_MS, type RequestedWindow, requestedWindows } from '../oee-windows.ts';

/** The metrics that an asset model names for a window, and where they go in a figure. */
const RATIOS = ['availability', 'performance', 'quality', 'oee'] as const;

/** `/oee`: figures by window, and of the whole range. */
export function addOeeRoute(app: Hono, api: ApiContext): void {
  app.get('/oee', async (context) => {
    const parameters = parametersOf(context, api, ['path', 'window', 'from', 'to']);
    const located = parameters.path(['site', 'line', 'machine']);
    const window = parameters.choice('window', OEE_WINDOWS);
    const range = parameters.range(LONGEST_RANGE_MS[window], `for window=${window} it`);
    const windows = requestedWindows(window, range, api.site);
    const [total, ...figures] = await figuresFromTicks(api, figureMachines(located), [range, ...windows]);
    const modelled = await modelFigures(api, located.path, window, windows);
    return context.json<OeeResponse>({
      path: located.path,
      window,
      figures: figures.flatMap((figure, index) => {
        if (figure === undefined) return [];
        // The formulas cannot tell an unknown ideal cycle from a machine that made nothing: their 0 would be a made-up number.
        const isModelled = figure.complete && (figure.oee !== null || figure.busySeconds === 0);
        const ratios = isModelled ? modelled.get(windows[index]?.toMs ?? Number.NaN) : undefined;
        return [{ ...figure, ...ratios }];
      }),
      total: total ?? null,
    });
  });
}

/** What the asset models' formulas gave, by the window's end: they are the factory's own definition of OEE. */
async function modelFigures(
  { historian }: ApiContext,
  path: string,
  window: OeeWindow,
  windows: readonly RequestedWindow[],
): Promise<Map<number, Partial<OeeFigure>>> {
  const figures = new Map<number, Partial<Record<(typeof RATIOS)[number], number | null>>>();
  const first = windows.at(0);
  const last = windows.at(-1);
  if (window === 'shift' || window === 'day' || first === undefined || last === undefined) return figures;
  const properties = RATIOS.map((ratio) => `${ratio}_${window}`);
  for (const { property, endMs, value } of await historian.metrics(path, properties, first.fromMs, last.toMs)) {
    const ratio = RATIOS[properties.indexOf(property)];
    if (ratio !== undefined) figures.set(endMs, { ...figures.get(endMs), [ratio]: value });
  }
  return figures;
}
