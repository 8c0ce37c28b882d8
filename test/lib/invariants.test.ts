import { describe, expect, test } from '@jest/globals';
import { objectOf } from '../../lib/checks/json.ts';
import { checkedStack, faultText } from '../../lib/checks/plantbridge-checks.ts';
import type { CheckedStack } from '../../lib/checks/rule.ts';
import { RULES } from '../../lib/checks/rules/rules.ts';
import { ALL_SITES } from '../support/all-sites.ts';
import { DATA_TYPES } from '../support/phases.ts';
import { type SynthesizedSite, synthesizeText, testSite } from '../support/synth.ts';
import { EXCEPTIONS } from './invariants/exceptions.ts';
import { BOXES } from './invariants/three-tiers.ts';

const SITES = Object.entries(ALL_SITES).map(([name, text]) => {
  const site = synthesizeText(text, { withChecks: true });
  return { name, site, stacks: site.stackIds.map((id) => checked(site, id)) };
});

function checked(site: SynthesizedSite, stackId: string): CheckedStack {
  return checkedStack(stackId, JSON.stringify(site.json(stackId)), 'aws://123456789012/eu-central-1');
}

/** What breaks our rules, whether a construct accepts it or not: `Ingest/Queue1A2B: Plantbridge-...: what`. */
function broken(
  stacks: readonly CheckedStack[],
): { readonly text: string; readonly rule: string; readonly at: string }[] {
  return RULES.flatMap((rule) =>
    [...rule.faults(stacks)].map((fault) => {
      const at = `${fault.stack.path}/${fault.resource?.logicalId ?? ''}`;
      return { rule: rule.id, at, text: `${at}: ${rule.id}: ${faultText(fault)}` };
    }),
  );
}

function isException({ rule, at }: { readonly rule: string; readonly at: string }): boolean {
  return EXCEPTIONS.some((each) => each.rule === rule && each.of.test(at));
}

describe.each(SITES)('the stacks of $name', ({ site, stacks }) => {
  test('leave no finding of any check', () => {
    expect(site.stackIds.flatMap((id) => site.findings(id))).toEqual([]);
  });

  test('keep our rules, but for the exceptions that are named here', () => {
    expect(
      broken(stacks)
        .filter((each) => !isException(each))
        .map(({ text }) => text),
    ).toEqual([]);
  });

  test('keep the data when they are removed or replaced', () => {
    const faults = dataOf(site).flatMap(({ at, type, policies }) =>
      policies.every((policy) => policy === 'Retain' || policy === 'RetainExceptOnCreate' || policy === 'Snapshot')
        ? []
        : [`${at} (${type}): DeletionPolicy and UpdateReplacePolicy must be Retain, got: ${policies.join(' and ')}`],
    );
    expect(faults).toEqual([]);
  });

  test('say what they are for', () => {
    const silent = site.stackIds.filter((id) => {
      const description = objectOf(site.json(id)).Description;
      return typeof description !== 'string' || !description.startsWith('Plantbridge ');
    });
    expect(silent).toEqual([]);
  });

  test('hold something', () => {
    expect(site.stackIds.filter((id) => Object.keys(site.json(id).Resources ?? {}).length === 0)).toEqual([]);
  });
});

/** What keeps data, with what happens to it when its stack goes. */
function dataOf(site: SynthesizedSite) {
  return site.stackIds.flatMap((id) =>
    Object.entries(site.json(id).Resources ?? {}).flatMap(([logicalId, resource]) =>
      DATA_TYPES.includes(resource.Type)
        ? [
            {
              at: `${id}/${logicalId}`,
              type: resource.Type,
              policies: [resource.DeletionPolicy, resource.UpdateReplacePolicy],
            },
          ]
        : [],
    ),
  );
}

test('each exception is needed', () => {
  const all = SITES.flatMap(({ stacks }) => broken(stacks));
  const unused = EXCEPTIONS.filter(({ rule, of }) => !all.some((each) => each.rule === rule && of.test(each.at)));
  expect(unused.map(({ rule, of }) => `${rule} ${of}`)).toEqual([]);
});

describe('data', () => {
  const withFirstKey = testSite('outpost-gen1').replace('aws: {', 'aws: { deleteData: true,');
  const policiesOf = (text: string, deleteDataConfirmed: boolean) => [
    ...new Set(dataOf(synthesizeText(text, { deleteDataConfirmed })).flatMap(({ policies }) => policies)),
  ];

  test.each([
    ['the site file alone', withFirstKey, false],
    ['the command line alone', testSite('outpost-gen1'), true],
  ])('is kept with one key: %s', (_which, text, confirmed) => {
    expect(policiesOf(text, confirmed).toSorted()).toEqual(['Retain', 'RetainExceptOnCreate', 'Snapshot']);
  });

  test('goes with its stacks when both keys are turned', () => {
    expect(policiesOf(withFirstKey, true)).toEqual(['Delete']);
  });
});

describe('of the three tiers', () => {
  test.each(BOXES)('$tier: $box', ({ site: name, stack, types }) => {
    const site = SITES.find((each) => each.name === name)?.site;
    const present = (site?.stackIds ?? [])
      .filter((id) => stack.test(id))
      .flatMap((id) => Object.values(site?.json(id).Resources ?? {}).map(({ Type }) => Type));
    expect(types.filter((type) => !present.includes(type))).toEqual([]);
  });
});
