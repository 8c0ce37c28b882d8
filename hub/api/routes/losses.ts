import type { Hono } from 'hono';
import { TOTALS_SIGNALS, totalsOf } from '../../../core/oee/figures.ts';
import { lossesOf, mergeLosses } from '../../../core/oee/losses.ts';
import { type ApiContext, parametersOf } from '../context.ts';
import type { LossesResponse } from '../contract.ts';
import { figureMachines } from '../oee-machines.ts';

const LONGEST_MS = 32 * 24 * 3_600_000;

/** `/losses`: what the time and the parts were lost to, largest first. */
export function addLossesRoute(app: Hono, api: ApiContext): void {
  app.get('/losses', async (context) => {
    const parameters = parametersOf(context, api, ['path', 'from', 'to']);
    const located = parameters.path(['site', 'line', 'machine']);
    const range = parameters.range(LONGEST_MS, 'a Pareto of losses');
    const machines = figureMachines(located);
    const paths = machines.map(({ path }) => path);
    const sums = await api.historian.tickSums(paths, TOTALS_SIGNALS, [range]);
    const lists = await Promise.all(
      machines.map(async (machine) => {
        const ticks = sums.find(({ machinePath }) => machinePath === machine.path)?.sums;
        return lossesOf({
          times: await api.stateDays.times(machine, range),
          totals: ticks?.has('run-s') === true ? totalsOf(ticks) : undefined,
          idealCycleSeconds: machine.idealCycleSeconds,
        });
      }),
    );
    return context.json<LossesResponse>({
      path: located.path,
      from: api.instant(range.fromMs),
      to: api.instant(range.toMs),
      losses: mergeLosses(lists),
    });
  });
}
