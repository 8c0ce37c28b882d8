import { manyLinesText } from './many-lines.ts';
import { DEMO_TEXT } from './site-text.ts';
import { testSite } from './synth.ts';

/** The sites that tests over the whole tree run over: name -> text of the site file. */
export const ALL_SITES: Readonly<Record<string, string>> = {
  pilot: testSite('pilot'),
  'outpost-gen1': testSite('outpost-gen1'),
  'outpost-gen2': testSite('outpost-gen2'),
  aggregates: testSite('aggregates'),
  'many-lines': manyLinesText({ lines: 3, machinesPerLine: 2, linesPerGateway: 1, nativeLines: [3] }),
  demo: DEMO_TEXT,
};
