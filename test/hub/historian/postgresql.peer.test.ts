import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { PostgresDatabase } from '../../../hub/historian/postgres-database.ts';
import { freePort } from '../../support/free-port.ts';
import { historianCases } from './historian-cases.ts';

/** Debian's PostgreSQL: `apt-get install postgresql`. */
const VERSIONS = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root. */
const isRoot = process.getuid?.() === 0;
const USER = isRoot ? 'postgres' : undefined;

function command(program: string, args: readonly string[]): [string, string[]] {
  return USER === undefined ? [program, [...args]] : ['runuser', ['-u', USER, '--', program, ...args]];
}

function binaries(): string {
  const [newest] = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  if (newest === undefined)
    throw new Error('PostgreSQL is not installed: apt-get install -y postgresql (docs/testing.md)');
  return join(VERSIONS, newest, 'bin');
}

describe("historian on Debian's PostgreSQL", () => {
  let folder: string;
  let port: number;
  let server: ReturnType<typeof spawn>;
  let databases = 0;
  const address = (name: string) => `postgresql://plantbridge@127.0.0.1:${port}/${name}`;

  beforeAll(async () => {
    const bin = binaries();
    folder = mkdtempSync(join(tmpdir(), 'plantbridge-postgresql-'));
    if (USER !== undefined) chownSync(folder, Number(execFileSync('id', ['-u', USER])), -1);
    const data = join(folder, 'data');
    const [initdb, initArgs] = command(join(bin, 'initdb'), [
      '-D',
      data,
      '-U',
      'plantbridge',
      '-A',
      'trust',
      '-E',
      'UTF8',
    ]);
    execFileSync(initdb, initArgs, { cwd: folder, stdio: 'ignore' });
    port = await freePort();
    const [postgres, args] = command(join(bin, 'postgres'), [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-h',
      '127.0.0.1',
    ]);
    server = spawn(postgres, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      server.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('ready to accept connections')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}`)));
    });
  });

  afterAll(async () => {
    const ended = once(server, 'exit');
    // runuser does not pass SIGINT on: the server's own process is in its pid file.
    const [stop, args] = command(join(binaries(), 'pg_ctl'), ['stop', '-D', join(folder, 'data'), '-m', 'fast']);
    execFileSync(stop, args, { cwd: folder, stdio: 'ignore' });
    await ended;
    rmSync(folder, { recursive: true });
  });

  async function newDatabase(): Promise<string> {
    databases += 1;
    const client = new Client({ connectionString: address('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE historian${databases}`);
    await client.end();
    return address(`historian${databases}`);
  }

  historianCases(async () => PostgresDatabase.open(await newDatabase()));

  test('a server that is not there is a fault without the password', async () => {
    const fault = PostgresDatabase.open(`postgresql://hub:hunter2@127.0.0.1:${await freePort()}/x`);
    await expect(fault).rejects.toThrow(/PostgreSQL at 127\.0\.0\.1:\d+\/x cannot be reached/);
    await expect(fault).rejects.not.toThrow(/hunter2/);
  });

  test('a connection that the server ends is an error that may pass, and the next query opens another', async () => {
    const database = await PostgresDatabase.open(await newDatabase());
    const ended = database.transaction(async ({ query }) => {
      const [row] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const client = new Client({ connectionString: address('postgres') });
      await client.connect();
      await client.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await client.end();
      await query('SELECT 1');
    });
    await expect(ended).rejects.toMatchObject({ name: 'DatabaseError', kind: 'unavailable' });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
  });
});
