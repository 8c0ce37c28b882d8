import type { LiveValue, SignalNode } from '../../../api/contract.ts';
import { ago, NO_FIGURE } from '../logic/format.ts';
import { liveMachine, liveValue, nowMs } from '../state/live.ts';
import { formats } from '../state/plant.ts';
import { hrefOf } from '../state/router.ts';
import { useLiveSeries } from './sensor-data.ts';
import { Sparkline } from './sparkline.tsx';

/** The newest value with its unit; a bad one is a dash. */
export function SensorValue({ sensor, value }: { readonly sensor: SignalNode; readonly value: LiveValue | undefined }) {
  const usable = value !== undefined && value.quality !== 'BAD' && value.value !== null;
  return (
    <span class="sensor-value">
      {usable ? formats.value.measure(value.value) : NO_FIGURE}
      {usable && sensor.unit !== null && <span class="unit">{sensor.unit}</span>}
    </span>
  );
}

/** How much a value may be trusted, and how old it is. */
export function ValueFreshness({ value, stale }: { readonly value: LiveValue | undefined; readonly stale: boolean }) {
  if (value === undefined) return <span class="freshness is-stale">No value yet</span>;
  const quality =
    value.quality === 'GOOD' ? '' : value.quality === 'BAD' ? 'Bad quality, ' : 'Uncertain: outside of its range, ';
  const timeMs = Date.parse(value.t);
  const when = stale
    ? `last value ${formats.value.clockSeconds(timeMs)}, not confirmed since`
    : `changed ${ago((nowMs.value - timeMs) / 1000)}`;
  return <span class={`freshness ${stale || quality !== '' ? 'is-stale' : ''}`}>{quality + when}</span>;
}

/** A sensor of a machine: its newest value and its last ten minutes. */
export function SensorCard({ sensor, machinePath }: { readonly sensor: SignalNode; readonly machinePath: string }) {
  const value = liveValue(sensor.path).value;
  const stale = liveMachine(machinePath).value?.stale ?? true;
  const { series, doubtful, fromMs, toMs } = useLiveSeries(sensor.path);
  return (
    <li class={`sensor-card ${stale ? 'is-stale' : ''}`}>
      <h3>
        <a href={hrefOf(sensor.path)}>{sensor.name}</a>
      </h3>
      <SensorValue sensor={sensor} value={value} />
      <Sparkline series={series} doubtful={doubtful} fromMs={fromMs} toMs={toMs} />
      <ValueFreshness value={value} stale={stale} />
    </li>
  );
}
