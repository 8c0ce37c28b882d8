import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import uPlot from 'uplot';
import type { OeeResponse } from '../../../api/contract.ts';
import { TYPICAL_OEE, WORLD_CLASS_OEE } from '../logic/oee.ts';
import { trendPlan } from '../logic/period.ts';
import { OEE_FACTORS, type OeeFactor, type TrendBar, trendBars } from '../logic/series.ts';
import { query, useFetched } from '../state/api.ts';
import { nowMs } from '../state/live.ts';
import { formats, period } from '../state/plant.ts';
import { colourOf } from '../state/theme.ts';
import { Chart, frame } from './chart.tsx';
import { hatch } from './hatch.ts';
import { TableScroll } from './table-scroll.tsx';

const LABELS: Readonly<Record<OeeFactor, string>> = {
  oee: 'OEE',
  availability: 'Availability',
  performance: 'Performance',
  quality: 'Quality',
};

/** What lies behind the bars: the chosen period, and for OEE the benchmarks. */
function backdrop(chart: uPlot, fromMs: number, endMs: number, benchmarks: boolean): void {
  const { ctx, bbox } = chart;
  const x = (ms: number) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, chart.valToPos(ms / 1000, 'x', true)));
  const y = (ratio: number) => chart.valToPos(ratio, 'y', true);
  ctx.save();
  ctx.fillStyle = colourOf('--chosen');
  ctx.fillRect(x(fromMs), bbox.top, x(endMs) - x(fromMs), bbox.height);
  if (benchmarks) {
    ctx.fillStyle = colourOf('--benchmark-soft');
    ctx.fillRect(bbox.left, y(TYPICAL_OEE.to), bbox.width, y(TYPICAL_OEE.from) - y(TYPICAL_OEE.to));
  }
  ctx.restore();
}

/** The line of world class lies over the bars, with an edge that keeps it visible on any of them. */
function worldClassLine(chart: uPlot): void {
  const { ctx, bbox } = chart;
  const y = chart.valToPos(WORLD_CLASS_OEE, 'y', true);
  const thick = Math.max(1, window.devicePixelRatio);
  ctx.save();
  ctx.fillStyle = colourOf('--surface');
  ctx.fillRect(bbox.left, y - 1.5 * thick, bbox.width, 4 * thick);
  ctx.fillStyle = colourOf('--benchmark');
  ctx.fillRect(bbox.left, y - 0.5 * thick, bbox.width, 2 * thick);
  ctx.restore();
}

function options(
  factor: OeeFactor,
  windowMs: number,
  from: number,
  to: number,
  chosen: readonly [number, number],
  point: (index: number | null) => void,
) {
  const ink = colourOf('--accent');
  const bars = uPlot.paths.bars?.({ size: [0.84, 120], align: 0 });
  const half = windowMs / 2000;
  const series = (fill: string | CanvasPattern): uPlot.Series => ({
    fill: () => fill,
    stroke: ink,
    width: 0,
    points: { show: false },
    ...(bars !== undefined && { paths: bars }),
  });
  return {
    series: [{}, series(ink), series(hatch(ink, colourOf('--accent-soft')))],
    axes: frame((value) => formats.value.percent(value, 0)),
    scales: {
      x: { range: [from / 1000, to / 1000] as [number, number] },
      y: { range: (_: uPlot, __: number, max: number) => [0, Math.max(1, max)] as [number, number] },
    },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: {
      drawClear: [(chart: uPlot) => backdrop(chart, chosen[0], chosen[1], factor === 'oee')],
      draw: factor === 'oee' ? [worldClassLine] : [],
      setCursor: [
        (chart: uPlot) => {
          const left = chart.cursor.left ?? -1;
          if (left < 0) return point(null);
          const at = chart.posToVal(left, 'x');
          const times = chart.data[0];
          const index = times.findIndex((time) => Math.abs(time - at) <= half);
          return point(index < 0 ? null : index);
        },
      ],
    },
  };
}

function barText(bar: TrendBar, windowMs: number): string {
  const { clock, dayClock, percent } = formats.value;
  const when = `${dayClock(bar.startMs)}–${clock(bar.startMs + windowMs)}`;
  const figure = bar.figure;
  if (figure === null) return `${when}: no data`;
  const factors = `availability ${percent(figure.availability)}, performance ${percent(figure.performance)}, quality ${percent(figure.quality)}`;
  return `${when}: OEE ${percent(figure.oee)} (${factors})${figure.simulated ? ', simulated' : ''}${figure.complete ? '' : ', still running'}`;
}

/** OEE or one of its factors by window. Windows without data stay empty; simulated ones are hatched. */
export function Trend({ path }: { readonly path: string }) {
  const factor = useSignal<OeeFactor>('oee');
  const pointed = useSignal<number | null>(null);
  const chosen = period.value;
  const plan = trendPlan(chosen);
  const key = `${path}|${plan.window}|${plan.fromMs}|${plan.toMs}`;
  const fetched = useFetched<OeeResponse>(
    key,
    () =>
      `/oee${query({ path, window: plan.window, from: new Date(plan.fromMs).toISOString(), to: new Date(plan.toMs).toISOString() })}`,
    chosen.running ? 5_000 : 60_000,
  );
  const minute = useComputed(() => Math.floor(nowMs.value / 60_000)).value;
  const bars = useMemo(
    () => trendBars(fetched.data?.figures ?? [], plan, Math.max(minute * 60_000, plan.fromMs)),
    [fetched.data, key, minute],
  );
  const name = factor.value;
  const data = useMemo<uPlot.AlignedData>(() => {
    const pick = (simulated: boolean) =>
      bars.map(({ figure }) => (figure !== null && figure.simulated === simulated ? figure[name] : null));
    return [bars.map((bar) => (bar.startMs + plan.windowMs / 2) / 1000), pick(false), pick(true)];
  }, [bars, name]);
  const at = pointed.value === null ? undefined : bars[pointed.value];
  const known = bars.filter((bar) => bar.figure !== null && bar.figure[name] !== null);
  const summary = `${LABELS[name]} by ${plan.label} window: ${known.length} windows with a figure, ${bars.length - known.length} without.`;
  return (
    <section class="card" aria-labelledby="trend-heading">
      <header class="card-head">
        <h2 id="trend-heading">Trend</h2>
        <fieldset class="segments is-small">
          <legend class="visually-hidden">Figure of the trend</legend>
          {OEE_FACTORS.map((each) => (
            <label key={each}>
              <input type="radio" name="trend-factor" checked={name === each} onChange={() => (factor.value = each)} />
              <span>{LABELS[each]}</span>
            </label>
          ))}
        </fieldset>
      </header>
      <p class="readout" aria-hidden="true">
        {at !== undefined ? barText(at, plan.windowMs) : `${plan.label} windows`}
      </p>
      <Chart
        label={summary}
        data={data}
        shape={`${key}|${name}`}
        options={() =>
          options(name, plan.windowMs, plan.fromMs, plan.toMs, [chosen.fromMs, chosen.endMs], (index) => {
            pointed.value = index;
          })
        }
      />
      <ul class="legend" aria-label="Legend">
        <li>
          <i class="key is-bar" /> measured
        </li>
        <li>
          <i class="key is-hatch" /> simulated history
        </li>
        <li>
          <i class="key is-none" /> no data: left empty
        </li>
        {name === 'oee' && (
          <li>
            <i class="key is-band" /> typical 55–65 %
          </li>
        )}
        {name === 'oee' && (
          <li>
            <i class="key is-line" /> world class 85 %
          </li>
        )}
      </ul>
      {fetched.error !== undefined && <p class="fault-note">{fetched.error}</p>}
      <details>
        <summary>Trend as a table</summary>
        <TrendTable bars={bars} windowMs={plan.windowMs} />
      </details>
    </section>
  );
}

function TrendTable({ bars, windowMs }: { readonly bars: readonly TrendBar[]; readonly windowMs: number }) {
  const { dayClock, clock, percent, count } = formats.value;
  return (
    <TableScroll label="Trend as a table">
      <table>
        <caption>Figures by window, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Window</th>
            {OEE_FACTORS.map((each) => (
              <th scope="col" class="number" key={each}>
                {LABELS[each]}
              </th>
            ))}
            <th scope="col" class="number">
              Parts
            </th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map(({ startMs, figure }) => (
            <tr key={startMs}>
              <th scope="row">
                {dayClock(startMs)}–{clock(startMs + windowMs)}
              </th>
              {OEE_FACTORS.map((each) => (
                <td class="number" key={each}>
                  {percent(figure?.[each])}
                </td>
              ))}
              <td class="number">{count(figure?.partsKnown ? figure.produced : null)}</td>
              <td>{figure === null ? 'no data' : figure.simulated ? 'simulated' : figure.complete ? '' : 'running'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
