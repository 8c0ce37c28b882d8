/** `plant gateway enroll`: gives a technician what turns a machine into a gateway. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { loadSite } from '../core/site/load.ts';
import { UserFault } from '../core/user-fault.ts';
import { type IotSender, requestClaim } from './enrolment/claim.ts';
import { writeClaimFolder } from './enrolment/claim-folder.ts';
import { chosenSerialNumber, enrolledGateway } from './enrolment/enrolled-gateway.ts';
import { enrolmentSteps, preparationSteps } from './enrolment/steps.ts';

/** What the command needs of the outside: replaced in tests. */
export interface GatewayIo {
  /** A client of AWS IoT with the credentials of this machine. */
  connect(region: string): Promise<IotSender>;
  write(text: string): void;
  writeError(text: string): void;
  setExitCode(code: number): void;
  nowMs(): number;
}

interface EnrollOptions {
  readonly site: string;
  readonly serial?: string;
  readonly out?: string;
  readonly prepare: boolean;
}

const PROCESS_IO: GatewayIo = {
  connect: async (region) => {
    const { IoTClient } = await import('@aws-sdk/client-iot');
    return new IoTClient({ region });
  },
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  nowMs: () => Date.now(),
};

const HELP = `
Needs AWS credentials that may give claims (iot:CreateProvisioningClaim, iot:DescribeEndpoint); the machine needs none.
docs/gateway.md explains each step.

Examples:
  plant gateway enroll gateway-1 --site sites/my-plant.yaml --prepare
  plant gateway enroll gateway-1 --site sites/my-plant.yaml --serial PB-0042`;

/** The command `plant gateway`. */
export function gatewayCommand(io: GatewayIo = PROCESS_IO): Command {
  return new Command('gateway').description('Enrols gateways.').addCommand(enrollCommand(io));
}

function enrollCommand(io: GatewayIo): Command {
  return new Command('enroll')
    .description(
      'Gives a claim of five minutes, by which a machine becomes a gateway, and the steps of the technician.',
    )
    .argument('<gateway>', 'the id of the gateway in the site file')
    .requiredOption('--site <site file>', 'the site file')
    .option('--serial <number>', 'serial number of the machine. Default: the only one that the site file lists')
    .option('--out <folder>', 'where claim and install script go. Default: .plant-claim-<gateway>')
    .option('--prepare', 'only says how the machine is prepared: asks for no claim, needs no AWS', false)
    .addHelpText('after', HELP)
    .action(async (gatewayId: string, options: EnrollOptions) => {
      try {
        await enroll(gatewayId, options, io);
      } catch (error) {
        if (!(error instanceof UserFault)) throw error;
        io.writeError(`${error.message}\n`);
        io.setExitCode(1);
      }
    });
}

async function enroll(gatewayId: string, options: EnrollOptions, io: GatewayIo): Promise<void> {
  const site = loadSite(options.site, (path) => readFileSync(path, 'utf8'));
  const enrolled = enrolledGateway(site, gatewayId, options.site);
  const folder = options.out ?? `.plant-claim-${gatewayId}`;
  if (options.prepare) {
    writeClaimFolder(folder, undefined);
    io.write(preparationSteps(enrolled, folder));
    return;
  }
  const serialNumber = chosenSerialNumber(enrolled.gateway, options.serial);
  // Before the claim is asked for, whose time then runs.
  writeClaimFolder(folder, undefined);
  const client = await io.connect(enrolled.region);
  const given = await requestClaim(client, enrolled, io.nowMs());
  writeClaimFolder(folder, given.claim);
  io.write(enrolmentSteps(enrolled, serialNumber, given, folder));
}
