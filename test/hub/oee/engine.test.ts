import { afterEach, describe, expect, test } from '@jest/globals';
import { Plant, times } from './plant.ts';

let plant: Plant;
afterEach(() => plant.engine.stop());

describe('the OEE engine', () => {
  test('computes a machine, its line and the factory for 5, 15 and 60 minutes and the day', async () => {
    plant = new Plant();
    // 12 minutes of 60 s run with 24 parts at 2 s, 3 minutes down.
    await plant.minutes('demo/bottling/filler', '2026-11-23T06:00:00Z', [
      ...times(12, { run: 60, produced: 24, rejected: 1 }),
      ...times(3, {}),
    ]);
    for (const path of ['demo/bottling/filler', 'demo/bottling', 'demo']) {
      expect(await plant.figures(path, '15m', '2026-11-23T06:15:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '1h', '2026-11-23T07:00:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '1d', '2026-11-24T00:00:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '5m', '2026-11-23T06:05:00Z')).toBe('100.0 80.0 95.8 76.7');
      expect(await plant.figures(path, '5m', '2026-11-23T06:15:00Z')).toBe('40.0 80.0 95.8 30.7');
    }
    expect(await plant.metric('demo/bottling/filler', 'run_15m', '2026-11-23T06:15:00Z')).toBe(720);
  });
});
