import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openHistorian } from '../../../hub/historian/open.ts';
import { OeeEngine } from '../../../hub/oee/engine.ts';
import { readAssetModels } from '../../../hub/oee/models.ts';
import { smallSite } from '../../support/small-site.ts';
import { batchOf, type MinuteFacts } from '../../support/ticks.ts';
import { minuteSamples, Plant } from './plant.ts';

const folder = await mkdtemp(join(tmpdir(), 'plantbridge-oee-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the figures in the real historian are those of the historian in memory, also after a restart', async () => {
  const site = smallSite({ bottling: ['filler', 'packer'], machining: ['mill'] }, { bottling: ['filler'] });
  const now = () => Date.parse('2026-11-23T12:00:00Z');
  const minutes = Array.from({ length: 200 }, (_, index): MinuteFacts => {
    return { run: (index * 7) % 61, produced: index % 30, rejected: index % 2 };
  });
  const batches = ['demo/bottling/filler', 'demo/bottling/packer', 'demo/machining/mill'].flatMap((path, index) =>
    ['2026-11-22T22:10:00Z', '2026-11-03T01:00:00Z'].map((from, part) =>
      batchOf(minuteSamples(path, from, minutes), index * 2 + part + 1),
    ),
  );
  const plant = new Plant(site);
  await plant.historian.commit('gateway-1', batches);
  plant.engine.committed(batches);
  await plant.engine.settled();
  await plant.engine.stop();
  const expected = plant.historian.allMetrics();

  const historian = await openHistorian({ folder: join(folder, 'historian') }, { retentionDays: 400, now });
  const engine = () => new OeeEngine({ site, models: readAssetModels(), historian, now, debounceMs: 0, restShare: 0 });
  const stored = async () => {
    const properties = [...new Set(expected.map(({ property }) => property))];
    const paths = [...new Set(expected.map(({ path }) => path))];
    const rows = await Promise.all(paths.map((path) => historian.metrics(path, properties, 0, now() * 2)));
    return new Map(rows.flat().map(({ path, property, endMs, value }) => [`${path} ${property} ${endMs}`, value]));
  };
  // The first hub is killed after its commit; the second finds everything, the third has nothing to add.
  await historian.commit('gateway-1', batches);
  for (let start = 0; start < 2; start += 1) {
    const hub = engine();
    hub.start();
    await hub.settled();
    await hub.stop();
    expect(await stored()).toEqual(
      new Map(expected.map((row) => [`${row.path} ${row.property} ${row.endMs}`, row.value])),
    );
  }
  await historian.close();
}, 60_000);
