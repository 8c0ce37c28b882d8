import { posix } from 'node:path';
import { parse, stringify } from 'yaml';
import { besideFile } from '../../../core/site/beside.ts';
import { siteSchema } from '../../../core/site/schema.ts';
import type { Machine } from '../../../core/site/site.ts';
import { machinesOf } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';

/** Where on a gateway secrets lie that the site file names relative to itself (`file:filler-password`). */
const SECRET_FOLDER = '/etc/plantbridge';
/** Deployment, simulation and the roadmap are nothing that a program on a gateway needs to know. */
const NOT_NEEDED = ['aws', 'pilot', 'outpost', 'network', 'observability', 'simulation', 'mes'];

type Yaml = Record<string, unknown>;

/** Which part of a site a program works with. */
export type DeployedPart = (machine: Machine) => boolean;

/** What the connector of a gateway reads: deployed machines of this gateway that AWS's own collector does not read. */
export function readByConnector({ site, scope }: Deployment, gatewayId: string): DeployedPart {
  const lines = new Set(scope.lines.map(({ id }) => id));
  const native = new Set(site.sources.filter(({ collector }) => collector === 'sitewise-edge').map(({ id }) => id));
  return ({ lineId, gatewayId: reader, source }) => lines.has(lineId) && reader === gatewayId && !native.has(source);
}

/** What the hub serves: all deployed machines but those of AWS's own collector, whose values never come by. */
export function servedByHub(deployment: Deployment): DeployedPart {
  const readers = deployment.site.gateways.map(({ id }) => readByConnector(deployment, id));
  return (machine) => readers.some((isRead) => isRead(machine));
}

/**
 * The site file with a part of its machines, and the CSV files that they name: what the site file says of everything else is
 * left out, so that a change elsewhere is no new version here.
 * @param name of the site file in the result.
 * @returns texts by path; undefined where the part has no machine.
 */
export function deployedSite(
  deployment: Deployment,
  isIncluded: DeployedPart,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const included = machinesOf(deployment.site).filter(isIncluded);
  if (included.length === 0) return undefined;
  const { siteFile, written } = writtenSite(deployment);
  const files: Record<string, string> = {};
  const csvOf = (named: string): string => {
    const path = besideFile(siteFile, named);
    const csv = deployment.files.get(path);
    if (csv === undefined) throw new Error(`A deployment without ${path}.`);
    const kept = `signals/${[...deployment.files.keys()].indexOf(path)}-${posix.basename(path)}`;
    files[kept] = csv;
    return kept;
  };
  const paths = new Set(included.map(({ path }) => path));
  const kept: Yaml = { ...written, lines: linesOf(deployment, written, paths, csvOf) };
  const sources = new Set(included.map(({ source }) => source));
  kept.sources = records(written.sources).filter(({ id }) => sources.has(String(id)));
  const gateways = new Set(included.map(({ gatewayId }) => gatewayId));
  // Who may enrol and how it is done is the cloud's business.
  kept.gateways = deployment.site.gateways.filter(({ id }) => gateways.has(id)).map(({ id }) => ({ id }));
  const { gateway: _, ...hub } = (written.hub ?? {}) as Yaml;
  if (written.hub !== undefined) kept.hub = hub;
  for (const key of NOT_NEEDED) delete kept[key];
  files[name] = stringify(secretsOnGateway(kept), { lineWidth: 0 });
  // Whatever was left out, the rest must be a site file still; a fault here is one of this function. That references hold is
  // tested: reading each gateway's text anew would take as long as all else.
  siteSchema.parse(kept);
  return files;
}

interface WrittenSite {
  readonly siteFile: string;
  /** The site file as it is written, without defaults; nobody changes it. */
  readonly written: Yaml;
}

const read = new WeakMap<Deployment, WrittenSite>();

/** The site file is read once for all gateways: that of a hundred lines takes a second. */
function writtenSite(deployment: Deployment): WrittenSite {
  const known = read.get(deployment);
  if (known !== undefined) return known;
  const [first] = deployment.files;
  if (first === undefined) throw new Error('A deployment without its site file.');
  const [siteFile, text] = first;
  const site = { siteFile, written: parse(text, { merge: true }) as Yaml };
  read.set(deployment, site);
  return site;
}

function linesOf(
  { site }: Deployment,
  written: Yaml,
  paths: ReadonlySet<string>,
  csvOf: (named: string) => string,
): Yaml[] {
  return records(written.lines).flatMap((line) => {
    const pathOf = (machine: Yaml) => `${site.id}/${String(line.id)}/${String(machine.id)}`;
    const machines = records(line.machines)
      .filter((machine) => paths.has(pathOf(machine)))
      .map((machine) => withCsv(machine, csvOf));
    if (machines.length === 0) return [];
    const ids = new Set(machines.map(({ id }) => id));
    const { oee, ...rest } = line;
    const counted = ((oee as Yaml | undefined)?.counted as unknown[] | undefined)?.filter((id) => ids.has(id)) ?? [];
    return [{ ...rest, ...(counted.length > 0 && { oee: { counted } }), machines }];
  });
}

function withCsv(machine: Yaml, csvOf: (named: string) => string): Yaml {
  const signals = machine.signals as Yaml | undefined;
  return signals === undefined ? machine : { ...machine, signals: { csv: csvOf(String(signals.csv)) } };
}

/** On a gateway the site file lies among the component's artifacts, where nobody can put a secret. */
function secretsOnGateway(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => secretsOnGateway(each));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, secretsOnGateway(each, name)]));
  }
  if (typeof value !== 'string' || !key.endsWith('From') || !value.startsWith('file:')) return value;
  return `file:${besideFile(`${SECRET_FOLDER}/site.yaml`, value.slice('file:'.length))}`;
}

function records(value: unknown): Yaml[] {
  return Array.isArray(value) ? (value as Yaml[]) : [];
}
