import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import type { MachineState } from '../../../../core/telemetry/types.ts';
import type { LiveMachine } from '../../../api/contract.ts';
import { ago, duration } from '../logic/format.ts';
import { link, nowMs } from '../state/live.ts';
import { formats } from '../state/plant.ts';
import { StateIcon } from './icons.tsx';

/** Shape, colour and text of a state. */
export function StateBadge({ state }: { readonly state: MachineState }) {
  return (
    <span class={`state-badge state-${state}`}>
      <StateIcon state={state} />
      {STATE_NAMES[state]}
    </span>
  );
}

/** The state that may be shown: what nobody confirms is unknown. */
export function shownState(machine: LiveMachine | undefined): MachineState {
  return machine === undefined || machine.stale ? 'UNKNOWN' : machine.state;
}

/** `for 4 min 12 s`, and the reason where there is one. */
export function StateSince({ machine }: { readonly machine: LiveMachine }) {
  return (
    <span class="since">
      for {duration((nowMs.value - Date.parse(machine.since)) / 1000)}
      {machine.reason !== null && !machine.stale && <span class="reason"> · {machine.reason}</span>}
    </span>
  );
}

/** When the machine was last known to be alive. */
export function Freshness({ machine }: { readonly machine: LiveMachine | undefined }) {
  if (machine === undefined) return <span class="freshness">Waiting for the hub</span>;
  if (machine.confirmedAt === null)
    return <span class="freshness is-stale">Never confirmed since the hub started</span>;
  const confirmedMs = Date.parse(machine.confirmedAt);
  const seconds = (nowMs.value - confirmedMs) / 1000;
  if (machine.stale || link.value.status === 'lost') {
    return (
      <span class="freshness is-stale">
        Last confirmed {formats.value.clockSeconds(confirmedMs)}, {ago(seconds)}
      </span>
    );
  }
  return <span class="freshness">Confirmed {ago(seconds)}</span>;
}
