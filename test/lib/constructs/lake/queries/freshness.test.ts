import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshnessSql } from '../../../../../lib/constructs/lake/queries/freshness.ts';
import { smallSite } from '../../../../support/small-site.ts';
import { LakeDatabase } from './lake-database.ts';

const lake = new LakeDatabase();
beforeAll(() => lake.open(), 60_000);
afterAll(() => lake.close());

describe('the freshness of machines in the lake', () => {
  test('names the machine that never sent anything first, then the most silent', async () => {
    const { lines } = smallSite({ bottling: ['filler', 'capper', 'packer'] });
    const now = Date.now();
    const at = (machine: string, minutesAgo: number) => ({
      path: `demo/bottling/${machine}/run-s`,
      timeMs: now - minutesAgo * 60_000,
      value: 1,
      quality: 'GOOD' as const,
    });
    await lake.add([at('filler', 5), at('filler', 90), at('capper', 60)]);
    const rows = await lake.ask(freshnessSql({ lines }));
    expect(rows.map(({ machine_id, row_count }) => [machine_id, row_count])).toEqual([
      ['packer', null],
      ['capper', 1],
      ['filler', 2],
    ]);
    const minutes = rows.map(({ silent_minutes }) => (silent_minutes === null ? null : Number(silent_minutes)));
    expect(minutes[0]).toBeNull();
    expect(minutes[1]).toBeCloseTo(60, 0);
    expect(minutes[2]).toBeCloseTo(5, 0);
    expect(rows[2]?.average_delay_s).toBe(1);
  });
});
