import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LoadedSite, LoadOptions, SiteFault } from '../../core/site/load.ts';
import { formatFault, loadSiteWithWarnings, SiteFileError } from '../../core/site/load.ts';

/** The demo's site file as text. */
export const DEMO_TEXT = readFileSync(fileURLToPath(new URL('../../sites/demo.yaml', import.meta.url)), 'utf8');

/** The smallest site file that has an OEE; lines are numbered below so that tests can name them. */
export const SMALL_TEXT = [
  'version: 1', // 1
  'id: small', // 2
  'timeZone: Europe/Berlin', // 3
  'gateways: [{ id: gateway-1 }]', // 4
  'sources:', // 5
  '  - { id: plc, protocol: opcua, endpointUrl: "opc.tcp://10.0.0.5:4840" }', // 6
  '  - { id: modbus, protocol: modbus-tcp, host: 10.0.0.6 }', // 7
  'lines:', // 8
  '  - id: line-1', // 9
  '    machines:', // 10
  '      - id: filler', // 11
  '        source: plc', // 12
  '        idealCycleSeconds: 0.5', // 13
  '        state: { node: "ns=2;s=State", map: { 1: RUNNING, 2: IDLE } }', // 14
  '        produced: { node: "ns=2;s=Produced", counter: { maxRatePerSecond: 5 } }', // 15
  '        sensors:', // 16
  '          - { id: temperature, node: "ns=2;s=Temperature", unit: °C }', // 17
  '      - id: washer', // 18
  '        source: modbus', // 19
  '        sensors:', // 20
  '          - { id: pressure, modbus: { table: holding-register, address: 0, format: float32 } }', // 21
  '', // 22
].join('\n');

/** The small site with a text in it replaced; fails if the text is not there exactly once. */
export function smallSiteWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(`The small site holds ${JSON.stringify(from)} not exactly once.`);
    return text.replace(from, () => to);
  }, SMALL_TEXT);
}

/** Loads a site from a text named `site.yaml`, with further files beside it. */
export function loadText(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: LoadOptions = {},
): LoadedSite {
  const all: Readonly<Record<string, string>> = { 'site.yaml': text, ...files };
  const readText = (path: string) => {
    const found = all[path];
    if (found === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
    return found;
  };
  return loadSiteWithWarnings('site.yaml', readText, options);
}

/** The faults of a site's text; none if it can be used. */
export function faultsOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: LoadOptions = {},
): readonly SiteFault[] {
  try {
    loadText(text, files, options);
    return [];
  } catch (error) {
    if (error instanceof SiteFileError) return error.faults;
    throw error;
  }
}

/** The faults as people read them. */
export function faultLines(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  return faultsOf(text, files).map(formatFault);
}

/** The warnings as people read them. */
export function warningLines(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  return loadText(text, files).warnings.map(formatFault);
}
