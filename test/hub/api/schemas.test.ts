import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import type * as contract from '../../../hub/api/contract.ts';
import * as schemas from '../../../hub/api/schemas.ts';
import { ApiFixture } from '../../support/api-fixture.ts';

/** True only if each of the two types can stand for the other. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
type Shape<Schema extends z.ZodType> = z.infer<Schema>;

/** Does not compile once a schema and its type in contract.ts drift apart. */
const SAME: {
  health: Same<Shape<typeof schemas.healthResponseSchema>, contract.HealthResponse>;
  sites: Same<Shape<typeof schemas.sitesResponseSchema>, readonly contract.SiteSummary[]>;
  tree: Same<Shape<typeof schemas.treeResponseSchema>, contract.TreeResponse>;
  samples: Same<Shape<typeof schemas.samplesResponseSchema>, contract.SamplesResponse>;
  figure: Same<Shape<typeof schemas.oeeFigureSchema>, contract.OeeFigure>;
  oee: Same<Shape<typeof schemas.oeeResponseSchema>, contract.OeeResponse>;
  states: Same<Shape<typeof schemas.statesResponseSchema>, contract.StatesResponse>;
  losses: Same<Shape<typeof schemas.lossesResponseSchema>, contract.LossesResponse>;
  live: Same<Shape<typeof schemas.liveSnapshotSchema>, contract.LiveSnapshot>;
  action: Same<Shape<typeof schemas.demoActionSchema>, contract.DemoActionRequest>;
  demo: Same<Shape<typeof schemas.demoResponseSchema>, contract.DemoResponse>;
  problem: Same<Shape<typeof schemas.problemSchema>, contract.Problem>;
} = {
  health: true,
  sites: true,
  tree: true,
  samples: true,
  figure: true,
  oee: true,
  states: true,
  losses: true,
  live: true,
  action: true,
  demo: true,
  problem: true,
};

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { security?: unknown[]; responses: Record<string, { content: object }> }>>;
}

describe('the OpenAPI document', () => {
  test('describes the same shapes as the contract (checked by the compiler)', () => {
    expect(Object.values(SAME).every(Boolean)).toBe(true);
  });

  test('has every route of the API and no other', async () => {
    const api = new ApiFixture();
    const { body } = await api.get<OpenApi>('/openapi.json');
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} /api/v1${path}`),
    );
    const served = api.app.routes
      .filter(({ path, method }) => path.startsWith('/api/v1') && method !== 'ALL')
      .map(({ path, method }) => `${method} ${path}`);
    expect(described.sort()).toEqual([...new Set(served)].sort());
    expect(body.openapi).toBe('3.1.0');
  });

  test('says what is open, and which problems there are', async () => {
    const { body } = await new ApiFixture().get<OpenApi>('/openapi.json');
    expect(body.paths['/health']?.get?.security).toEqual([]);
    expect(body.paths['/oee']?.get?.security).toBeUndefined();
    expect(Object.keys(body.paths['/oee']?.get?.responses ?? {})).toEqual(['200', 'default']);
  });

  test('answers have the shapes that it describes', async () => {
    const api = new ApiFixture();
    const parse = async (schema: z.ZodType, path: string) => schema.parse((await api.get(path)).body);
    const range = 'from=2026-11-22T00:00:00Z&to=2026-11-22T12:00:00Z';
    await parse(schemas.healthResponseSchema, '/health');
    await parse(schemas.treeResponseSchema, '/tree');
    await parse(schemas.samplesResponseSchema, `/samples?path=demo/bottling/filler/temperature&${range}`);
    await parse(schemas.oeeResponseSchema, `/oee?path=demo&window=1h&${range}`);
    await parse(schemas.statesResponseSchema, `/states?path=demo/bottling/filler&${range}`);
    await parse(schemas.lossesResponseSchema, `/losses?path=demo&${range}`);
    schemas.liveSnapshotSchema.parse(api.live.snapshot());
  });
});
