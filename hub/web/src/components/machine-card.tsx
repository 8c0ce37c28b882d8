import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import type { MachineNode } from '../../../api/contract.ts';
import { liveFigure, liveMachine } from '../state/live.ts';
import { formats } from '../state/plant.ts';
import { hrefOf } from '../state/router.ts';
import { StateIcon } from './icons.tsx';
import { Freshness, StateSince, shownState } from './state-badge.tsx';

/** A machine as it is now: state by shape, colour and text; since when and why; parts and OEE of the hour. */
export function MachineCard({ machine, counted }: { readonly machine: MachineNode; readonly counted: boolean }) {
  const live = liveMachine(machine.path).value;
  const figure = liveFigure(machine.path).value;
  const state = shownState(live);
  const { count, percent } = formats.value;
  return (
    <li class={`machine-card state-${state}`}>
      <div class="machine-head">
        <StateIcon state={state} />
        <h3>
          <a href={hrefOf(machine.path)}>{machine.name}</a>
        </h3>
        {counted && (
          <span class="tag" title="This machine makes the line's OEE">
            line OEE
          </span>
        )}
      </div>
      {machine.hasOee ? (
        <>
          <p class="machine-state">
            <b>{live === undefined ? 'Waiting' : STATE_NAMES[state]}</b>{' '}
            {live !== undefined && <StateSince machine={live} />}
          </p>
          <dl class="machine-figures">
            <div>
              <dt>OEE, this hour</dt>
              <dd class={figure?.settling ? 'is-settling' : ''}>{percent(figure?.oee)}</dd>
            </div>
            <div>
              <dt>Parts, this hour</dt>
              <dd>{count(live?.producedThisHour)}</dd>
            </div>
          </dl>
        </>
      ) : (
        <p class="machine-state">Values only, no state</p>
      )}
      <p class="machine-foot">
        <Freshness machine={live} />
      </p>
    </li>
  );
}
