import { describe, expect, test } from '@jest/globals';
import { formatFault, loadSiteWithWarnings, SiteFileError } from '../../../../core/site/load.ts';
import { type Change, SENSOR } from '../../../support/site-faults.ts';
import { smallSiteWith } from '../../../support/site-text.ts';

const AGGREGATES: Change = ['id: small', 'id: small\nresidency: aggregates'];
const SITEWISE: Change = [SENSOR, SENSOR.replace('}', ', sitewise: true }')];
const OUTPOST = [
  'outpost:',
  '  arn: arn:aws:outposts:eu-central-1:123456789012:outpost/op-0123456789abcdef0',
  '  availabilityZone: eu-central-1a',
  '  generation: 1',
  '  instanceType: m5.xlarge',
  '  vpcCidr: "10.60.0.0/16"',
  '  subnetCidr: "10.60.1.0/24"',
  '  localGateway: { id: lgw-0123456789abcdef0, routeTableId: lgw-rtb-0123456789abcdef0 }',
].join('\n');

/** The faults that speak of residency, as lines. */
function residencyFaults(changes: readonly Change[], forDeployment = true): string[] {
  const text = smallSiteWith(...changes);
  try {
    loadSiteWithWarnings('site.yaml', () => text, { forDeployment });
    return [];
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return error.faults.map(formatFault).filter((line) => line.includes('residency: aggregates'));
  }
}

describe('residency: aggregates', () => {
  test('takes no sensor that goes to SiteWise, and names each', () => {
    expect(residencyFaults([AGGREGATES, SITEWISE])).toEqual([
      expect.stringMatching(
        /^site\.yaml:18:\d+ lines\[0\]\.machines\[0\]\.sensors\[0\]\.sitewise must be false .*filler\/temperature would go to AWS IoT SiteWise, got: true/,
      ),
    ]);
  });

  test('ends before the phase that trains models in the cloud', () => {
    const [fault, ...others] = residencyFaults([['id: small', 'id: small\nresidency: aggregates\nphase: analytics']]);
    expect(fault).toMatch(/^site\.yaml:4:8 phase must be rollout at most/);
    expect(others).toEqual([]);
  });

  test('needs S3 on an Outpost of generation 1, where the backups of RDS stay', () => {
    const [fault] = residencyFaults([['id: small', `id: small\nresidency: aggregates\n${OUTPOST}`]]);
    expect(fault).toContain('outpost.s3 must be true');
    const generation2 = OUTPOST.replace('generation: 1', 'generation: 2').replace('m5.xlarge', 'm7i.xlarge');
    expect(residencyFaults([['id: small', `id: small\nresidency: aggregates\n${generation2}`]])).toEqual([]);
    expect(residencyFaults([['id: small', `id: small\nresidency: aggregates\n${OUTPOST}\n  s3: true`]])).toEqual([]);
  });

  test('is no matter on one machine, nor are sensors in SiteWise where everything may leave', () => {
    expect(residencyFaults([AGGREGATES, SITEWISE], false)).toEqual([]);
    expect(residencyFaults([SITEWISE])).toEqual([]);
  });
});
