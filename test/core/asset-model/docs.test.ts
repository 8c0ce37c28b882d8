import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadAssetModels } from '../../../core/asset-model/load.ts';
import { instantiateModels } from '../../../core/asset-model/model.ts';

const folder = join(import.meta.dirname, '../../..');

test('the example of docs/asset-models.md is a model as the text says', () => {
  const documentation = readFileSync(join(folder, 'docs/asset-models.md'), 'utf8');
  const [, example] = /```yaml\n([\s\S]*?)```/.exec(documentation)!;
  const sensor = readFileSync(join(folder, 'assets/asset-models/sensor.yaml'), 'utf8');
  const files = loadAssetModels([
    { file: 'docs/asset-models.md', text: example! },
    { file: 'sensor.yaml', text: sensor },
  ]);
  expect([...instantiateModels(files).get('press')!.properties.keys()]).toEqual([
    'strokes',
    'strokes_15m',
    'strokes_1h',
    'strokes_1d',
  ]);
  expect(
    instantiateModels(files, { options: ['heavy'] })
      .get('press')!
      .properties.has('tonnage'),
  ).toBe(true);
});
