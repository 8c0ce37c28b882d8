import { useSignal } from '@preact/signals';
import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import type { Loss, LossesResponse } from '../../../api/contract.ts';
import { LOSS_UNITS, type LossUnit, paretoOf } from '../logic/pareto.ts';
import { query, useFetched } from '../state/api.ts';
import { nowMs } from '../state/live.ts';
import { formats, period } from '../state/plant.ts';
import { StateIcon } from './icons.tsx';

const KINDS: Readonly<Record<Loss['kind'], string>> = { downtime: 'Downtime', speed: 'Speed', quality: 'Quality' };

/** Losses by size: a table whose bars are part of it, so that it needs no other description. */
export function ParetoTable({ path, limit = 8 }: { readonly path: string; readonly limit?: number }) {
  const unit = useSignal<LossUnit>('minutes');
  const { fromMs, endMs, running } = period.value;
  const fetched = useFetched<LossesResponse>(
    `${path}|${fromMs}|${endMs}`,
    () =>
      `/losses${query({ path, from: new Date(fromMs).toISOString(), to: new Date(Math.max(fromMs + 1000, Math.min(endMs, nowMs.peek()))).toISOString() })}`,
    running ? 5_000 : 0,
  );
  const { fixed, percent, count } = formats.value;
  const pareto = paretoOf(fetched.data?.losses ?? [], unit.value, limit);
  const amount = (value: number) => (unit.value === 'parts' ? count(Math.round(value)) : fixed(value, 1));
  return (
    <section class="card" aria-labelledby="pareto-heading">
      <header class="card-head">
        <h2 id="pareto-heading">Losses</h2>
        <fieldset class="segments is-small">
          <legend class="visually-hidden">Unit of the losses</legend>
          {LOSS_UNITS.map((each) => (
            <label key={each}>
              <input type="radio" name="loss-unit" checked={unit.value === each} onChange={() => (unit.value = each)} />
              <span>{each === 'minutes' ? 'Minutes' : 'Parts'}</span>
            </label>
          ))}
        </fieldset>
      </header>
      {fetched.data === undefined ? (
        <p class="empty">{fetched.error ?? 'Loading'}</p>
      ) : pareto.rows.length === 0 ? (
        <p class="empty">No losses known in this period.</p>
      ) : (
        <table class="pareto">
          <caption class="visually-hidden">Losses in {unit.value}, largest first</caption>
          <thead class="visually-hidden">
            <tr>
              <th scope="col">Loss</th>
              <th scope="col">{unit.value}</th>
              <th scope="col">Adding up to</th>
            </tr>
          </thead>
          <tbody>
            {pareto.rows.map(({ loss, amount: size, cumulative, length }) => (
              <tr key={`${loss.kind}/${loss.state}/${loss.label}`}>
                <th scope="row">
                  {loss.state === null ? <i class={`loss-key is-${loss.kind}`} /> : <StateIcon state={loss.state} />}
                  <span>
                    {loss.label}
                    <small>
                      {loss.state === null
                        ? KINDS[loss.kind]
                        : loss.reason === null
                          ? 'No reason given'
                          : STATE_NAMES[loss.state]}
                      {loss.kind === 'downtime' && ` · ${count(loss.occurrences)}×`}
                    </small>
                  </span>
                  <span
                    class={`pareto-bar ${loss.state === null ? `is-${loss.kind}` : `state-${loss.state}`}`}
                    aria-hidden="true"
                  >
                    <i style={{ width: `${length * 100}%` }} />
                  </span>
                </th>
                <td class="number">{amount(size)}</td>
                <td class="number is-quiet">{percent(cumulative, 0)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All losses{pareto.rest !== null && `, ${pareto.rest.count} smaller ones included`}</th>
              <td class="number">{amount(pareto.total)}</td>
              <td class="number is-quiet">{unit.value === 'minutes' ? 'min' : 'parts'}</td>
            </tr>
          </tfoot>
        </table>
      )}
      {pareto.unknown.length > 0 && (
        <p class="note">
          Without an ideal cycle, not known in parts: {pareto.unknown.map((loss) => loss.label).join(', ')}.
        </p>
      )}
    </section>
  );
}
