import type { Hono } from 'hono';
import { RESERVED_SIGNALS } from '../../../core/telemetry/types.ts';
import type { StoredPoint } from '../../historian/historian.ts';
import { type ApiContext, parametersOf } from '../context.ts';
import type { SamplesResponse } from '../contract.ts';
import { gapsOf } from '../gaps.ts';
import { readInstant } from '../instants.ts';
import type { Located, Parameters } from '../parameters.ts';
import { ProblemError } from '../problem.ts';

const DEFAULT_POINTS = 2000;
const MOST_POINTS = 20_000;
const LONGEST_MS = 400 * 24 * 3_600_000;

/** `/samples`: the trend of one signal, or with `cursor` every single value, page by page. */
export function addSamplesRoute(app: Hono, api: ApiContext): void {
  app.get('/samples', async (context) => {
    const parameters = parametersOf(context, api, ['path', 'from', 'to', 'maxPoints', 'cursor']);
    const located = parameters.path(['signal']);
    if (located.level !== 'signal') throw new ProblemError(400, 'The path is not that of a signal.', 'path');
    const unit = unitOf(located);
    const { fromMs, toMs } = parameters.range(LONGEST_MS, 'a trend');
    const maxPoints = parameters.integer('maxPoints', DEFAULT_POINTS, 4, MOST_POINTS);
    const afterMs = cursorOf(parameters, fromMs, toMs);
    const { points, reduced, nextMs } =
      afterMs === undefined
        ? { ...(await api.historian.reducedSamples(located.path, fromMs, toMs, maxPoints)), nextMs: undefined }
        : await page(api, located.path, afterMs, toMs, maxPoints);
    const periodOf = ({ fromMs: from, toMs: to }: { fromMs: number; toMs: number }) => {
      return { from: api.instant(from), to: api.instant(to) };
    };
    const pointOf = ({ timeMs, value, quality }: StoredPoint) => ({ t: api.instant(timeMs), value, quality });
    const before = (await api.historian.latestBefore([located.path], fromMs)).get(located.path);
    const simulated = await api.historian.simulatedPeriods(located.machine.path, fromMs, toMs);
    const gaps = await gapsOf(api, located.machine, { fromMs, toMs });
    return context.json<SamplesResponse>({
      path: located.path,
      unit,
      before: before === undefined ? null : pointOf(before),
      points: points.map(pointOf),
      reduced,
      nextCursor: nextMs === undefined ? null : new Date(nextMs).toISOString(),
      gaps: gaps.map(periodOf),
      simulated: simulated.map((period) =>
        periodOf({ fromMs: Math.max(period.fromMs, fromMs), toMs: Math.min(period.toMs, toMs) }),
      ),
    });
  });
}

/** Unreduced values after a time, and where the next page begins. */
async function page(api: ApiContext, path: string, afterMs: number, toMs: number, maxPoints: number) {
  const points = await api.historian.samples(path, afterMs, toMs, maxPoints + 1);
  const kept = points.slice(0, maxPoints);
  return { points: kept, reduced: false, nextMs: points.length > maxPoints ? kept.at(-1)?.timeMs : undefined };
}

/**
 * The time after which a page begins. The first request for single values says `cursor=start`; then it is the answer's
 * `nextCursor`.
 */
function cursorOf(parameters: Parameters, fromMs: number, toMs: number): number | undefined {
  const text = parameters.text('cursor');
  if (text === undefined) return undefined;
  if (text === 'start') return fromMs;
  const timeMs = readInstant(text);
  if (timeMs !== undefined && timeMs >= fromMs && timeMs <= toMs) return timeMs;
  throw new ProblemError(
    400,
    `The parameter cursor is ${JSON.stringify(text.slice(0, 60))}. It must be "start" or the nextCursor of the answer before, for the same range.`,
    'cursor',
  );
}

/** @throws {ProblemError} 404 for a signal that the machine does not have. */
function unitOf({ machine, signal, path }: Extract<Located, { level: 'signal' }>): string | null {
  const sensor = machine.sensors.find(({ id }) => id === signal);
  if (sensor !== undefined) return sensor.unit ?? null;
  if (RESERVED_SIGNALS.includes(signal)) return signal.endsWith('-s') ? 's' : null;
  const known = machine.sensors.map(({ id }) => id).join(', ');
  throw new ProblemError(
    404,
    `The machine has no signal ${JSON.stringify(path)}. Its sensors: ${known || 'none'}.`,
    'path',
  );
}
