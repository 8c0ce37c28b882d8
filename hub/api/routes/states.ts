import type { Hono } from 'hono';
import { type ApiContext, parametersOf } from '../context.ts';
import type { StatesResponse } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { simulatedIn } from '../simulated.ts';
import { readStateSpans } from '../state-spans.ts';

const LONGEST_MS = 32 * 24 * 3_600_000;

/** `/states`: who stood when, and why. */
export function addStatesRoute(app: Hono, api: ApiContext): void {
  app.get('/states', async (context) => {
    const parameters = parametersOf(context, api, ['path', 'from', 'to']);
    const located = parameters.path(['machine']);
    if (located.level !== 'machine') throw new ProblemError(400, 'The path is not that of a machine.', 'path');
    const range = parameters.range(LONGEST_MS, 'a timeline');
    const spans = await readStateSpans(api, located.machine, range);
    const isSimulated = await simulatedIn(api, [located.path], range);
    return context.json<StatesResponse>({
      path: located.path,
      from: api.instant(range.fromMs),
      // The future has no states yet.
      to: api.instant(Math.max(range.fromMs, Math.min(range.toMs, api.now()))),
      states: spans.map(({ fromMs, toMs, state, category, reason }) => ({
        from: api.instant(fromMs),
        to: api.instant(toMs),
        state,
        category,
        reason,
        simulated: isSimulated({ fromMs, toMs }),
      })),
    });
  });
}
