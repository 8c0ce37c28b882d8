import { describe, expect, test } from '@jest/globals';
import type { ArrivalSources } from '../../../lambda/data-watch/arrival.ts';
import type { DataWatchEvent, WatchList } from '../../../lambda/data-watch/contract.ts';
import type { OeeQualitySources } from '../../../lambda/data-watch/oee-quality.ts';
import { watching } from '../../../lambda/data-watch/watching.ts';

const NOW = Date.UTC(2026, 2, 2, 10, 12);
const SECOND = 1000;

const LIST: WatchList = {
  siteId: 'demo',
  dataGapShare: 0.05,
  machines: [
    { path: 'demo/bottling/filler', gatewayId: 'gateway-1', countsParts: true },
    { path: 'demo/bottling/capper', gatewayId: 'gateway-1', countsParts: false },
    { path: 'demo/packing/packer', gatewayId: 'gateway-2', countsParts: true },
  ],
};

interface World {
  /** Machine path -> seconds since its newest tick. */
  readonly ages?: Readonly<Record<string, number>>;
  /** Alias -> sum of the last hour. */
  readonly sums?: Readonly<Record<string, number>>;
  readonly unmodeled?: readonly string[];
  readonly deadLetterObjects?: number;
}

async function watch(check: DataWatchEvent['check'], world: World) {
  const lines: Record<string, unknown>[] = [];
  const warnings: { message: string; extra: unknown }[] = [];
  const asked: { prefix?: string; endMs?: number } = {};
  const sources: ArrivalSources & OeeQualitySources = {
    newestTimes: async () =>
      new Map(Object.entries(world.ages ?? {}).map(([path, age]) => [`/${path}/run-s`, NOW - age * SECOND])),
    unmodeledStreams: async (prefix) => {
      asked.prefix = prefix;
      return world.unmodeled ?? [];
    },
    deadLetterObjects: async () => world.deadLetterObjects ?? 0,
    hourSums: async (_aliases, endMs) => {
      asked.endMs = endMs;
      return new Map(Object.entries(world.sums ?? {}));
    },
  };
  await watching({
    list: LIST,
    sources,
    logger: { warn: (message, extra) => warnings.push({ message, extra }) },
    write: (line) => lines.push(JSON.parse(line)),
    now: () => NOW,
  })({ check });
  const gateway = (id: string) => lines.find((line) => line.Gateway === id) ?? {};
  const site = lines.find((line) => line.Gateway === undefined) ?? {};
  return { gateway, site, warnings, asked };
}

const ALL_FRESH = { 'demo/bottling/filler': 30, 'demo/bottling/capper': 31, 'demo/packing/packer': 32 };

describe('the watch of arrival', () => {
  test('finds nothing wrong where every machine has a recent tick', async () => {
    const { gateway, site, warnings } = await watch('arrival', { ages: ALL_FRESH });
    expect(gateway('gateway-1')).toMatchObject({ GatewaySilent: 0, GatewayTickAge: 30 });
    expect(gateway('gateway-2')).toMatchObject({ GatewaySilent: 0, GatewayTickAge: 32 });
    expect(site).toMatchObject({ StaleMachines: 0, UnmodeledStreams: 0, DeadLetterObjects: 0 });
    expect(warnings).toEqual([]);
  });

  test('a gateway is silent when the newest tick of all its machines is too old', async () => {
    const { gateway, site, warnings } = await watch('arrival', { ages: { ...ALL_FRESH, 'demo/packing/packer': 301 } });
    expect(gateway('gateway-2')).toMatchObject({ GatewaySilent: 1, GatewayTickAge: 301 });
    expect(gateway('gateway-1')).toMatchObject({ GatewaySilent: 0 });
    expect(site).toMatchObject({ StaleMachines: 1 });
    expect(warnings).toEqual([{ message: 'staleMachines', extra: { count: 1, names: ['demo/packing/packer'] } }]);
  });

  test('a gateway with one live machine is not silent, its other machine is stale', async () => {
    const { gateway, site } = await watch('arrival', { ages: { ...ALL_FRESH, 'demo/bottling/capper': 4000 } });
    expect(gateway('gateway-1')).toMatchObject({ GatewaySilent: 0, GatewayTickAge: 30 });
    expect(site).toMatchObject({ StaleMachines: 1 });
  });

  test('a gateway that never sent a tick is silent, and its age is not made up', async () => {
    const { gateway, site } = await watch('arrival', {});
    expect(gateway('gateway-1')).toMatchObject({ GatewaySilent: 1 });
    expect(gateway('gateway-1')).not.toHaveProperty('GatewayTickAge');
    expect(site).toMatchObject({ StaleMachines: 3 });
  });

  test('counts streams without an asset of this site alone, not of a site whose id begins with its own', async () => {
    const { site, warnings, asked } = await watch('arrival', {
      ages: ALL_FRESH,
      unmodeled: ['/demo/bottling/filer/run-s'],
    });
    expect(asked.prefix).toBe('/demo/');
    expect(site).toMatchObject({ UnmodeledStreams: 1 });
    expect(warnings).toEqual([
      { message: 'unmodeledStreams', extra: { count: 1, names: ['/demo/bottling/filer/run-s'] } },
    ]);
  });

  test('counts what lies in dead-letter buckets', async () => {
    const { site } = await watch('arrival', { ages: ALL_FRESH, deadLetterObjects: 3 });
    expect(site).toMatchObject({ DeadLetterObjects: 3 });
  });
});

describe("the watch of OEE's quality", () => {
  const hour = (path: string, values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([signal, sum]) => [`/${path}/${signal}`, sum]));
  const GOOD_HOUR = {
    ...hour('demo/bottling/filler', { 'busy-s': 3000, 'planned-s': 600, 'run-s': 2400, 'ideal-s': 2000 }),
    ...hour('demo/bottling/capper', { 'busy-s': 3600, 'planned-s': 0 }),
    ...hour('demo/packing/packer', { 'busy-s': 3600, 'planned-s': 0, 'run-s': 3600, 'ideal-s': 3600 }),
  };

  test('judges the last full hour', async () => {
    const { asked, site } = await watch('oee-quality', { sums: GOOD_HOUR });
    expect(asked.endMs).toBe(Date.UTC(2026, 2, 2, 10));
    expect(site).toMatchObject({ DataGapMachines: 0, FastMachines: 0 });
  });

  test('a gap is unknown time above the share of the site file: 181 of 3,600 seconds are, 180 are not', async () => {
    const sums = { ...GOOD_HOUR, '/demo/bottling/filler/busy-s': 2819, '/demo/packing/packer/busy-s': 3420 };
    const { site, warnings } = await watch('oee-quality', { sums });
    expect(site).toMatchObject({ DataGapMachines: 1 });
    expect(warnings).toEqual([{ message: 'dataGapMachines', extra: { count: 1, names: ['demo/bottling/filler'] } }]);
  });

  test('an hour without a tick is a gap as a whole, and has no performance', async () => {
    const { site } = await watch('oee-quality', {});
    expect(site).toMatchObject({ DataGapMachines: 3, FastMachines: 0 });
  });

  test('a performance above 105 % shows a wrong ideal cycle; a little above 1 is a part begun in the hour before', async () => {
    const sums = { ...GOOD_HOUR, '/demo/bottling/filler/ideal-s': 2640, '/demo/packing/packer/ideal-s': 3700 };
    const { site, warnings } = await watch('oee-quality', { sums });
    expect(site).toMatchObject({ FastMachines: 1 });
    expect(warnings).toEqual([{ message: 'fastMachines', extra: { count: 1, names: ['demo/bottling/filler'] } }]);
  });
});

test('an event that is none of ours fails, and writes nothing', async () => {
  await expect(watch('all' as DataWatchEvent['check'], {})).rejects.toThrow('Unknown check: "all"');
});
