import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateProvisioningClaimCommand, DescribeEndpointCommand } from '@aws-sdk/client-iot';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { IotSender } from '../../cli/enrolment/claim.ts';
import { gatewayCommand } from '../../cli/gateway.ts';
import { PUBLIC_COMPONENT_VERSIONS } from '../../lib/greengrass-versions.ts';
import { ROOT } from '../support/source-tree.ts';
import { synthesizeText, testSite } from '../support/synth.ts';

const sandbox = mkdtempSync(join(tmpdir(), 'plantbridge-gateway-'));
afterAll(() => rmSync(sandbox, { recursive: true, force: true }));
const siteFile = join(sandbox, 'site.yaml');
writeFileSync(siteFile, testSite('outpost-gen1'));
const proxiedFile = join(sandbox, 'proxied.yaml');
writeFileSync(proxiedFile, testSite('outpost-gen2'));
const NOW = Date.parse('2026-11-24T15:00:00Z');
let count = 0;

/** AWS IoT as far as the command asks it. */
class FakeIot {
  readonly asked: string[] = [];
  failure: Error | undefined;

  readonly send = async (command: unknown): Promise<never> => {
    if (command instanceof DescribeEndpointCommand) {
      const { endpointType } = command.input;
      this.asked.push(String(endpointType));
      return {
        endpointAddress: endpointType === 'iot:Data-ATS' ? 'abc-ats.iot.test' : 'def.credentials.iot.test',
      } as never;
    }
    if (!(command instanceof CreateProvisioningClaimCommand)) throw new Error('not asked for');
    this.asked.push(`claim ${command.input.templateName}`);
    if (this.failure !== undefined) throw this.failure;
    return {
      certificateId: 'id',
      certificatePem: 'CLAIM-CERTIFICATE',
      keyPair: { PrivateKey: 'CLAIM-KEY' },
      expiration: new Date(NOW + 300_000),
    } as never;
  };
}

async function enroll(iot: FakeIot, ...parameters: string[]) {
  count += 1;
  const out = join(sandbox, `out-${count}`);
  const seen = { output: '', errors: '', exitCode: 0, regions: [] as string[], out };
  const command = gatewayCommand({
    connect: async (region) => {
      seen.regions.push(region);
      return iot as IotSender;
    },
    write: (text) => {
      seen.output += text;
    },
    writeError: (text) => {
      seen.errors += text;
    },
    setExitCode: (code) => {
      seen.exitCode = code;
    },
    nowMs: () => NOW,
  });
  const given = parameters.includes('--site') ? parameters : [...parameters, '--site', siteFile];
  await command.parseAsync(['enroll', ...given, '--out', out], { from: 'user' });
  return seen;
}

describe('plant gateway enroll', () => {
  test('asks for the claim last, of the very template that the gateway stack makes', async () => {
    const iot = new FakeIot();
    const { regions, exitCode } = await enroll(iot, 'gateway-1', '--serial', 'PB-0002');
    const [template] = Object.values(
      synthesizeText(testSite('outpost-gen1')).json('Gateway-gateway-1').Resources,
    ).filter(({ Type }) => Type === 'AWS::IoT::ProvisioningTemplate');
    expect(exitCode).toBe(0);
    expect(regions).toEqual(['eu-central-1']);
    expect(iot.asked).toEqual([
      'iot:Data-ATS',
      'iot:CredentialProvider',
      `claim ${template?.Properties?.TemplateName}`,
    ]);
  });

  test('writes certificate and key for their owner alone, and prints no key', async () => {
    const { out, output, errors } = await enroll(new FakeIot(), 'gateway-1', '--serial', 'PB-0002');
    expect(readFileSync(join(out, 'claim.private.pem.key'), 'utf8')).toBe('CLAIM-KEY');
    expect(readFileSync(join(out, 'claim.pem.crt'), 'utf8')).toBe('CLAIM-CERTIFICATE');
    expect(readFileSync(join(out, 'expires'), 'utf8')).toBe(`${NOW / 1000 + 300}\n`);
    expect(new X509Certificate(readFileSync(join(out, 'AmazonRootCA1.pem'))).subject).toContain('CN=Amazon Root CA 1');
    expect(statSync(out).mode & 0o777).toBe(0o700);
    for (const name of ['claim.private.pem.key', 'claim.pem.crt'])
      expect(statSync(join(out, name)).mode & 0o777).toBe(0o600);
    expect(output + errors).not.toMatch(/CLAIM-KEY|CLAIM-CERTIFICATE/);
  });

  test('prints a command line that the install script takes', async () => {
    const { out, output } = await enroll(new FakeIot(), 'gateway-1', '--serial', 'PB-0002');
    expect(output).toContain('lives until 15:05:00 UTC');
    const command = output.slice(output.indexOf('sudo ./') + 'sudo ./'.length, output.indexOf('  3. Here'));
    const software = `--nucleus-version 2.18.0 --nucleus-sha256 ${'a'.repeat(64)} --plugin-version 1.2.2 --plugin-sha256 ${'b'.repeat(64)}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `${command.trim()} --dry-run ${software}`], {
      cwd: sandbox,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(join(out, 'install.sh'))).toBe(true);
    for (const line of [
      'awsRegion: "eu-central-1"',
      'iotDataEndpoint: "abc-ats.iot.test"',
      'iotCredentialEndpoint: "def.credentials.iot.test"',
      'iotRoleAlias: "plantbridge-gen1--gateway-1"',
      'provisioningTemplate: "plantbridge-gen1--gateway-1"',
      'SerialNumber: "PB-0002"',
      'greengrassDataPlaneEndpoint: "iotdata"',
    ])
      expect(stdout).toContain(line);
    expect(command).toContain('--time-server 10.0.0.1');
  });

  test('names the proxy of the site file', async () => {
    const { output } = await enroll(new FakeIot(), 'gateway-2', '--site', proxiedFile);
    expect(output).toContain('--proxy http://proxy.plant.example:3128');
    expect(output).toContain('--no-proxy 10.0.0.0/8');
  });

  test('quotes what a shell would take apart', async () => {
    const file = join(sandbox, 'odd.yaml');
    writeFileSync(
      file,
      testSite('outpost-gen2').replace(
        'noProxyAddresses: [10.0.0.0/8]',
        'noProxyAddresses: ["*.plant.example; reboot"]',
      ),
    );
    const { output } = await enroll(new FakeIot(), 'gateway-2', '--site', file);
    expect(output).toContain("--no-proxy '*.plant.example; reboot'");
  });

  test('prepares a machine without AWS: the script alone, no claim', async () => {
    const iot = new FakeIot();
    const { out, output, regions } = await enroll(iot, 'gateway-2', '--site', proxiedFile, '--prepare');
    expect(regions).toEqual([]);
    expect(readdirSync(out)).toEqual(['install.sh']);
    expect(output).toMatch(/install\.sh --prepare[\s\S]*--broker emqx/);
    // The deployment pins the same one.
    expect(output).toContain(`--nucleus-version ${PUBLIC_COMPONENT_VERSIONS['aws.greengrass.Nucleus']}`);
  });

  test('docs/gateway.md has the same versions to download', async () => {
    const page = readFileSync(join(ROOT, 'docs/gateway.md'), 'utf8');
    const { output } = await enroll(new FakeIot(), 'gateway-1', '--prepare');
    expect(page).toContain(`/greengrass-${/--nucleus-version (\S+)/.exec(output)?.[1]}.zip`);
    expect(page).toContain(`/fleetprovisioningbyclaim-${/--plugin-version (\S+)/.exec(output)?.[1]}.jar`);
  });

  test('takes away an older claim', async () => {
    const iot = new FakeIot();
    const { out } = await enroll(iot, 'gateway-1', '--serial', 'PB-0002');
    iot.failure = Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
    count -= 1;
    await enroll(iot, 'gateway-1', '--serial', 'PB-0002');
    expect(readdirSync(out)).toEqual(['install.sh']);
  });
});

describe('plant gateway enroll says in plain words', () => {
  const errorsOf = async (...parameters: string[]) => {
    const iot = new FakeIot();
    const { errors, exitCode, output } = await enroll(iot, ...parameters);
    expect({ exitCode, output, asked: iot.asked }).toEqual({ exitCode: 1, output: '', asked: [] });
    return errors;
  };

  test('that the site has no such gateway', async () => {
    expect(await errorsOf('gateway-9')).toBe(`${siteFile} has no gateway gateway-9. It has: gateway-1, gateway-2.\n`);
  });

  test('which serial numbers may enrol', async () => {
    expect(await errorsOf('gateway-1')).toContain('say which, with --serial. The site file lists: PB-0001, PB-0002.');
    expect(await errorsOf('gateway-1', '--serial', 'PB-0003')).toContain('PB-0003 may not enrol as gateway-1');
    const file = join(sandbox, 'none.yaml');
    writeFileSync(file, testSite('outpost-gen1').replace('serialNumbers: [PB-0003], ', ''));
    expect(await errorsOf('gateway-2', '--site', file)).toContain(
      'No device may enrol as gateway-2. Put its serial number',
    );
  });

  test('that a gateway follows in a later phase', async () => {
    const file = join(sandbox, 'pilot.yaml');
    writeFileSync(file, testSite('outpost-gen1').replace('phase: rollout', 'phase: pilot'));
    expect(await errorsOf('gateway-2', '--site', file)).toContain(
      'In the phase pilot only gateway-1 is deployed: gateway-2 follows in the phase rollout.',
    );
  });

  test('that the folder is not its own', async () => {
    const folder = join(sandbox, `out-${count + 1}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), 'do not touch');
    expect(await errorsOf('gateway-2')).toContain('holds other files (thesis.txt)');
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  test.each([
    ['CredentialsProviderError', {}, 'There are no AWS credentials here.'],
    ['ExpiredTokenException', {}, 'have expired. Sign in again.'],
    ['AccessDeniedException', {}, 'They need iot:CreateProvisioningClaim on the template plantbridge-gen1--gateway-2'],
    [
      'ResourceNotFoundException',
      {},
      'has no provisioning template plantbridge-gen1--gateway-2. Deploy gen1/Gateway-gateway-2 first',
    ],
    ['ThrottlingException', {}, 'AWS IoT is busy'],
    ['Error', { code: 'ENOTFOUND' }, "can't be reached from here"],
  ])('what %s %j means', async (name, more, message) => {
    const iot = new FakeIot();
    iot.failure = Object.assign(new Error('internal'), { name, ...more });
    const { errors, exitCode } = await enroll(iot, 'gateway-2');
    expect(exitCode).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain('internal');
  });

  test('but hides no fault of the program', async () => {
    const iot = new FakeIot();
    iot.failure = new TypeError('a bug');
    await expect(enroll(iot, 'gateway-2')).rejects.toThrow('a bug');
  });
});
