import { computed, signal } from '@preact/signals';
import type { LineNode, MachineNode, SignalNode, TreeResponse } from '../../../api/contract.ts';
import { createFormats } from '../logic/format.ts';
import { resolvePeriod } from '../logic/period.ts';
import { ApiError, requestJson } from './api.ts';
import { nowMs } from './live.ts';
import { route } from './router.ts';

/** The factory as the hub knows it. undefined until it answered. */
export const tree = signal<TreeResponse | undefined>(undefined);
/** Why there is no tree yet. */
export const treeFault = signal<{ readonly status: number; readonly message: string } | undefined>(undefined);

/** Formats of the browser's language in the site's time zone. */
export const formats = computed(() => createFormats(navigator.language, tree.value?.timeZone ?? 'UTC'));

/** The period that the page is about; a new object only when it begins or ends elsewhere, or stops running. */
export const period = (() => {
  let former = resolvePeriod({ window: 'hour' }, Date.now(), 'UTC', []);
  return computed(() => {
    const next = resolvePeriod(route.value, nowMs.value, tree.value?.timeZone ?? 'UTC', tree.value?.shifts ?? []);
    const same =
      next.fromMs === former.fromMs &&
      next.endMs === former.endMs &&
      next.running === former.running &&
      next.window === former.window;
    if (!same) former = next;
    return former;
  });
})();

/** What the address names, as far as it exists. */
export interface Place {
  readonly tree: TreeResponse;
  readonly line: LineNode | undefined;
  readonly machine: MachineNode | undefined;
  readonly sensor: SignalNode | undefined;
}

/** Finds a path in the tree; undefined if something in it does not exist. */
export function placeOf(root: TreeResponse, path: string): Place | undefined {
  const [site, lineId, machineId, sensorId] = path.split('/');
  if (site !== root.id) return undefined;
  const line = root.lines.find((each) => each.id === lineId);
  const machine = line?.machines.find((each) => each.id === machineId);
  const sensor = machine?.sensors.find((each) => each.id === sensorId);
  if (lineId !== undefined && line === undefined) return undefined;
  if (machineId !== undefined && machine === undefined) return undefined;
  if (sensorId !== undefined && sensor === undefined) return undefined;
  return { tree: root, line, machine, sensor };
}

/** Asks for the tree until it is there, and again after the hub came back. */
export async function loadTree(): Promise<void> {
  try {
    tree.value = await requestJson<TreeResponse>('/tree');
    treeFault.value = undefined;
  } catch (error) {
    const fault =
      error instanceof ApiError
        ? { status: error.status, message: error.message }
        : { status: 0, message: 'The hub does not answer.' };
    treeFault.value = fault;
    if (fault.status !== 401 && fault.status !== 403) window.setTimeout(() => void loadTree(), 2000);
  }
}
