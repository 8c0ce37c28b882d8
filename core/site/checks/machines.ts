import type { SitePath } from '../fault.ts';
import { showValue } from '../fault.ts';
import type { CounterSignal, MachineFile } from '../schema.ts';
import { hasIdealCycle } from '../site.ts';
import type { SourceConfig } from '../source-schema.ts';
import type { CheckContext } from './context.ts';
import { placedMachines } from './context.ts';

/** How many times faster than ideal a counter may claim to be before it looks like a mistyped unit. */
const PLAUSIBLE_SPEED_FACTOR = 50;

/** A machine's states, counters and cycle times can give an OEE that means something. */
export function checkMachines(context: CheckContext): void {
  for (const { machine, path } of placedMachines(context.site)) {
    checkStates(context, machine, path);
    checkProduction(context, machine, path);
    for (const name of ['produced', 'rejected'] as const) {
      const signal = machine[name];
      if (signal !== undefined) checkCounter(context, machine, signal, [...path, name]);
    }
    checkStaleness(context, machine, path);
  }
}

function checkStates(context: CheckContext, machine: MachineFile, path: SitePath): void {
  const { state } = machine;
  const map = [...path, 'state', 'map'];
  if (state !== undefined && !context.isFaulty(map) && !Object.values(state.map).includes('RUNNING')) {
    context.fault(map, {
      message: 'must have a code that means RUNNING, or the machine never runs',
      got: Object.values(state.map).join(', ') || 'no codes',
      hint: 'For example {1: RUNNING, 2: IDLE, 3: FAULT}',
    });
  }
  const unknown = machine.lossCategories.UNKNOWN;
  if (unknown !== undefined && unknown !== 'unknown') {
    context.fault([...path, 'lossCategories', 'UNKNOWN'], {
      message: 'must stay unknown: time that nobody observed never counts as anything else',
      got: unknown,
      hint: 'Remove it',
    });
  }
  if (state !== undefined || context.isFaulty([...path, 'state'])) return;
  for (const name of ['produced', 'rejected', 'reason', 'product'] as const) {
    if (machine[name] === undefined) continue;
    context.warning([...path, name], { message: 'counts for no OEE, since the machine has no state' });
  }
}

function checkProduction(context: CheckContext, machine: MachineFile, path: SitePath): void {
  const { products, produced } = machine;
  const hasCycle = machine.idealCycleSeconds !== undefined || products.length > 0;
  const isWhole = !['idealCycleSeconds', 'products', 'produced', 'product'].some((key) =>
    context.isFaulty([...path, key]),
  );
  if (machine.state !== undefined && produced === undefined && isWhole) {
    context.warning([...path, 'state'], {
      message:
        "gives availability alone, since the machine has no parts counter (produced): it has no OEE and no part in its line's",
    });
  }
  if (produced !== undefined && !hasCycle && isWhole) {
    context.fault(path, {
      message: 'counts parts but has no ideal cycle: idealCycleSeconds is missing',
      hint: 'Give the seconds that one part takes at best, for the machine or for each of its products',
    });
  }
  if (machine.rejected !== undefined && produced === undefined && isWhole) {
    context.fault([...path, 'rejected'], {
      message: 'needs produced beside it: rejected parts are a share of those produced',
    });
  }
  if (produced !== undefined && hasCycle && !hasIdealCycle(machine) && isWhole) {
    context.fault([...path, 'products'], {
      message: 'are never chosen, since the machine has no product signal, so its parts have no ideal cycle',
      hint: 'Give the address of the product code, or idealCycleSeconds for the machine',
    });
  } else if (products.length > 0 && machine.product === undefined && !context.isFaulty([...path, 'product'])) {
    context.warning([...path, 'products'], {
      message: 'are never chosen, since the machine has no product signal that says which one runs',
    });
  }
  if (produced !== undefined && hasIdealCycle(machine) && machine.idealCycleSeconds === undefined && isWhole) {
    context.warning(path, {
      message: 'has no idealCycleSeconds, so a product code that products does not name counts no ideal time',
    });
  }
}

function checkCounter(context: CheckContext, machine: MachineFile, signal: CounterSignal, path: SitePath): void {
  const { modulus, maxRatePerSecond } = signal.counter;
  const ratePath = [...path, 'counter', 'maxRatePerSecond'];
  const cycles = [machine.idealCycleSeconds, ...machine.products.map((product) => product.idealCycleSeconds)];
  const shortest = Math.min(...cycles.filter((cycle) => cycle !== undefined));
  const partsPerSecond = 1 / shortest;
  if (path.at(-1) === 'produced' && maxRatePerSecond < partsPerSecond * (1 - 1e-9)) {
    context.fault(ratePath, {
      message: `must be at least ${round(partsPerSecond)}: an ideal cycle of ${shortest} s makes that many parts a second`,
      got: String(maxRatePerSecond),
      hint: `Set it well above, e.g. ${round(2 * partsPerSecond)}, or correct the ideal cycle`,
    });
  } else if (Number.isFinite(shortest) && maxRatePerSecond > partsPerSecond * PLAUSIBLE_SPEED_FACTOR) {
    context.warning(ratePath, {
      message: `is far above what an ideal cycle of ${shortest} s allows (${round(partsPerSecond)} parts a second), so a reset may pass for a rollover`,
      got: String(maxRatePerSecond),
    });
  }
  if (modulus === undefined) return;
  const modulusPath = [...path, 'counter', 'modulus'];
  const range = countRange(signal);
  if (range !== undefined && modulus > range) {
    context.fault(modulusPath, {
      message: `must be at most ${range}, since format ${signal.modbus?.format ?? ''} counts no further`,
      got: String(modulus),
    });
  }
  const secondsToRollOver = (modulus * signal.scale) / maxRatePerSecond;
  const staleness = machine.stalenessSeconds ?? context.site.stalenessSeconds;
  if (secondsToRollOver < 2 * staleness) {
    context.warning(modulusPath, {
      message: `lets the counter roll over within ${round(secondsToRollOver)} s at the highest rate, too fast to tell rollovers apart after a short gap`,
      got: String(modulus),
    });
  }
}

function countRange(signal: CounterSignal): number | undefined {
  const format = signal.modbus?.format;
  if (format === 'uint16') return 2 ** 16;
  if (format === 'int16') return 2 ** 15;
  if (format === 'uint32') return 2 ** 32;
  return format === 'int32' ? 2 ** 31 : undefined;
}

/** Values that come less often than they go stale would make the machine UNKNOWN between any two of them. */
function checkStaleness(context: CheckContext, machine: MachineFile, path: SitePath): void {
  const source = context.site.sources.find(({ id }) => id === machine.source);
  if (source === undefined) return;
  const interval = intervalMs(source);
  const staleness = machine.stalenessSeconds ?? context.site.stalenessSeconds;
  if (interval < staleness * 1000) return;
  const key = source.protocol === 'opcua' ? 'publishingIntervalMs' : 'pollingIntervalMs';
  const place = machine.stalenessSeconds === undefined ? [...path, 'source'] : [...path, 'stalenessSeconds'];
  context.fault(place, {
    message: `does not fit: values of source ${source.id} come every ${interval} ms (${key}) but go stale after ${staleness} s`,
    got: showValue(machine.stalenessSeconds ?? machine.source, []),
    hint: `Ask more often, or raise stalenessSeconds (60 at most)`,
  });
}

function intervalMs(source: SourceConfig): number {
  return source.protocol === 'opcua' ? source.publishingIntervalMs : source.pollingIntervalMs;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
