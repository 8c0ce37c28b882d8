import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LogFollower } from '../../../local/factory/log-follower.ts';

let folder: string;
let file: string;
let heard: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plant-log-'));
  file = join(folder, 'edge.log');
  heard = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (level: number, source: string | undefined, msg: string) => `${JSON.stringify({ level, source, msg })}\n`;

test('what a gateway says of trouble with a source is passed on, once until it works again', () => {
  writeFileSync(file, line(40, 'press-plc', 'of an earlier run'));
  const follower = new LogFollower(file, (message) => heard.push(message));
  appendFileSync(file, line(40, 'press-plc', 'is refused') + line(30, 'press-plc', 'tries'));
  follower.look();
  appendFileSync(file, `${line(40, 'press-plc', 'is refused')}not JSON\n${line(40, undefined, 'of no source')}`);
  follower.look();
  expect(heard).toEqual(['is refused']);
  appendFileSync(file, line(30, 'press-plc', 'source press-plc is connected') + line(40, 'press-plc', 'is refused'));
  follower.look();
  expect(heard).toEqual(['is refused', 'Source press-plc is connected.', 'is refused']);
});

test('a line of which only half is written waits for the other half, and a new log is read from its beginning', () => {
  const follower = new LogFollower(file, (message) => heard.push(message));
  const whole = line(50, 'oven-plc', 'is lost');
  writeFileSync(file, whole.slice(0, 10));
  follower.look();
  expect(heard).toEqual([]);
  appendFileSync(file, whole.slice(10));
  follower.look();
  expect(heard).toEqual(['is lost']);
  writeFileSync(file, line(50, 'a', 'b'));
  follower.look();
  expect(heard).toEqual(['is lost', 'b']);
});
