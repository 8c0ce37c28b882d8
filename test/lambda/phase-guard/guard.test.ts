import { describe, expect, test } from '@jest/globals';
import { guardPhase } from '../../../lambda/phase-guard/guard.ts';
import type { CustomResourceEvent } from '../../../lambda/shared/custom-resource.ts';

const properties = (phase: string, allowed = false) => ({
  SiteId: 'demo',
  Phase: phase,
  PhaseDownAllowed: String(allowed),
});
const event = (
  type: CustomResourceEvent['RequestType'],
  now: Record<string, string>,
  before?: Record<string, string>,
): CustomResourceEvent => ({
  RequestType: type,
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/plantbridge-demo-Foundation/1',
  RequestId: '1',
  LogicalResourceId: 'Phase',
  ...(type !== 'Create' && { PhysicalResourceId: 'phase-of-demo' }),
  ResourceProperties: now,
  ...(before !== undefined && { OldResourceProperties: before }),
});
const update = (from: string, to: string, allowed = false) =>
  guardPhase(event('Update', properties(to, allowed), properties(from)));

describe('the phase guard', () => {
  test.each([
    ['pilot', 'production'],
    ['pilot', 'analytics'],
    ['rollout', 'rollout'],
  ])('lets a site go from %s to %s', async (from, to) => {
    await expect(update(from, to)).resolves.toEqual({ physicalResourceId: 'phase-of-demo' });
  });

  test('refuses to go down, and says how it is allowed', async () => {
    await expect(update('rollout', 'pilot')).rejects.toThrow(
      'Site demo is deployed in phase rollout, and this deployment would take it back to phase pilot. ' +
        'If that is meant, deploy again with -c allow-phase-down=demo; otherwise set phase: rollout in the site file.',
    );
  });

  test('lets a site go down where the deployment says so', async () => {
    await expect(update('rollout', 'pilot', true)).resolves.toEqual({ physicalResourceId: 'phase-of-demo' });
  });

  test('does not take the permission of an earlier deployment for one of this', async () => {
    const before = properties('rollout', true);
    await expect(guardPhase(event('Update', properties('pilot'), before))).rejects.toThrow('allow-phase-down=demo');
  });

  test('lets CloudFormation roll back what it refused: that is a way up', async () => {
    await expect(update('rollout', 'pilot')).rejects.toThrow();
    await expect(update('pilot', 'rollout')).resolves.toEqual({ physicalResourceId: 'phase-of-demo' });
  });

  test('begins anew with a new stack, and never keeps one from being removed', async () => {
    await expect(guardPhase(event('Create', properties('pilot')))).resolves.toEqual({
      physicalResourceId: 'phase-of-demo',
    });
    await expect(guardPhase(event('Delete', properties('analytics')))).resolves.toEqual({
      physicalResourceId: 'phase-of-demo',
    });
  });

  test('keeps its id in each update, so that no update becomes a replacement', async () => {
    const created = await guardPhase(event('Create', properties('pilot')));
    expect(await update('pilot', 'analytics')).toEqual(created);
  });

  test('names a property that is missing', async () => {
    await expect(guardPhase(event('Create', { SiteId: 'demo', Phase: 'pilot' }))).rejects.toThrow('PhaseDownAllowed');
  });
});
