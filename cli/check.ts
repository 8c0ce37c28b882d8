/** `plant check`: validates a site file and the asset models that its machines have, and says what is in it. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { AssetModelError } from '../core/asset-model/load.ts';
import { machineModelIds } from '../core/asset-model/machine-models.ts';
import type { AssetModelFile } from '../core/asset-model/model.ts';
import {
  formatFault,
  type LoadedSite,
  type LoadOptions,
  loadSiteWithWarnings,
  type SiteFault,
  SiteFileError,
} from '../core/site/load.ts';
import { UserFault } from '../core/user-fault.ts';
import { readAssetModels } from '../hub/oee/models.ts';
import { type SiteSummary, summarizeSite } from './site-summary.ts';
import { formatTable } from './table.ts';

/** What the command needs of the outside: replaced in tests. */
export interface CheckIo {
  /** @throws an error with a `code` if the file can't be read. */
  readText(path: string): string;
  /** @throws {AssetModelError} with the faults of the models, {UserFault} where they can't be read. */
  readModels(): ReadonlyMap<string, AssetModelFile>;
  write(text: string): void;
  writeError(text: string): void;
  setExitCode(code: number): void;
}

const PROCESS_IO: CheckIo = {
  readText: (path) => readFileSync(path, 'utf8'),
  readModels: () => readAssetModels(),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

/** The command `check <site file>`: exit code 0 if the file can be used (warnings or not), else 1. */
export function checkCommand(io: CheckIo = PROCESS_IO): Command {
  return new Command('check')
    .description('Validates a site file and says what is in it.')
    .argument('<site file>', 'e.g. sites/demo.yaml')
    .option('--json', 'prints what was found, or the faults, as JSON')
    .option('--deployment', 'also checks what only a deployment to AWS needs', false)
    .action((file: string, options: { readonly json?: boolean; readonly deployment: boolean }) => {
      try {
        const { site, warnings } = checkSite(file, io, options.deployment);
        const summary = summarizeSite(file, site, warnings);
        if (options.json) {
          io.write(`${JSON.stringify({ valid: true, ...summary }, undefined, 2)}\n`);
          return;
        }
        io.write(describeSite(summary));
        if (warnings.length > 0) io.writeError(listFaults(warnings, 'warning'));
      } catch (error) {
        if (!(error instanceof UserFault)) throw error;
        io.setExitCode(1);
        const faults = error instanceof SiteFileError ? error.faults : [];
        if (options.json) {
          const message = faults.length === 0 ? { message: error.message } : {};
          io.write(`${JSON.stringify({ valid: false, file, ...message, faults }, undefined, 2)}\n`);
        } else io.writeError(faults.length === 0 ? `${error.message}\n` : listFaults(faults, 'fault'));
      }
    });
}

/**
 * The site file together with the asset models: both are the input of one deployment.
 * @throws {SiteFileError} with the faults of both
 */
function checkSite(file: string, io: CheckIo, forDeployment: boolean): LoadedSite {
  let options: LoadOptions = { forDeployment };
  let faults: readonly SiteFault[] = [];
  try {
    options = { machineModels: machineModelIds(io.readModels()), forDeployment };
  } catch (error) {
    // Which models there are nobody knows then; the site file is checked all the same.
    if (!(error instanceof AssetModelError)) throw error;
    faults = error.faults;
  }
  try {
    const loaded = loadSiteWithWarnings(file, io.readText, options);
    if (faults.length === 0) return loaded;
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    faults = [...error.faults, ...faults];
  }
  throw new SiteFileError(faults);
}

function listFaults(faults: readonly SiteFault[], kind: 'fault' | 'warning'): string {
  const count = faults.length === 1 ? `1 ${kind}` : `${faults.length} ${kind}s`;
  return `\n${count}:\n${faults.map(formatFault).join('\n')}\n`;
}

function describeSite(summary: SiteSummary): string {
  const { file, site, shifts, gateways, secrets, sources, machines, totals } = summary;
  const shiftList = shifts.map(({ id, start, end, breaks }) => `${id} ${start}-${end} (${plural(breaks, 'break')})`);
  const facts = [
    ['Site', `${site.name} (${site.id}), ${site.timeZone}`],
    ['Phase', `${site.phase}, residency ${site.residency}`],
    ['Shifts', shiftList.join(', ') || 'none'],
    ['Gateways', gateways.join(', ')],
    ['Secrets', secrets.join(', ') || 'none'],
    [
      'In all',
      [
        plural(totals.lines, 'line'),
        plural(totals.machines, 'machine'),
        plural(totals.sensors, 'sensor'),
        plural(totals.rules, 'rule'),
      ].join(', '),
    ],
    ['Load', `${totals.readsPerSecond} values/s read, ${totals.valuesPerSecondAtMost} values/s sent at most`],
  ] as const;
  const machineTable = formatTable(
    ['MACHINE', 'NAME', 'SOURCE', 'OEE', 'IDEAL CYCLE', 'SENSORS', 'RULES'],
    machines.map((machine) => [
      machine.path,
      machine.name,
      machine.source,
      machine.oee,
      cycleText(machine.idealCycleSeconds),
      machine.sensors,
      machine.rules,
    ]),
  );
  const sourceTable = formatTable(
    ['SOURCE', 'PROTOCOL', 'ADDRESS', 'SECURITY', 'GATEWAY', 'MACHINES'],
    sources.map((source) => [
      source.id,
      source.protocol,
      source.address,
      source.security,
      source.gateway,
      source.machines,
    ]),
  );
  const list = facts.map(([name, text]) => `${name.padEnd(10)}${text}`).join('\n');
  return `${file} is in order.\n\n${list}\n\n${machineTable}\n\n${sourceTable}\n`;
}

function cycleText(seconds: readonly number[]): string {
  const [first] = seconds;
  const last = seconds.at(-1);
  if (first === undefined) return 'none';
  return first === last ? `${first} s` : `${first}-${last} s`;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
