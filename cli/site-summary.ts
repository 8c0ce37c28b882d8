import { sourceAddress } from '../core/site/checks/sources.ts';
import type { SiteFault } from '../core/site/load.ts';
import type { Machine, Site } from '../core/site/site.ts';
import { countsParts, machinesOf } from '../core/site/site.ts';
import type { SourceConfig } from '../core/site/source-schema.ts';
import { readIntervalsMs, ticksPerSecond, valuesPerSecondAtMost } from '../core/site/value-rates.ts';

/** What `plant check` found in a site file: also its `--json` form. */
export interface SiteSummary {
  readonly file: string;
  readonly site: {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    readonly phase: string;
    readonly residency: string;
  };
  readonly shifts: readonly {
    readonly id: string;
    readonly start: string;
    readonly end: string;
    readonly breaks: number;
  }[];
  readonly gateways: readonly string[];
  /** Where secrets must be when the site runs, e.g. `env:PLC_PASSWORD`; never the secrets. */
  readonly secrets: readonly string[];
  readonly sources: readonly SourceSummary[];
  readonly machines: readonly MachineSummary[];
  readonly totals: {
    readonly lines: number;
    readonly machines: number;
    readonly sensors: number;
    readonly rules: number;
    /** Values that are read from the sources each second, changed or not. */
    readonly readsPerSecond: number;
    /** Values that are sent on each second if every one of them changes all the time; deadbands make it less. */
    readonly valuesPerSecondAtMost: number;
  };
  readonly warnings: readonly SiteFault[];
}

/** A source, as an OT technician knows it. */
export interface SourceSummary {
  readonly id: string;
  readonly protocol: string;
  readonly address: string;
  readonly security: string;
  readonly gateway: string;
  readonly machines: number;
}

/** A machine and what is read from it. */
export interface MachineSummary {
  readonly path: string;
  readonly name: string;
  readonly source: string;
  /** Whether it has an OEE of its own, and whether it makes its line's figure. */
  readonly oee: 'counted' | 'own figure' | 'availability alone' | 'none';
  readonly idealCycleSeconds: readonly number[];
  readonly sensors: number;
  readonly rules: number;
}

/** Sums a site up. */
export function summarizeSite(file: string, site: Site, warnings: readonly SiteFault[]): SiteSummary {
  const machines = machinesOf(site);
  const intervals = machines.flatMap((machine) => readIntervalsMs(site, machine));
  const reads = intervals.reduce((sum, interval) => sum + 1000 / interval, 0);
  const ticks = machines.reduce((sum, machine) => sum + ticksPerSecond(machine), 0);
  const sent = intervals.reduce((sum, interval) => sum + valuesPerSecondAtMost(interval), 0);
  return {
    file,
    site: { id: site.id, name: site.name, timeZone: site.timeZone, phase: site.phase, residency: site.residency },
    shifts: site.shifts.map(({ id, start, end, breaks }) => ({ id, start, end, breaks: breaks.length })),
    gateways: site.gateways.map(({ id }) => id),
    secrets: secretReferences(site),
    sources: site.sources.map((source) => ({
      id: source.id,
      protocol: source.protocol,
      address: sourceAddress(source),
      security: securityOf(source),
      gateway: source.gateway ?? site.gateways[0]?.id ?? '',
      machines: machines.filter((machine) => machine.source === source.id).length,
    })),
    machines: site.lines.flatMap((line) =>
      line.machines.map((machine) => summarizeMachine(machine, line.countedMachineIds)),
    ),
    totals: {
      lines: site.lines.length,
      machines: machines.length,
      sensors: machines.reduce((sum, { sensors }) => sum + sensors.length, 0),
      rules: machines.reduce((sum, { rules }) => sum + rules.length, 0),
      readsPerSecond: Math.round(reads),
      valuesPerSecondAtMost: Math.round(sent + ticks),
    },
    warnings,
  };
}

function secretReferences(site: Site): string[] {
  const ofSources = site.sources.flatMap((source) =>
    source.protocol === 'opcua' ? [source.passwordFrom, source.userCertificateFrom, source.userPrivateKeyFrom] : [],
  );
  const all = [...ofSources, site.broker?.passwordFrom, site.hub.historianFrom];
  return [...new Set(all.filter((reference) => reference !== undefined))];
}

function summarizeMachine(machine: Machine, counted: readonly string[]): MachineSummary {
  const cycles = machine.products.map(({ idealCycleSeconds }) => idealCycleSeconds);
  const own = machine.idealCycleSeconds;
  return {
    path: machine.path,
    name: machine.name,
    source: machine.source,
    oee: oeeOf(machine, counted),
    idealCycleSeconds: [...new Set([...(own === undefined ? [] : [own]), ...cycles])].toSorted((a, b) => a - b),
    sensors: machine.sensors.length,
    rules: machine.rules.length,
  };
}

function oeeOf(machine: Machine, counted: readonly string[]): MachineSummary['oee'] {
  if (machine.state === undefined) return 'none';
  if (!countsParts(machine)) return 'availability alone';
  return counted.includes(machine.id) ? 'counted' : 'own figure';
}

function securityOf(source: SourceConfig): string {
  if (source.protocol !== 'opcua') return 'none in Modbus';
  const login = source.user !== undefined ? ', user' : source.userCertificateFrom !== undefined ? ', certificate' : '';
  return source.securityMode === 'None' ? `none${login}` : `${source.securityMode} ${source.securityPolicy}${login}`;
}
