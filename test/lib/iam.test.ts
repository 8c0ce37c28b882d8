import { describe, expect, test } from '@jest/globals';
import { RAW_RULE_KINDS, SiteNames } from '../../lib/names.ts';
import { ALL_SITES } from '../support/all-sites.ts';
import { type Actor, type Request, SitePermissions } from '../support/iam.ts';
import { type SynthesizedSite, synthesizeText } from '../support/synth.ts';
import { type Asked, arnOf, ask, NEIGHBOURS, type RoleRow, reachesOf } from './iam/row.ts';
import { ROLE_ROWS } from './iam/rows.ts';

/** What a row's path says of an actor's: undefined if it is another one, else what its `*` stands for. */
function idWithin(row: RoleRow, { path }: Actor): string | undefined {
  const pattern = row.role
    .replaceAll(/[.+?^$()[\]{}|\\]/g, '\\$&')
    .replace('*', '([a-z0-9-]+)')
    .replaceAll('*', '[A-Za-z0-9-]+');
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found === null ? undefined : (found[1] ?? '');
}

interface Case {
  readonly site: string;
  readonly actor: Actor;
  readonly row: RoleRow;
  readonly asked: Asked;
}

const SITES = Object.entries(ALL_SITES).map(([name, text]) => {
  const site: SynthesizedSite = synthesizeText(text);
  return { name, site, permissions: new SitePermissions(site), names: new SiteNames(site.stage.node.id) };
});

const CASES: readonly Case[] = SITES.flatMap(({ name, permissions, names }) =>
  permissions.actors.flatMap((actor) =>
    ROLE_ROWS.flatMap((row) => {
      const id = idWithin(row, actor);
      if (id === undefined) return [];
      const asked = { permissions, names, stackId: actor.path.split('/')[0] ?? '', id };
      return [{ site: name, actor, row, asked }];
    }),
  ),
);

/** Requests to which the answer is not the one expected, each as a sentence. */
async function wrongAnswers(
  { permissions }: Asked,
  actor: Actor,
  requests: readonly Request[],
  expected: boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const request of requests)
    if ((await permissions.allows(actor, request)) !== expected)
      wrong.push(`${expected ? 'must be allowed' : 'must be denied'}: ${request.action} on ${request.resource}`);
  return wrong;
}

describe('the table of roles', () => {
  test('has one row for each role and IoT policy of each site', () => {
    const faults = SITES.flatMap(({ name, permissions }) =>
      permissions.actors.flatMap(({ path }) => {
        const rows = CASES.filter(({ site, actor }) => site === name && actor.path === path).length;
        return rows === 1 ? [] : [`${name}: ${path} has ${rows} rows: write one in test/lib/iam/`];
      }),
    );
    expect(faults).toEqual([]);
  });

  test('has no row for a role that is not there', () => {
    const unused = ROLE_ROWS.filter((row) => !CASES.some((each) => each.row === row)).map(({ role }) => role);
    expect(unused).toEqual([]);
  });
});

describe.each(SITES.map(({ name }) => name))('the roles of %s', (name) => {
  const cases = CASES.filter(({ site }) => site === name).map((each) => [each.actor.path, each] as const);
  test.each(cases)('%s may do what it must', async (_path, { actor, row, asked }) => {
    expect(await wrongAnswers(asked, actor, row.allows(asked), true)).toEqual([]);
  });

  test.each(cases)("%s may do nothing with a neighbour's", async (_path, { actor, row, asked }) => {
    const reaches = reachesOf(row, asked);
    const requests = NEIGHBOURS.filter(({ action }) => !reaches.includes(action));
    expect(await wrongAnswers(asked, actor, [...requests, ...(row.denies?.(asked) ?? [])], false)).toEqual([]);
  });

  test.each(cases.filter(([, { row, asked }]) => reachesOf(row, asked).length > 0))(
    '%s reaches what its row says, or its row says too much',
    async (_path, { actor, row, asked }) => {
      const requests = NEIGHBOURS.filter(({ action }) => reachesOf(row, asked).includes(action));
      const allowed = await Promise.all(requests.map((request) => asked.permissions.allows(actor, request)));
      expect(requests.filter((_request, index) => allowed[index] !== true)).toEqual([]);
    },
  );
});

describe('with residency: aggregates', () => {
  const { permissions, names } = SITES.find(({ name }) => name === 'aggregates')!;

  test('nobody may publish a raw value to the cloud', async () => {
    const raw = RAW_RULE_KINDS.flatMap((kind) => [
      ask('iot:Publish', arnOf('iot', `topic/$aws/rules/${names.rule(kind)}/aggregates/bottling/filler/state`)),
      ask('iot:Publish', arnOf('iot', `topic/$aws/rules/${names.rule(kind)}/${names.gateway('gateway-1')}`)),
      ask(
        'iot:Publish',
        arnOf(
          'iot',
          `topic/$aws/rules/${names.rule(kind)}/${names.gateway('gateway-1')}/aggregates/bottling/filler/state`,
        ),
      ),
    ]);
    const topics = [...raw, ask('iot:Publish', arnOf('iot', 'topic/plant/v1/aggregates/bottling/filler'))];
    const allowed: string[] = [];
    for (const actor of permissions.actors)
      for (const request of topics)
        if (await permissions.allows(actor, request)) allowed.push(`${actor.path} may publish to ${request.resource}`);
    expect(allowed).toEqual([]);
  });
});
