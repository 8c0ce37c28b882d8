import { useEffect } from 'preact/hooks';
import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import type { LineNode, MachineNode } from '../../../api/contract.ts';
import { StateIcon } from '../components/icons.tsx';
import { OeeScale } from '../components/oee-scale.tsx';
import { periodText } from '../components/period-bar.tsx';
import { LostBanner } from '../components/shell.tsx';
import { shownState } from '../components/state-badge.tsx';
import { usePeriodFigure } from '../components/use-figure.ts';
import { duration } from '../logic/format.ts';
import { link, liveMachine, nowMs } from '../state/live.ts';
import { formats, type Place, period } from '../state/plant.ts';
import { hrefOf, navigate, route } from '../state/router.ts';

function HallMachine({ machine }: { readonly machine: MachineNode }) {
  const live = liveMachine(machine.path).value;
  const state = shownState(live);
  const seconds = live === undefined ? 0 : (nowMs.value - Date.parse(live.since)) / 1000;
  const standing = state !== 'RUNNING';
  return (
    <li class={`hall-machine state-${state} ${standing ? 'is-standing' : ''}`}>
      <StateIcon state={state} />
      <span class="hall-name">{machine.name}</span>
      <span class="hall-state">{live === undefined ? '–' : STATE_NAMES[state]}</span>
      {live !== undefined && standing && (
        <>
          <span class="hall-reason">{live.stale ? 'not confirmed' : live.reason}</span>
          <span class="hall-since">{duration(seconds)}</span>
        </>
      )}
    </li>
  );
}

function HallPanel({
  path,
  name,
  machines,
  single,
}: {
  readonly path: string;
  readonly name: string;
  readonly machines: readonly MachineNode[];
  readonly single: boolean;
}) {
  const { figure } = usePeriodFigure(path);
  const { percent, percentDigits, count } = formats.value;
  const oee = figure?.oee ?? null;
  const digits = percentDigits(oee);
  return (
    <section class={`hall-panel ${single ? 'is-single' : ''}`}>
      <h2>
        {name} <small>OEE</small>
      </h2>
      <div class="hall-figures">
        <p class="hall-oee">
          <span class={`hall-oee-value ${figure?.settling ? 'is-settling' : ''} ${digits.length > 4 ? 'is-wide' : ''}`}>
            {digits}
          </span>
          <span class="hall-oee-unit">{oee === null ? 'no data' : '%'}</span>
        </p>
        <dl class="hall-factors">
          <div>
            <dt>Availability</dt>
            <dd>{percent(figure?.availability, 0)}</dd>
          </div>
          <div>
            <dt>Performance</dt>
            <dd class={figure?.settling ? 'is-settling' : ''}>{percent(figure?.performance, 0)}</dd>
          </div>
          <div>
            <dt>Quality</dt>
            <dd>{percent(figure?.quality, 0)}</dd>
          </div>
          <div>
            <dt>Good</dt>
            <dd>{count(figure?.partsKnown ? figure.produced - figure.rejected : null)}</dd>
          </div>
        </dl>
      </div>
      <OeeScale value={oee} settling={figure?.settling === true} />
      <ul class={`hall-machines ${machines.length > (single ? 10 : 8) ? 'is-dense' : ''}`}>
        {machines.map((machine) => (
          <HallMachine key={machine.path} machine={machine} />
        ))}
      </ul>
    </section>
  );
}

/** For a screen in the hall: read from five metres, touched by nobody. Escape leaves it. */
export function HallPage({ place }: { readonly place: Place }) {
  const { tree, line, machine } = place;
  useEffect(() => {
    document.title = `${(machine ?? line ?? tree).name} · Plantbridge`;
    const root = document.documentElement;
    root.classList.add('is-hall');
    root.style.setProperty('--hall-panels', String(line === undefined ? tree.lines.length : 1));
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') navigate({ path: route.value.path });
    };
    window.addEventListener('keydown', leave);
    return () => {
      root.classList.remove('is-hall');
      window.removeEventListener('keydown', leave);
    };
  }, [machine, line, tree]);
  const withState = (each: LineNode) => each.machines.filter((one) => one.hasOee);
  return (
    <div class={`hall ${link.value.status === 'lost' ? 'is-lost' : ''}`}>
      <a class="skip" href={hrefOf(route.value.path)}>
        Leave the hall display
      </a>
      <header class="hall-head">
        <h1>{(machine ?? line ?? tree).name}</h1>
        <p>{periodText(period.value).replace(/ \([^)]*\)$/, '')}</p>
        <time>{formats.value.clock(nowMs.value)}</time>
      </header>
      <LostBanner />
      <main id="main" class="hall-panels">
        {machine !== undefined ? (
          <HallPanel path={machine.path} name={machine.name} machines={[machine]} single={true} />
        ) : line !== undefined ? (
          <HallPanel path={line.path} name={line.name} machines={withState(line)} single={true} />
        ) : (
          tree.lines.map((each) => (
            <HallPanel
              key={each.path}
              path={each.path}
              name={each.name}
              machines={withState(each)}
              single={tree.lines.length === 1}
            />
          ))
        )}
      </main>
    </div>
  );
}
