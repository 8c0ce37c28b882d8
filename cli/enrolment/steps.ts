import { basename } from 'node:path';
import { PUBLIC_COMPONENT_VERSIONS } from '../../lib/greengrass-versions.ts';
import type { Claim, IotEndpoints } from './claim.ts';
import type { EnrolledGateway } from './enrolled-gateway.ts';

/** The version of the nucleus that the deployment pins: a gateway begins with it. */
const NUCLEUS_VERSION = PUBLIC_COMPONENT_VERSIONS['aws.greengrass.Nucleus'];
/** The version of AWS's fleet provisioning plugin, which is no component. */
const PLUGIN_VERSION = '1.2.2';

/** A command of several lines, as a shell takes it: options are names, and values that are quoted where they need it. */
function commandText(program: string, options: readonly (readonly string[])[]): string {
  const lines = options.map((words) => words.map(shellWord).join(' '));
  return [program, ...lines].join(' \\\n         ');
}

/** A word of a shell command. A place that the reader fills in stays as it is. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$|^<.*>$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function networkOptions({ gateway, usesPrivateEndpoints }: EnrolledGateway): string[][] {
  const { proxy, timeServers } = gateway;
  return [
    ...timeServers.map((server) => ['--time-server', server]),
    ...(proxy === undefined ? [] : [['--proxy', proxy.url]]),
    ...(proxy === undefined || proxy.noProxyAddresses.length === 0
      ? []
      : [['--no-proxy', proxy.noProxyAddresses.join(',')]]),
    ...(usesPrivateEndpoints ? [['--private-endpoints']] : []),
  ];
}

/** How the machine is prepared, days before if need be. */
export function preparationSteps(enrolled: EnrolledGateway, folder: string): string {
  const command = commandText(`sudo ./${shellWord(basename(folder))}/install.sh --prepare`, [
    ['--broker', enrolled.gateway.broker],
    ['--nucleus-version', NUCLEUS_VERSION, '--nucleus-sha256', '<SHA-256>'],
    ['--plugin-version', PLUGIN_VERSION, '--plugin-sha256', '<SHA-256>'],
    ...networkOptions(enrolled),
  ]);
  return `The install script is in ${folder}. To prepare a machine as ${enrolled.gateway.id}:

  1. Copy the folder to the machine:
       scp -r ${shellWord(folder)} <technician>@<machine>:
  2. On the machine, with the checksums of the files that your team has checked (docs/gateway.md):
       ${command}
`;
}

/** How the machine enrols while the claim lives. */
export function enrolmentSteps(
  enrolled: EnrolledGateway,
  serialNumber: string,
  { claim, endpoints }: { readonly claim: Claim; readonly endpoints: IotEndpoints },
  folder: string,
): string {
  const onMachine = basename(folder);
  const command = commandText(`sudo ./${shellWord(onMachine)}/install.sh`, [
    ['--claim', onMachine],
    ['--serial', serialNumber],
    ['--region', enrolled.region],
    ['--data-endpoint', endpoints.data],
    ['--credential-endpoint', endpoints.credentials],
    ['--role-alias', enrolled.name],
    ['--template', enrolled.templateName],
    ...networkOptions(enrolled),
  ]);
  const until = claim.expires.toISOString().slice(11, 19);
  return `A claim for ${enrolled.gateway.id} is in ${folder}. It is a secret, and lives until ${until} UTC.

  Serial number  ${serialNumber}
  Thing          ${enrolled.name}
  Thing group    ${enrolled.name}
  Region         ${enrolled.region}

  1. Copy the folder to the machine, which was prepared before:
       scp -r ${shellWord(folder)} <technician>@<machine>:
  2. On the machine, before ${until} UTC:
       ${command}
  3. Here, delete the folder:
       rm -r ${shellWord(folder)}
`;
}
