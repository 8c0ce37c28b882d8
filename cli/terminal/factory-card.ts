import type { SourceConfig } from '../../core/site/source-schema.ts';
import type { Factory } from '../../local/factory.ts';
import { readablePath } from './readable-path.ts';
import { titleOf } from './reporters.ts';

/** What a person wants to know once the factory runs: where to look, what runs where, how to stop. */
export function factoryCard(factory: Factory, simulated: boolean, seconds: number): string {
  const folder = readablePath(factory.dataFolder);
  const processes = factory
    .summary()
    .map(({ name, pid, info }) => [titleOf(name), `process ${pid ?? '-'}`, whereOf(info)]);
  const machines = factory.site.sources.map((source) => [
    source.name ?? source.id,
    source.protocol === 'opcua' ? 'OPC UA' : 'Modbus TCP',
    addressOf(source),
  ]);
  return [
    '',
    `${factory.site.name} runs (${seconds.toFixed(1)} s). Open`,
    '',
    `  ${factory.url}`,
    '',
    'Processes',
    ...table(processes),
    simulated ? 'Simulated PLCs (any client on this machine can read them, e.g. UaExpert or asyncua)' : 'Sources',
    ...table(machines),
    ...(simulated && factory.site.sources.some(({ protocol }) => protocol === 'opcua')
      ? [`  Where a PLC asks for a user, the password is in ${folder}/demo-opcua-password.`]
      : []),
    `Data in ${folder}/, logs in ${folder}/logs/, access token in ${folder}/token.`,
    'Ctrl-C stops everything; the next start goes on with these data, --fresh begins anew.',
    '',
  ].join('\n');
}

function whereOf(info: Readonly<Record<string, string>>): string {
  const address = info.address ?? info.url;
  if (address !== undefined) return address;
  return info.outbox === undefined ? '' : `outbox in ${readablePath(info.outbox)}`;
}

function addressOf(source: SourceConfig): string {
  if (source.protocol === 'modbus-tcp') return `${source.host}:${source.port}, unit ${source.unitId}`;
  const security =
    source.securityMode === 'None'
      ? 'no security'
      : `${source.securityPolicy}, ${source.securityMode}${source.user === undefined ? '' : `, user ${source.user}`}`;
  return `${source.endpointUrl} (${security})`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join('  ')}`.trimEnd());
}
