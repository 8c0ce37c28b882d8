import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import type { MachineNode } from '../../../api/contract.ts';
import { DemoPanel } from '../components/demo-panel.tsx';
import { StateIcon } from '../components/icons.tsx';
import { Counts, OeeHero } from '../components/oee-hero.tsx';
import { ParetoTable } from '../components/pareto-table.tsx';
import { PeriodBar } from '../components/period-bar.tsx';
import { SensorCard } from '../components/sensor-card.tsx';
import { PageTitle } from '../components/shell.tsx';
import { Freshness, StateSince, shownState } from '../components/state-badge.tsx';
import { Timeline } from '../components/timeline.tsx';
import { Trend } from '../components/trend.tsx';
import { usePeriodFigure } from '../components/use-figure.ts';
import { liveMachine } from '../state/live.ts';
import { formats, type Place } from '../state/plant.ts';

const PROTOCOLS: Readonly<Record<string, string>> = { opcua: 'OPC UA', 'modbus-tcp': 'Modbus TCP' };

function Now({ machine }: { readonly machine: MachineNode }) {
  const live = liveMachine(machine.path).value;
  const state = shownState(live);
  const { count, cycle } = formats.value;
  const product = machine.products.find(({ code }) => code === live?.product);
  const skewMs = live?.clockSkewMs ?? null;
  return (
    <section class={`card now state-${state}`} aria-labelledby="now-heading">
      <h2 id="now-heading" class="visually-hidden">
        Now
      </h2>
      <div class="now-state">
        <StateIcon state={state} />
        <div>
          <p class="now-label">{machine.hasOee ? STATE_NAMES[state] : 'Values only'}</p>
          {live !== undefined && machine.hasOee && <StateSince machine={live} />}
        </div>
      </div>
      <dl class="facts">
        <div>
          <dt>Connection</dt>
          <dd>
            <Freshness machine={live} />
          </dd>
        </div>
        <div class="is-wide">
          <dt>{PROTOCOLS[machine.protocol] ?? machine.protocol}</dt>
          <dd>{machine.endpoint}</dd>
        </div>
        {machine.hasOee && (
          <>
            <div>
              <dt>Parts, this hour</dt>
              <dd>{count(live?.producedThisHour)}</dd>
            </div>
            <div>
              <dt>Product</dt>
              <dd>{product?.name ?? live?.product ?? '–'}</dd>
            </div>
            <div>
              <dt>Ideal cycle</dt>
              <dd>{cycle(product?.idealCycleSeconds ?? machine.idealCycleSeconds)}</dd>
            </div>
          </>
        )}
        {skewMs !== null && Math.abs(skewMs) >= 1000 && (
          <div>
            <dt>Clock of the PLC</dt>
            <dd class="is-warning">
              {cycle(Math.abs(skewMs) / 1000)} {skewMs > 0 ? 'ahead' : 'behind'}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** A machine. */
export function MachinePage({ place, machine }: { readonly place: Place; readonly machine: MachineNode }) {
  const { figure, loading } = usePeriodFigure(machine.path);
  return (
    <>
      <PageTitle name={machine.name} kind={`Machine of ${place.line?.name ?? ''}, ${place.tree.name}`}>
        <PeriodBar />
      </PageTitle>
      <Now machine={machine} />
      {machine.hasOee && <OeeHero figure={figure} loading={loading} />}
      {place.tree.demo && <DemoPanel machine={machine} />}
      {machine.sensors.length > 0 && (
        <section class="line-section" aria-labelledby="sensors-heading">
          <header class="line-head">
            <h2 id="sensors-heading">Sensors</h2>
            <p class="note">the last 10 minutes</p>
          </header>
          <ul class="sensor-grid">
            {machine.sensors.map((sensor) => (
              <SensorCard key={sensor.path} sensor={sensor} machinePath={machine.path} />
            ))}
          </ul>
        </section>
      )}
      {machine.hasOee && (
        <>
          <Timeline machines={[machine]} />
          <div class="columns">
            <Trend path={machine.path} />
            <ParetoTable path={machine.path} />
          </div>
          <Counts figure={figure} single={true} />
        </>
      )}
    </>
  );
}
