import { describe, expect, test } from '@jest/globals';
import {
  cloudTopics,
  collectorAlias,
  formatPath,
  isId,
  parsePath,
  pathLevel,
  propertyAlias,
  topics,
  variableName,
} from '../../core/path.ts';

describe('path', () => {
  test.each(['demo', 'line-1', 'a1-b2', 'x'.repeat(48)])('accepts %s as an id', (id) => expect(isId(id)).toBe(true));
  test.each(['', 'Demo', '1a', 'a--b', 'a-', 'a_b', 'a/b', 'ä', 'x'.repeat(49), '+', '#'])(
    'refuses %s as an id',
    (id) => expect(isId(id)).toBe(false),
  );
  test('splits and joins all four levels', () => {
    for (const [path, level] of [
      ['demo', 'site'],
      ['demo/bottling', 'line'],
      ['demo/bottling/filler', 'machine'],
      ['demo/bottling/filler/run-s', 'signal'],
    ] as const) {
      const parts = parsePath(path);
      expect(parts && formatPath(parts)).toBe(path);
      expect(parts && pathLevel(parts)).toBe(level);
    }
    expect(parsePath('demo/bottling/filler/a/b')).toBeUndefined();
    expect(parsePath('demo//filler')).toBeUndefined();
  });
  test('derives alias and variable', () => {
    expect(propertyAlias('demo/bottling/filler/run-s')).toBe('/demo/bottling/filler/run-s');
    expect(variableName('run-s')).toBe('run_s');
  });
  test('no topic has more than seven slashes', () => {
    const machine = 'site/line/machine';
    const all = [
      topics.machine(machine),
      topics.state(machine),
      topics.minute(machine),
      topics.command(machine),
      topics.batch('site', 'gw'),
      topics.ack('site', 'gw'),
    ];
    for (const topic of all) expect(topic.split('/').length - 1).toBeLessThanOrEqual(7);
  });

  test('a topic of Basic Ingest has the site to the machine in topic(2) to topic(4), and seven slashes at most', () => {
    const gateway = 'plantbridge-demo--gateway-1';
    expect(cloudTopics.batch('plantbridge_demo_live_raw', gateway)).toBe(
      '$aws/rules/plantbridge_demo_live_raw/plantbridge-demo--gateway-1',
    );
    const topic = cloudTopics.state('plantbridge_demo_state', gateway, 'demo/bottling/filler');
    expect(topic.split('/').slice(3)).toEqual([gateway, 'demo', 'bottling', 'filler', 'state']);
    expect(topic.split('/').length - 1).toBe(7);
  });

  test("names AWS's collector's streams by source and browse path", () => {
    expect(collectorAlias('demo', 'packer-plc', '/Packer/State')).toBe('/demo/packer-plc/Packer/State');
  });
});
