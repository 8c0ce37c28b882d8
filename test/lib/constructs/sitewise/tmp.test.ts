import { writeFileSync } from 'node:fs';
import { test } from '@jest/globals';
import { synthesizeText, testSite } from '../../../support/synth.ts';
test('x', () => {
  for (const name of ['outpost-gen2']) {
    const site = synthesizeText(testSite(name), { withChecks: true });
    for (const id of site.stackIds.filter((x) => /Models|Line|Factory/.test(x))) {
      writeFileSync(`/tmp/m-${name}-${id}.json`, JSON.stringify(site.json(id), null, 1));
      console.log(name, id, site.findings(id));
    }
  }
}, 60000);
