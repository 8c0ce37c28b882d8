import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../../support/source-tree.ts';

const SCRIPT = join(ROOT, 'assets/greengrass/install.sh');
const ROOT_CA = rootCertificates.find((pem) => new X509Certificate(pem).subject.includes('CN=Amazon Root CA 1')) ?? '';
const sandbox = mkdtempSync(join(tmpdir(), 'plantbridge-install-'));
afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

/** A machine on which everything answers; tests replace single programs. Each call is noted in `calls`. */
const PROGRAMS: Readonly<Record<string, string>> = {
  id: 'if [ "$1" = -u ]; then echo 0; else exit 1; fi',
  systemctl: '',
  java: `if [ "$1" = -version ]; then echo 'openjdk version "17.0.12" 2024-07-16' >&2; exit; fi
    for each in "$@"; do case "$each" in -Droot=*) root=\${each#-Droot=};; esac; done
    echo secret > "$root/thingCert.crt"; echo secret > "$root/privKey.key"
    stat -c '%a' "$root/claim-certs/claim.private.pem.key" > "$root/seen-mode"`,
  unzip: 'mkdir -p "$5/lib"; touch "$5/lib/Greengrass.jar"',
  sudo: '',
  docker: '',
  chronyc: '',
  timedatectl: 'echo yes',
  getent: 'exit 2',
  groupadd: '',
  useradd: '',
  usermod: '',
  curl: 'exit 6',
};

let folder: string;
let count = 0;

beforeEach(() => {
  count += 1;
  folder = join(sandbox, String(count));
  for (const each of ['bin', 'claim', 'chrony']) mkdirSync(join(folder, each), { recursive: true });
  for (const [name, text] of Object.entries(PROGRAMS)) program(name, text);
  write('nucleus.zip', 'a zip');
  write('plugin.jar', 'a jar');
  write('claim/claim.pem.crt', 'claim certificate');
  write('claim/claim.private.pem.key', 'CLAIM-KEY');
  write('claim/AmazonRootCA1.pem', ROOT_CA);
  write('claim/expires', String(Math.floor(Date.now() / 1000) + 300));
});

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function program(name: string, text: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> ${join(folder, 'calls')}\n${text}\n`);
  chmodSync(path, 0o755);
}

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const has = (path: string) => existsSync(join(folder, path));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const SOFTWARE = () => ({
  '--nucleus-version': '2.18.0',
  '--nucleus-sha256': sha256('a zip'),
  '--nucleus-zip': join(folder, 'nucleus.zip'),
  '--plugin-version': '1.2.2',
  '--plugin-sha256': sha256('a jar').toUpperCase(),
  '--plugin-jar': join(folder, 'plugin.jar'),
  '--root': join(folder, 'greengrass'),
  '--chrony-sources': join(folder, 'chrony'),
});
const ENROLMENT = () => ({
  '--claim': join(folder, 'claim'),
  '--serial': 'PB-0001',
  '--region': 'eu-central-1',
  '--data-endpoint': 'abc-ats.iot.eu-central-1.amazonaws.com',
  '--credential-endpoint': 'def.credentials.iot.eu-central-1.amazonaws.com',
  '--role-alias': 'plantbridge-demo--gateway-1',
  '--template': 'plantbridge-demo--gateway-1',
  '--wait-seconds': '1',
});

/** Runs the script; an option that is undefined is left out. */
function run(options: Readonly<Record<string, string | undefined>>, ...flags: string[]) {
  const listed = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...flags, ...listed], {
    encoding: 'utf8',
    env: { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter) },
  });
  return { status, output: stdout, errors: stderr };
}

const all = (more: Readonly<Record<string, string | undefined>> = {}) => ({ ...SOFTWARE(), ...ENROLMENT(), ...more });

test('is Bash that parses, and can be run', () => {
  expect(spawnSync('bash', ['-n', SCRIPT], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(SCRIPT).mode & 0o111).not.toBe(0);
});

test('its help names every option that it takes', () => {
  const { status, output } = run({}, '--help');
  const taken = [...readFileSync(SCRIPT, 'utf8').matchAll(/^ {6}(--[a-z0-9-]+)/gm)].map(([, option]) => option ?? '');
  expect(status).toBe(0);
  expect(taken.length).toBeGreaterThan(20);
  for (const option of taken) expect(output).toContain(option);
});

describe('refuses', () => {
  test.each([
    ['a missing version', { '--nucleus-version': undefined }, '--nucleus-version is missing'],
    ['a missing checksum', { '--plugin-sha256': undefined }, '--plugin-sha256 is missing'],
    ['no serial number', { '--serial': undefined }, '--serial is missing'],
    ['a serial number that would break out of the file', { '--serial': 'a"\nx: y' }, '--serial must be letters'],
    ['a Region that is none', { '--region': 'frankfurt' }, '--region must be an AWS Region'],
    ['a proxy with a password', { '--proxy': 'http://me:pass@proxy:3128' }, '--proxy must be http://host:port'],
    ['addresses without a proxy', { '--no-proxy': '10.0.0.0/8' }, '--no-proxy needs --proxy'],
    ['a broker that is none', { '--broker': 'mosquitto' }, '--broker must be moquette or emqx'],
    ['a template name that AWS IoT would not take', { '--template': 'x'.repeat(37) }, '--template must be'],
    ['an unknown option', { '--nucleus': '2' }, 'there is no option --nucleus'],
  ])('%s', (_what, options, message) => {
    const { status, errors } = run(all(options));
    expect(status).toBe(1);
    expect(errors).toContain(`install.sh: ${message}`);
    expect(has('greengrass')).toBe(false);
    expect(has('calls')).toBe(false);
  });

  test('an option without its value, and a stray word', () => {
    expect(run({}, '--serial').errors).toContain('--serial needs a value');
    expect(run({}, 'now').errors).toContain('there is no argument "now"');
  });

  test.each([
    ['another user than root', 'id', 'echo 1000', 'must run as root'],
    ['an old Java', 'java', 'echo \'openjdk version "11.0.2" 2019\' >&2', 'Java 17 or newer is needed, got: 11.0.2'],
    ['a machine without systemd', 'systemctl', 'exit 1', 'systemd does not run here'],
    ['a clock that is off', 'chronyc', '[ "$1" != waitsync ]', 'the clock is not synchronised'],
  ])('%s', (_what, name, text, message) => {
    program(name, text);
    const { status, errors } = run(all());
    expect(status).toBe(1);
    expect(errors).toContain(message);
    expect(has('greengrass/claim-certs')).toBe(false);
  });

  test('emqx where Docker does not answer', () => {
    program('docker', 'exit 1');
    expect(run(all({ '--broker': 'emqx' })).errors).toContain('the broker emqx needs Docker');
    expect(run(all()).status).toBe(0);
  });

  test('a claim that has expired, before anything is changed', () => {
    write('claim/expires', String(Math.floor(Date.now() / 1000) - 1));
    const { status, errors } = run(all());
    expect(status).toBe(1);
    expect(errors).toContain('the claim has expired');
    expect(has('greengrass')).toBe(false);
  });

  test('a foreign root certificate', () => {
    write('claim/AmazonRootCA1.pem', rootCertificates.find((pem) => pem !== ROOT_CA) ?? '');
    expect(run(all()).errors).toContain('is not Amazon Root CA 1');
  });

  test('software with another checksum, and deletes it', () => {
    write('nucleus.zip', 'another zip');
    const { status, errors } = run(all());
    expect(status).toBe(1);
    expect(errors).toContain('the checksum of greengrass-2.18.0.zip is not');
    expect(has('greengrass/installer/greengrass-2.18.0.zip')).toBe(false);
  });

  test('to go on where a download fails, and says how to do without', () => {
    expect(run(all({ '--nucleus-zip': undefined })).errors).toMatch(
      /can't download https:\/\/.*greengrass-2\.18\.0\.zip\. Without internet/,
    );
  });
});

describe('enrols', () => {
  test('with the claim readable by root alone, and deletes it afterwards', () => {
    const { status, output, errors } = run(all());
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toContain('The gateway is enrolled as plantbridge-demo--gateway-1 and runs.');
    expect(read('greengrass/seen-mode').trim()).toBe('600');
    expect(has('greengrass/claim-certs')).toBe(false);
    expect(has('claim/claim.private.pem.key')).toBe(false);
    expect(read('calls')).toContain('--setup-system-service true');
    expect(read('calls')).toContain('/aws.greengrass.FleetProvisioningByClaim.jar --init-config');
  });

  test('and changes nothing when it is run again', () => {
    run(all());
    rmSync(join(folder, 'calls'));
    const { status, output } = run(all());
    expect(status).toBe(0);
    expect(output).toContain('enrolled already');
    expect(read('calls')).not.toMatch(/-jar|useradd|chronyc/);
  });

  test('takes the claim back out where the enrolment fails, and keeps it for another try', () => {
    program('java', `if [ "$1" = -version ]; then echo 'openjdk version "21.0.1"' >&2; fi`);
    const { status, errors } = run(all());
    expect(status).toBe(1);
    expect(errors).toContain('not enrolled after 1 seconds');
    expect(errors).toContain('serial number PB-0001 is not listed for this gateway, or was used before');
    expect(has('greengrass/claim-certs')).toBe(false);
    expect(read('claim/claim.private.pem.key')).toBe('CLAIM-KEY');
  });

  test('never prints a key', () => {
    for (const { output, errors } of [run(all()), run(all(), '--dry-run')])
      expect(output + errors).not.toMatch(/CLAIM-KEY|secret/);
  });

  test('after time servers of the plant were given to chrony', () => {
    const { status } = run({ ...all() }, '--time-server', '10.0.0.1', '--time-server', 'ntp.plant.example');
    expect(status).toBe(0);
    expect(read('chrony/plantbridge.sources')).toBe('server 10.0.0.1 iburst\nserver ntp.plant.example iburst\n');
    expect(read('calls')).toMatch(/chronyc reload sources\nchronyc waitsync/);
  });
});

test('prepares a machine without a claim', () => {
  const { status, output } = run(SOFTWARE(), '--prepare');
  expect(status).toBe(0);
  expect(output).toContain('This machine is prepared.');
  expect(has('greengrass/installer/nucleus-2.18.0/lib/Greengrass.jar')).toBe(true);
  expect(read('calls')).not.toContain('-jar');

  // The software is known now, and is not fetched again.
  rmSync(join(folder, 'nucleus.zip'));
  const { '--root': root, '--chrony-sources': chronySources } = SOFTWARE();
  const enrolment = { ...ENROLMENT(), '--root': root, '--chrony-sources': chronySources };
  const config = run(enrolment, '--dry-run').output;
  expect(config).toContain('version: "2.18.0"');
  expect(run(enrolment).status).toBe(0);
});

test('takes what was prepared as data, and never runs it', () => {
  mkdirSync(join(folder, 'greengrass/installer'), { recursive: true });
  write('greengrass/installer/prepared', 'nucleus_version=$(touch x)\n');
  const { status, errors } = run({ ...all(), '--nucleus-version': undefined });
  expect(status).toBe(1);
  expect(errors).toContain('--nucleus-version must be a version such as 2.18.0');
});

describe('a dry run', () => {
  function config(options: Readonly<Record<string, string>> = {}, ...flags: string[]) {
    const { status, output } = run(all(options), '--dry-run', ...flags);
    expect(status).toBe(0);
    expect(has('calls')).toBe(false);
    expect(has('greengrass')).toBe(false);
    return parse(output.slice(output.indexOf('---'))) as {
      system?: unknown;
      services: Record<string, { version?: string; configuration: Record<string, unknown> }>;
    };
  }

  test('prints the configuration, and changes nothing', () => {
    const root = join(folder, 'greengrass');
    expect(config()).toEqual({
      services: {
        'aws.greengrass.Nucleus': {
          version: '2.18.0',
          configuration: { mqtt: { port: 443 }, greengrassDataPlanePort: 443 },
        },
        'aws.greengrass.FleetProvisioningByClaim': {
          configuration: {
            rootPath: root,
            awsRegion: 'eu-central-1',
            iotDataEndpoint: 'abc-ats.iot.eu-central-1.amazonaws.com',
            iotCredentialEndpoint: 'def.credentials.iot.eu-central-1.amazonaws.com',
            iotRoleAlias: 'plantbridge-demo--gateway-1',
            provisioningTemplate: 'plantbridge-demo--gateway-1',
            claimCertificatePath: `${root}/claim-certs/claim.pem.crt`,
            claimCertificatePrivateKeyPath: `${root}/claim-certs/claim.private.pem.key`,
            rootCaPath: `${root}/AmazonRootCA1.pem`,
            mqttPort: 443,
            templateParameters: { SerialNumber: 'PB-0001' },
          },
        },
      },
    });
  });

  test('of a network with a proxy: nucleus and plugin go by it', () => {
    const { services, system } = config({
      '--proxy': 'https://proxy.plant.example:3128',
      '--no-proxy': '10.0.0.0/8,plant.example',
    });
    expect(system).toEqual({ rootCaPath: `${join(folder, 'greengrass')}/AmazonRootCA1.pem` });
    expect(services['aws.greengrass.Nucleus']?.configuration.networkProxy).toEqual({
      noProxyAddresses: '10.0.0.0/8,plant.example',
      proxy: { url: 'https://proxy.plant.example:3128' },
    });
    expect(services['aws.greengrass.FleetProvisioningByClaim']?.configuration.proxyUrl).toBe(
      'https://proxy.plant.example:3128',
    );
  });

  test('of a network without internet: Greengrass goes by the endpoint of IoT data', () => {
    expect(config({}, '--private-endpoints').services['aws.greengrass.Nucleus']?.configuration).toMatchObject({
      greengrassDataPlaneEndpoint: 'iotdata',
      s3EndpointType: 'REGIONAL',
    });
  });
});
