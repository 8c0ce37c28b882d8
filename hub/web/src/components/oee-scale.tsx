import { TYPICAL_OEE, WORLD_CLASS_OEE } from '../logic/oee.ts';
import { formats } from '../state/plant.ts';

const percent = (ratio: number) => `${Math.min(100, Math.max(0, ratio * 100))}%`;

/**
 * A ruler from 0 to 100 %: how long the figure is, and where the benchmarks lie.
 * @param value null: no data; the ruler is then hatched, not empty
 * @param settling still moved by each part: shown muted
 */
export function OeeScale({
  value,
  labels = true,
  settling = false,
}: {
  readonly value: number | null;
  readonly labels?: boolean;
  readonly settling?: boolean;
}) {
  const text =
    value === null
      ? 'No OEE'
      : `OEE ${formats.value.percent(value)}. Typical in Germany: 55 to 65 %. World class: 85 %.`;
  return (
    <div class={`scale ${value === null ? 'is-missing' : settling ? 'is-settling' : ''}`} role="img" aria-label={text}>
      <div class="scale-track">
        <div
          class="scale-band"
          style={{ left: percent(TYPICAL_OEE.from), width: percent(TYPICAL_OEE.to - TYPICAL_OEE.from) }}
        />
        {value !== null && <div class="scale-fill" style={{ width: percent(value) }} />}
        <div class="scale-mark" style={{ left: percent(WORLD_CLASS_OEE) }} />
      </div>
      {labels && (
        <div class="scale-labels" aria-hidden="true">
          <span class="scale-label" style={{ left: percent((TYPICAL_OEE.from + TYPICAL_OEE.to) / 2) }}>
            <b>55–65 %</b> typical in Germany
          </span>
          <span class="scale-label is-world" style={{ left: percent(WORLD_CLASS_OEE) }}>
            <b>85 %</b> world class
          </span>
        </div>
      )}
    </div>
  );
}

/** A plain bar for a factor. */
export function FactorBar({ value }: { readonly value: number | null }) {
  return (
    <div class={`factor-bar ${value === null ? 'is-missing' : ''}`} aria-hidden="true">
      {value !== null && <div class="factor-fill" style={{ width: percent(value) }} />}
    </div>
  );
}
