import { expect, test } from '@jest/globals';
import { faultLines, faultsOf, smallSiteWith } from './site-text.ts';

/** A text of the small site and what stands there instead. */
export type Change = readonly [string, string];

/** A rule of the site file: what is changed, and the path and message of the one fault that this must cause. */
export type OneFault = readonly [name: string, changes: readonly Change[], path: string, message: string];

/** Tests that each change of the small site causes exactly its one fault. */
export function oneFault(cases: readonly OneFault[]): void {
  test.each(cases)('%s', (_, changes, path, message) => {
    const faults = faultsOf(smallSiteWith(...changes));
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faultLines(smallSiteWith(...changes))[0]).toContain(message);
  });
}

/** Parts of the small site, to be replaced. */
export const STATE = 'state: { node: "ns=2;s=State", map: { 1: RUNNING, 2: IDLE } }';
export const PRODUCED = 'produced: { node: "ns=2;s=Produced", counter: { maxRatePerSecond: 5 } }';
export const SENSOR = '- { id: temperature, node: "ns=2;s=Temperature", unit: °C }';
export const MODBUS = 'modbus: { table: holding-register, address: 0, format: float32 }';
/** The paths of its two machines. */
export const FILLER = 'lines[0].machines[0]';
export const WASHER = 'lines[0].machines[1]';
