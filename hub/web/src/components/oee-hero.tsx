import type { OeeFigure } from '../../../api/contract.ts';
import { duration } from '../logic/format.ts';
import { actualCycleSeconds, idealCycleSeconds, whyMissing } from '../logic/oee.ts';
import { formats } from '../state/plant.ts';
import { Glyph } from './icons.tsx';
import { FactorBar, OeeScale } from './oee-scale.tsx';

type Factor = 'availability' | 'performance' | 'quality';

function explain(factor: Factor, figure: OeeFigure): string {
  const { count } = formats.value;
  if (factor === 'availability') {
    return `ran ${duration(figure.runSeconds)} of ${duration(figure.busySeconds)}`;
  }
  if (factor === 'performance') {
    return `the parts need ${duration(figure.idealSeconds)} at the ideal cycle, they took ${duration(figure.runSeconds)}`;
  }
  return `${count(figure.rejected)} of ${count(figure.produced)} parts rejected`;
}

function FactorTile({ factor, figure }: { readonly factor: Factor; readonly figure: OeeFigure | null }) {
  const value = figure?.[factor] ?? null;
  const settling = factor === 'performance' && figure?.settling === true;
  return (
    <div class="factor">
      <dt>{factor[0]?.toUpperCase() + factor.slice(1)}</dt>
      <dd>
        <span class={`factor-value ${settling ? 'is-settling' : ''}`}>{formats.value.percent(value)}</span>
        <FactorBar value={value} />
        <span class="factor-note">
          {whyMissing(factor, figure) ?? (figure === null ? '' : explain(factor, figure))}
        </span>
      </dd>
    </div>
  );
}

/** OEE large, its three factors, and what is doubtful about them. */
export function OeeHero({ figure, loading }: { readonly figure: OeeFigure | null; readonly loading: boolean }) {
  const oee = figure?.oee ?? null;
  const settling = figure?.settling === true && oee !== null;
  const settlingNote = settling ? 'Still settling: each part moves the figure.' : undefined;
  const why = loading ? 'Loading' : (whyMissing('oee', figure) ?? settlingNote);
  return (
    <section class="card hero" aria-labelledby="oee-heading">
      <div class="hero-main">
        <h2 id="oee-heading">
          <abbr title="Overall equipment effectiveness, ISO 22400-2">OEE</abbr>
          {figure?.simulated && <span class="tag is-simulated">with simulated history</span>}
        </h2>
        <p class={`hero-value ${settling ? 'is-settling' : ''}`}>
          {formats.value.percentDigits(oee)}
          {oee !== null && <span class="hero-unit">%</span>}
        </p>
        <OeeScale value={oee} settling={settling} />
        {why !== undefined && <p class="hero-why">{why}</p>}
      </div>
      <dl class="factors">
        <FactorTile factor="availability" figure={figure} />
        <FactorTile factor="performance" figure={figure} />
        <FactorTile factor="quality" figure={figure} />
      </dl>
      {figure !== null && <Warnings figure={figure} />}
    </section>
  );
}

function Warnings({ figure }: { readonly figure: OeeFigure }) {
  const sentences = [...figure.warnings];
  if (figure.unknownSeconds >= 60) {
    sentences.push(`${duration(figure.unknownSeconds)} without a confirmed source: outside of every figure.`);
  }
  if (sentences.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Data quality">
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Glyph name="warning" />
          {sentence}
        </li>
      ))}
    </ul>
  );
}

/** Parts and times of the period; what has no value shows a dash, never a zero. */
export function Counts({ figure, single }: { readonly figure: OeeFigure | null; readonly single: boolean }) {
  const { count, cycle, clock } = formats.value;
  // Without a counter the zeros of the answer say nothing.
  const parts = figure?.partsKnown ? figure : null;
  const rows: (readonly [string, string, string])[] = [
    ['Produced', count(parts?.produced), 'parts'],
    ['Good', count(parts === null ? null : parts.produced - parts.rejected), 'parts'],
    ['Rejected', count(parts?.rejected), 'parts'],
  ];
  if (single) {
    const actual = figure === null ? null : actualCycleSeconds(figure);
    const ideal = figure === null ? null : idealCycleSeconds(figure);
    rows.push(['Cycle time', cycle(actual), `ideal ${cycle(ideal)}`]);
  }
  rows.push(
    ['Planned stop', figure === null ? '–' : duration(figure.plannedSeconds), 'outside of OEE'],
    ['Unknown', figure === null ? '–' : duration(figure.unknownSeconds), 'nobody confirmed it'],
  );
  if (figure !== null && figure.producedUnattributed > 0) {
    rows.push(['Unattributed', count(figure.producedUnattributed), 'parts counted over a gap, outside of OEE']);
  }
  return (
    <section class="card counts" aria-labelledby="counts-heading">
      <h2 id="counts-heading">Parts and times</h2>
      <dl>
        {rows.map(([label, value, note]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {value} <small>{note}</small>
            </dd>
          </div>
        ))}
      </dl>
      {figure !== null && (
        <p class="note">
          {figure.confirmedUntil === null
            ? 'Quality is provisional: no feedback from an MES.'
            : `Quality confirmed by the MES up to ${clock(Date.parse(figure.confirmedUntil))}.`}
        </p>
      )}
    </section>
  );
}
