import { writeFileSync } from 'node:fs';
import { test } from '@jest/globals';
import { testSite } from '../../../support/synth.ts';
import { ONE_OF_EACH, watchedStage } from './watched-stage.ts';

test('x', () => {
  const { template, findings } = watchedStage(testSite('outpost-gen1'), ONE_OF_EACH, true);
  writeFileSync('/tmp/observability.json', JSON.stringify(template, null, 1));
  writeFileSync('/tmp/observability.findings', findings.join('\n'));
});
