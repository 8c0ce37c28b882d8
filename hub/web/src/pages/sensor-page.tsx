import { useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { MachineNode, SamplesResponse, SignalNode } from '../../../api/contract.ts';
import { Chart, frame } from '../components/chart.tsx';
import { hatch } from '../components/hatch.ts';
import { PeriodBar, periodText } from '../components/period-bar.tsx';
import { SensorValue, ValueFreshness } from '../components/sensor-card.tsx';
import { useLiveSeries } from '../components/sensor-data.ts';
import { PageTitle } from '../components/shell.tsx';
import { Freshness } from '../components/state-badge.tsx';
import { TableScroll } from '../components/table-scroll.tsx';
import { duration } from '../logic/format.ts';
import {
  clip,
  decimate,
  doubtfulStretches,
  extremes,
  pointsOf,
  type Series,
  type Stretch,
  seriesOf,
} from '../logic/series.ts';
import { query, useFetched } from '../state/api.ts';
import { LIVE_MINUTES, liveMachine, liveValue, nowMs } from '../state/live.ts';
import { formats, period } from '../state/plant.ts';
import { colourOf } from '../state/theme.ts';

const stretches = (periods: readonly { from: string; to: string }[] | undefined): Stretch[] =>
  (periods ?? []).map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) }));

/** Hatches gaps and simulated history behind the line. */
function shade(chart: uPlot, list: readonly Stretch[], fill: string | CanvasPattern): void {
  const { ctx, bbox } = chart;
  const right = bbox.left + bbox.width;
  const x = (ms: number) => Math.min(right, Math.max(bbox.left, chart.valToPos(ms / 1000, 'x', true)));
  ctx.save();
  ctx.fillStyle = fill;
  for (const { fromMs, toMs } of list) ctx.fillRect(x(fromMs), bbox.top, x(toMs) - x(fromMs), bbox.height);
  ctx.restore();
}

function chartOptions(
  range: () => [number, number],
  gaps: () => readonly Stretch[],
  simulated: () => readonly Stretch[],
  doubtful: () => readonly Stretch[],
) {
  const ink = colourOf('--accent');
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    series: [
      {},
      {
        stroke: ink,
        width: 2,
        points: { show: false },
        spanGaps: false,
        ...(stepped !== undefined && { paths: stepped }),
      },
    ],
    // As many digits as tell one grid line from the next.
    axes: frame((value, step) => formats.value.fixed(value, Math.max(0, Math.ceil(-Math.log10(step) - 0.001)))),
    scales: { x: { range }, y: { range: { min: { pad: 0.15 }, max: { pad: 0.15 } } } },
    cursor: { drag: { x: false, y: false } },
    hooks: {
      drawClear: [
        (chart: uPlot) => {
          shade(chart, simulated(), colourOf('--simulated'));
          shade(chart, doubtful(), colourOf('--doubtful'));
          shade(chart, gaps(), hatch(colourOf('--gap')));
        },
      ],
    },
  };
}

function LiveChart({ sensor }: { readonly sensor: SignalNode }) {
  const { series, doubtful } = useLiveSeries(sensor.path);
  const newest = useRef(doubtful);
  newest.current = doubtful;
  const data = useMemo<uPlot.AlignedData>(() => [series.times, series.values], [series]);
  const range = (): [number, number] => [nowMs.peek() / 1000 - LIVE_MINUTES * 60, nowMs.peek() / 1000];
  const none = () => [];
  const unit = sensor.unit ?? '';
  const known = extremes(series);
  const label =
    known === null
      ? 'No values in the last 10 minutes'
      : `${sensor.name}, last 10 minutes: between ${formats.value.measure(known.lowest)} and ${formats.value.measure(known.highest)} ${unit}`;
  return (
    <section class="card" aria-labelledby="live-heading">
      <header class="card-head">
        <h2 id="live-heading">Last 10 minutes, live</h2>
        <p class="note">{label}</p>
      </header>
      <Chart
        label={label}
        data={data}
        shape={`live|${sensor.path}`}
        options={() => chartOptions(range, none, none, () => newest.current)}
      />
    </section>
  );
}

function PeriodChart({ sensor, hasState }: { readonly sensor: SignalNode; readonly hasState: boolean }) {
  const { fromMs, endMs, running } = period.value;
  const fetched = useFetched<SamplesResponse>(
    `${sensor.path}|${fromMs}|${endMs}`,
    () =>
      `/samples${query({ path: sensor.path, from: new Date(fromMs).toISOString(), to: new Date(Math.max(fromMs + 1000, Math.min(endMs, nowMs.peek()))).toISOString(), maxPoints: 2000 })}`,
    running ? 10_000 : 0,
  );
  const gaps = useMemo(() => stretches(fetched.data?.gaps).filter((gap) => gap.toMs > fromMs), [fetched.data]);
  const simulated = useMemo(() => stretches(fetched.data?.simulated), [fetched.data]);
  const machine = liveMachine(sensor.path.split('/').slice(0, 3).join('/')).value;
  const staleMs = machine?.stale === true && machine.confirmedAt !== null ? Date.parse(machine.confirmedAt) : undefined;
  // The last value holds to the end, or to now; of a machine without a state nobody knows for how long, where the period is over.
  const untilMs = running ? Math.min(endMs, staleMs ?? nowMs.peek()) : hasState ? endMs : undefined;
  const { series, doubtful } = useMemo<{ series: Series; doubtful: readonly Stretch[] }>(() => {
    if (fetched.data === undefined) return { series: { times: [], values: [] }, doubtful: [] };
    const points = pointsOf(fetched.data);
    return {
      series: decimate(clip(seriesOf(points, gaps, untilMs), fromMs), 1000),
      doubtful: doubtfulStretches(points, untilMs ?? 0).filter((stretch) => stretch.toMs > fromMs),
    };
  }, [fetched.data, gaps, staleMs]);
  const data = useMemo<uPlot.AlignedData>(() => [series.times, series.values], [series]);
  const known = extremes(series);
  const { measure, dayClock } = formats.value;
  const text = (value: number | undefined) => `${measure(value)}${value === undefined ? '' : ` ${sensor.unit ?? ''}`}`;
  const label = `${sensor.name}, ${periodText(period.value)}: ${known === null ? 'no values' : `lowest ${text(known.lowest)}, highest ${text(known.highest)}`}, ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`;
  return (
    <section class="card" aria-labelledby="period-heading">
      <header class="card-head">
        <h2 id="period-heading">{periodText(period.value)}</h2>
      </header>
      <dl class="facts">
        <div>
          <dt>Lowest</dt>
          <dd>{text(known?.lowest)}</dd>
        </div>
        <div>
          <dt>Highest</dt>
          <dd>{text(known?.highest)}</dd>
        </div>
        <div>
          <dt>Allowed range</dt>
          <dd>
            {sensor.minimum === null && sensor.maximum === null
              ? 'none set'
              : `${measure(sensor.minimum)} to ${measure(sensor.maximum)} ${sensor.unit ?? ''}`}
          </dd>
        </div>
        <div>
          <dt>Gaps</dt>
          <dd>{fetched.data === undefined ? '–' : gaps.length}</dd>
        </div>
      </dl>
      <Chart
        label={label}
        data={data}
        shape={`period|${sensor.path}|${fromMs}|${endMs}|${fetched.data === undefined}|${gaps.length}|${simulated.length}|${doubtful.length}`}
        options={() =>
          chartOptions(
            () => [fromMs / 1000, endMs / 1000],
            () => gaps,
            () => simulated,
            () => doubtful,
          )
        }
      />
      <ul class="legend" aria-label="Legend">
        <li>
          <i class="key is-gap" /> gap: nobody confirmed the source
        </li>
        <li>
          <i class="key is-sim" /> simulated history
        </li>
        <li>
          <i class="key is-doubtful" /> uncertain: out of range, or doubted by the source
        </li>
        {fetched.data?.reduced === true && <li>points left out; extremes are kept</li>}
      </ul>
      {fetched.error !== undefined && <p class="fault-note">{fetched.error}</p>}
      {gaps.length > 0 && (
        <details>
          <summary>Gaps as a table</summary>
          <TableScroll label="Gaps as a table">
            <table>
              <caption>Times without a confirmed source</caption>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  <th scope="col">To</th>
                  <th scope="col" class="number">
                    Lasted
                  </th>
                </tr>
              </thead>
              <tbody>
                {gaps.map((gap) => (
                  <tr key={gap.fromMs}>
                    <th scope="row">{dayClock(gap.fromMs)}</th>
                    <td>{dayClock(gap.toMs)}</td>
                    <td class="number">{duration((gap.toMs - gap.fromMs) / 1000)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </details>
      )}
      <details>
        <summary>Values as a table</summary>
        <ValueTable response={fetched.data} unit={sensor.unit} fromMs={fromMs} />
      </details>
    </section>
  );
}

const LISTED = 200;

function ValueTable({
  response,
  unit,
  fromMs,
}: {
  readonly response: SamplesResponse | undefined;
  readonly unit: string | null;
  readonly fromMs: number;
}) {
  const points = (response?.points ?? []).filter(({ t }) => Date.parse(t) >= fromMs);
  const { measure, dayClock, clockSeconds } = formats.value;
  return (
    <TableScroll label="Values as a table">
      <table>
        <caption>Values, newest first{points.length > LISTED && `: the newest ${LISTED}`}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Value{unit !== null && `, ${unit}`}
            </th>
            <th scope="col">Quality</th>
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-LISTED)
            .toReversed()
            .map(({ t, value, quality }) => (
              <tr key={t}>
                <th scope="row">
                  {dayClock(Date.parse(t)).split(',')[0]}, {clockSeconds(Date.parse(t))}
                </th>
                <td class="number">{measure(value)}</td>
                <td>{quality.toLowerCase()}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** A sensor. */
export function SensorPage({ machine, sensor }: { readonly machine: MachineNode; readonly sensor: SignalNode }) {
  const value = liveValue(sensor.path).value;
  const live = liveMachine(machine.path).value;
  return (
    <>
      <PageTitle name={sensor.name} kind={`Sensor of ${machine.name}`}>
        <PeriodBar />
      </PageTitle>
      <section class={`card now ${live?.stale === false ? '' : 'is-stale'}`} aria-labelledby="value-heading">
        <h2 id="value-heading" class="visually-hidden">
          Newest value
        </h2>
        <p class="big-value">
          <SensorValue sensor={sensor} value={value} />
        </p>
        <p class="big-note">
          <ValueFreshness value={value} stale={live?.stale ?? true} />
          <Freshness machine={live} />
        </p>
      </section>
      {(sensor.type === 'DOUBLE' || sensor.type === 'INTEGER' || sensor.type === 'BOOLEAN') && (
        <LiveChart sensor={sensor} />
      )}
      <PeriodChart sensor={sensor} hasState={machine.hasOee} />
    </>
  );
}
