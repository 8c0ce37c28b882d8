import type { SourceConfig } from '../../core/site/source-schema.ts';
import type { Factory } from '../../local/factory.ts';
import { readablePath } from './readable-path.ts';
import { titleOf } from './reporters.ts';
import { fittedTable, wrapWords } from './wrap.ts';

/**
 * What a person wants to know once the factory runs: where to look, what runs where, how to stop.
 * @param columns how wide the terminal is.
 */
export function factoryCard(factory: Factory, simulated: boolean, seconds: number, columns: number): string {
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
    ...fittedTable(processes, columns),
    ...wrapWords(
      simulated ? 'Simulated PLCs (any client on this machine can read them, e.g. UaExpert or asyncua)' : 'Sources',
      columns,
    ),
    ...fittedTable(machines, columns),
    ...(simulated && factory.site.sources.some(({ protocol }) => protocol === 'opcua')
      ? [`  Where a PLC asks for a user, the password is in ${folder}/demo-opcua-password.`]
      : []),
    ...wrapWords(`Data in ${folder}/, logs in ${folder}/logs/, access token in ${folder}/token.`, columns),
    ...wrapWords('Ctrl-C stops everything; the next start goes on with these data, --fresh begins anew.', columns),
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
