import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, BenchFigure } from './bench.ts';

/** Each part by its name; loaded only when it runs, so that one never weighs on another. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  formula: async () => (await import('./formula.ts')).formulaBench,
  reaction: async () => (await import('./reaction.ts')).reactionBench,
  edge: async () => (await import('./edge.ts')).edgeBench,
  hub: async () => (await import('./hub.ts')).hubBench,
  synth: async () => (await import('./synth.ts')).synthBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(1);
}
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const figures: BenchFigure[] = [];
const methods: string[] = [];
for (const name of names) {
  const load = BENCHES[name];
  if (load === undefined) continue;
  const bench = await load();
  if (!values.json) console.error(`${name} ...`);
  methods.push(`${name}: ${bench.method}`);
  figures.push(...(await bench.run()));
}
if (values.json) {
  console.log(JSON.stringify(figures, undefined, 2));
} else {
  printTable(figures);
  console.log(`\n${methods.join('\n')}`);
  const [first] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  console.log(
    `\nMeasured on ${cpus().length} x ${first?.model.trim()}, ${memoryGiB} GiB, Node ${process.version}, ${process.platform}.`,
  );
}
process.exitCode = figures.every(({ holds }) => holds) ? 0 : 3;

function printTable(rows: readonly BenchFigure[]): void {
  const cells = [
    ['bench', 'figure', 'value', 'unit', 'target', 'holds'],
    ...rows.map((row) => [
      row.bench,
      row.figure,
      formatFigure(row.value),
      row.unit,
      row.target,
      row.holds ? 'yes' : 'NO',
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function formatFigure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
