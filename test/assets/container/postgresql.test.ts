import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ROOT } from '../../support/source-tree.ts';

const FOLDER = join(ROOT, 'assets/container/postgresql');
const DAY_MS = 24 * 3600 * 1000;

let home: string;
let disk: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'plantbridge-postgresql-'));
  disk = join(home, 'disk');
  mkdirSync(disk);
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Puts a program in the way that notes its arguments and does what a line of bash says. */
function program(name: string, does = 'true'): void {
  const file = join(home, 'bin', name);
  writeFileSync(file, `#!/bin/bash\nprintf '%s\\n' "$*" >> '${join(home, name)}.calls'\n${does}\n`);
  chmodSync(file, 0o755);
}

function callsOf(name: string): string[] {
  const file = join(home, `${name}.calls`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { status, stderr } = spawnSync('bash', [join(FOLDER, script), ...args], {
    env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, ...env },
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** `pg_dump --file=...` that writes something. */
const DUMPS = 'for a in "$@"; do case "$a" in --file=*) echo data > "' + '$' + '{a#--file=}";; esac; done';

describe('the backup of the historian', () => {
  const backup = (env: Readonly<Record<string, string>> = {}) =>
    run('backup.sh', ['once'], { BACKUP_FOLDER: disk, BACKUP_RETENTION_DAYS: '14', ...env });
  const dumps = () => readdirSync(disk).filter((name) => name.endsWith('.dump'));
  const mounted = () => writeFileSync(join(disk, '.disk'), '');
  const oldDump = () => {
    const file = join(disk, 'historian-old.dump');
    const longAgo = new Date(Date.now() - 20 * DAY_MS);
    writeFileSync(file, 'old');
    utimesSync(file, longAgo, longAgo);
  };

  beforeEach(() => {
    program('pg_dump', DUMPS);
    program('pg_restore');
    program('aws');
  });

  test('is a dump on the disk, and takes the place of those that are too old', () => {
    mounted();
    oldDump();
    expect(backup()).toEqual({ status: 0, stderr: '' });
    expect(dumps()).toEqual([expect.stringMatching(/^historian-\d{8}T\d{6}Z\.dump$/)]);
    expect(callsOf('aws')).toEqual([]);
  });

  test('goes to S3 on Outposts too, where there is one', () => {
    mounted();
    const accessPoint = 'arn:aws:s3-outposts:eu-central-1:123456789012:outpost/op-0/accesspoint/plantbridge';
    expect(backup({ BACKUP_BUCKET: accessPoint }).status).toBe(0);
    expect(callsOf('aws')).toEqual([expect.stringContaining(`s3://${accessPoint}/historian/${dumps()[0]}`)]);
  });

  test('stays on the disk when the copy fails, as it does without the service link', () => {
    mounted();
    program('aws', 'exit 1');
    const { status, stderr } = backup({ BACKUP_BUCKET: 'arn' });
    expect(status).toBe(0);
    expect(stderr).toMatch(/The copy of historian-.*\.dump to S3 on Outposts failed; it is on the disk\./);
    expect(dumps()).toHaveLength(1);
  });

  test.each(['pg_dump', 'pg_restore'])(
    'that fails in %s leaves the old ones, and nothing that looks whole',
    (broken) => {
      mounted();
      oldDump();
      program(broken, broken === 'pg_dump' ? `${DUMPS}; exit 1` : 'exit 1');
      expect(backup().status).toBe(1);
      expect(dumps()).toEqual(['historian-old.dump']);
    },
  );

  test("is not made into the instance's own folder where the disk is missing", () => {
    const { status, stderr } = backup();
    expect(status).toBe(1);
    expect(stderr).toContain('disk is not mounted');
    expect(callsOf('pg_dump')).toEqual([]);
  });
});

describe('the start of the historian', () => {
  beforeEach(() => {
    program('docker-entrypoint.sh');
    program('openssl', 'while [ $# -gt 0 ]; do case "$1" in -keyout | -out) echo pem > "$2";; esac; shift; done');
  });
  const start = () => run('start.sh', [], { HISTORIAN_FOLDER: disk });

  test('does not make an empty database where the disk is missing', () => {
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toContain('PostgreSQL is not started');
    expect(callsOf('docker-entrypoint.sh')).toEqual([]);
  });

  test('is over TLS only, with one certificate for good, and without values in the log', () => {
    writeFileSync(join(disk, '.disk'), '');
    expect(start().status).toBe(0);
    expect(start().status).toBe(0);
    expect(callsOf('openssl')).toHaveLength(1);
    const [call = ''] = callsOf('docker-entrypoint.sh');
    for (const setting of [
      'ssl=on',
      'log_statement=none',
      'log_min_error_statement=panic',
      'log_error_verbosity=terse',
    ]) {
      expect(call).toContain(`-c ${setting}`);
    }
    const rules = readFileSync(join(FOLDER, 'pg_hba.conf'), 'utf8')
      .split('\n')
      .filter((line) => /^[a-z]/.test(line));
    expect(rules.map((rule) => rule.split(/\s+/)[0])).toEqual(['local', 'hostssl']);
    expect(rules.every((rule) => rule.endsWith('scram-sha-256'))).toBe(true);
  });
});

test("the historian's image is built from files that are there, and runs as nobody special", () => {
  const dockerfile = readFileSync(join(FOLDER, 'Dockerfile'), 'utf8');
  const sources = [...dockerfile.matchAll(/^COPY --chmod=\d+ (.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect(sources.toSorted()).toEqual(['backup.sh', 'pg_hba.conf', 'start.sh']);
  expect(sources.filter((name) => !existsSync(join(FOLDER, name)))).toEqual([]);
  expect(dockerfile).toMatch(/^FROM public\.ecr\.aws\/docker\/library\/postgres:16\.\d+-/m);
  expect(dockerfile).toMatch(/^USER 999:999$/m);
});
