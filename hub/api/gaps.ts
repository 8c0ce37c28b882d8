import type { Machine } from '../../core/site/site.ts';
import type { ApiContext } from './context.ts';
import { readStateSpans } from './state-spans.ts';

/** Times of a machine without a confirmed source: its UNKNOWN states; for a machine without a state none is known. */
export async function gapsOf(
  api: ApiContext,
  machine: Machine,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly fromMs: number; readonly toMs: number }[]> {
  if (machine.state === undefined) return [];
  const spans = await readStateSpans(api, machine, range);
  return spans.filter(({ state }) => state === 'UNKNOWN').map(({ fromMs, toMs }) => ({ fromMs, toMs }));
}
