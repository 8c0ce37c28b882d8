import type { LineNode } from '../../../api/contract.ts';
import { MachineCard } from '../components/machine-card.tsx';
import { Counts, OeeHero } from '../components/oee-hero.tsx';
import { OeeScale } from '../components/oee-scale.tsx';
import { ParetoTable } from '../components/pareto-table.tsx';
import { PeriodBar } from '../components/period-bar.tsx';
import { PageTitle } from '../components/shell.tsx';
import { Timeline } from '../components/timeline.tsx';
import { Trend } from '../components/trend.tsx';
import { usePeriodFigure } from '../components/use-figure.ts';
import { formats, type Place } from '../state/plant.ts';
import { hrefOf } from '../state/router.ts';

function isCounted(line: LineNode, machineId: string): boolean {
  // Where all of them count, saying so on each would say nothing.
  const counted = line.machines.filter((machine) => machine.hasOee && machine.counted);
  return counted.length < line.machines.length && counted.some((machine) => machine.id === machineId);
}

function Machines({ line }: { readonly line: LineNode }) {
  return (
    <ul class="machine-grid">
      {line.machines.map((machine) => (
        <MachineCard key={machine.path} machine={machine} counted={isCounted(line, machine.id)} />
      ))}
    </ul>
  );
}

function LineSection({ line }: { readonly line: LineNode }) {
  const { figure } = usePeriodFigure(line.path);
  const { percent } = formats.value;
  return (
    <section class="line-section" aria-labelledby={`line-${line.id}`}>
      <header class="line-head">
        <h2 id={`line-${line.id}`}>
          <a href={hrefOf(line.path)}>{line.name}</a>
        </h2>
        <p class={`line-oee ${figure?.settling ? 'is-settling' : ''}`}>
          <small>OEE</small> {percent(figure?.oee)}
        </p>
        <OeeScale value={figure?.oee ?? null} labels={false} settling={figure?.settling === true} />
        <p class="line-factors">
          <span>
            <small>Availability</small> {percent(figure?.availability, 0)}
          </span>
          <span>
            <small>Performance</small> {percent(figure?.performance, 0)}
          </span>
          <span>
            <small>Quality</small> {percent(figure?.quality)}
          </span>
        </p>
      </header>
      <Machines line={line} />
    </section>
  );
}

/** A whole factory. */
export function SitePage({ place }: { readonly place: Place }) {
  const { path, name, lines } = place.tree;
  const { figure, loading } = usePeriodFigure(path);
  return (
    <>
      <PageTitle name={name} kind="Factory">
        <PeriodBar />
      </PageTitle>
      <OeeHero figure={figure} loading={loading} />
      {lines.map((line) => (
        <LineSection key={line.path} line={line} />
      ))}
      <div class="columns">
        <Trend path={path} />
        <ParetoTable path={path} />
      </div>
      <Counts figure={figure} single={false} />
    </>
  );
}

/** A production line. */
export function LinePage({ place, line }: { readonly place: Place; readonly line: LineNode }) {
  const { figure, loading } = usePeriodFigure(line.path);
  return (
    <>
      <PageTitle name={line.name} kind={`Line of ${place.tree.name}`}>
        <PeriodBar />
      </PageTitle>
      <OeeHero figure={figure} loading={loading} />
      <section class="line-section" aria-labelledby="machines-heading">
        <header class="line-head">
          <h2 id="machines-heading">Machines</h2>
        </header>
        <Machines line={line} />
      </section>
      <Timeline machines={line.machines.filter((machine) => machine.hasOee)} />
      <div class="columns">
        <Trend path={line.path} />
        <ParetoTable path={line.path} />
      </div>
      <Counts figure={figure} single={false} />
    </>
  );
}
