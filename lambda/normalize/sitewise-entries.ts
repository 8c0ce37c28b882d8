import type { PutAssetPropertyValueEntry, Variant } from '@aws-sdk/client-iotsitewise';
import { propertyAlias } from '../../core/path.ts';
import type { DataType, Sample, Value } from '../../core/telemetry/types.ts';
import type { DeadValue, SelectedMachine, SiteWiseSelection } from './contract.ts';

/** Limits of BatchPutAssetPropertyValue. */
export const VALUES_AN_ENTRY = 10;
export const ENTRIES_A_REQUEST = 10;
/** SiteWise takes doubles within +-10^10. */
const LARGEST_DOUBLE = 1e10;
const LARGEST_INTEGER = 2 ** 31 - 1;

/** What SiteWise gets of some samples. */
export interface SiteWiseWork {
  /** At most 10 values each; ids are unique. */
  readonly entries: readonly PutAssetPropertyValueEntry[];
  /** Selected values that SiteWise would refuse, and with them all others of their request. */
  readonly refused: readonly DeadValue[];
}

/**
 * Entries of the samples that the selection names, grouped by property in their order. `null` is left out: SiteWise refuses it unless an account
 * setting allows it, and the lake has it. `state` has a rule of its own.
 */
export function siteWiseWork(samples: readonly Sample[], selection: SiteWiseSelection): SiteWiseWork {
  const byPath = new Map<string, Sample[]>();
  const refused: DeadValue[] = [];
  for (const sample of samples) {
    const type = selectedType(sample.path, selection);
    if (type === undefined || sample.value === null) continue;
    const fault = faultOf(sample.value, type);
    if (fault === undefined) {
      const same = byPath.get(sample.path);
      if (same === undefined) byPath.set(sample.path, [sample]);
      else same.push(sample);
    } else {
      refused.push(deadValue(sample, fault));
    }
  }
  const entries: PutAssetPropertyValueEntry[] = [];
  for (const [path, group] of byPath) {
    const type = selectedType(path, selection) ?? 'DOUBLE';
    for (let index = 0; index < group.length; index += VALUES_AN_ENTRY) {
      entries.push({
        entryId: String(entries.length),
        propertyAlias: propertyAlias(path),
        propertyValues: group.slice(index, index + VALUES_AN_ENTRY).map(({ timeMs, value, quality }) => ({
          timestamp: { timeInSeconds: Math.floor(timeMs / 1000), offsetInNanos: (timeMs % 1000) * 1_000_000 },
          quality,
          value: variant(value, type),
        })),
      });
    }
  }
  return { entries, refused };
}

/** The data type of a path's property, undefined where the path does not go to SiteWise. */
export function selectedType(path: string, selection: SiteWiseSelection): DataType | undefined {
  const machine = machineOf(path, selection);
  if (machine === undefined) return undefined;
  const signal = path.slice(path.lastIndexOf('/') + 1);
  return own(own(selection.signalsOfModel, machine.model) ?? {}, signal) ?? own(machine.sensors ?? {}, signal);
}

/** The machine of a signal's path, undefined where the site has no such machine. */
export function machineOf(path: string, { machines }: SiteWiseSelection): SelectedMachine | undefined {
  return own(machines, path.slice(0, path.lastIndexOf('/')));
}

/** A value as it stands in a dead letter. */
export function deadValue({ path, timeMs, quality, value }: Sample, reason: string): DeadValue {
  return { path, ts: timeMs, reason, quality, value };
}

/** Ids may be `constructor`: only own properties count. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function faultOf(value: Value, type: DataType): string | undefined {
  switch (type) {
    case 'STRING':
      return typeof value === 'string' && hasControl(value) ? 'SiteWise takes no control characters' : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? undefined : `The property is BOOLEAN, the value a ${typeof value}`;
    case 'INTEGER':
    case 'DOUBLE': {
      if (typeof value === 'string') return `The property is ${type}, the value a string`;
      const number = Number(value);
      if (type === 'DOUBLE')
        return Math.abs(number) > LARGEST_DOUBLE ? 'SiteWise takes doubles within 10^10' : undefined;
      return Number.isInteger(number) && Math.abs(number) <= LARGEST_INTEGER
        ? undefined
        : 'SiteWise takes integers of 32 bits';
    }
  }
}

function variant(value: Value | null, type: DataType): Variant {
  switch (type) {
    case 'STRING':
      return { stringValue: String(value) };
    case 'BOOLEAN':
      return { booleanValue: value === true };
    case 'INTEGER':
      return { integerValue: Number(value) };
    case 'DOUBLE':
      return { doubleValue: Number(value) };
  }
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
