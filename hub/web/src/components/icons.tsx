import type { JSX } from 'preact';
import type { MachineState } from '../../../../core/telemetry/types.ts';

/** Each state has a shape of its own, so that nobody needs the colours: circle, bars, triangle, diamond, square, dashed circle. */
const SHAPES: Readonly<Record<MachineState, JSX.Element>> = {
  RUNNING: (
    <>
      <circle cx="12" cy="12" r="11" class="shape" />
      <path d="M9.5 7 17 12l-7.5 5z" class="mark" />
    </>
  ),
  IDLE: (
    <>
      <rect x="2" y="2" width="20" height="20" rx="6" class="shape" />
      <path d="M8 7h3v10H8zM13 7h3v10h-3z" class="mark" />
    </>
  ),
  FAULT: (
    <>
      <path d="M12 1.2 23.4 21.6H.6z" class="shape" />
      <path d="M10.8 8.5h2.4l-.3 6.6h-1.8zM10.8 16.6h2.4v2.2h-2.4z" class="mark" />
    </>
  ),
  CHANGEOVER: (
    <>
      <path d="M12 .8 23.2 12 12 23.2.8 12z" class="shape" />
      <path d="M7 10.6h7V8.2l3.6 3-1.2 1H7zM17 13.4h-7v2.4l-3.6-3 1.2-1H17z" class="mark" />
    </>
  ),
  PLANNED_STOP: (
    <>
      <rect x="2.5" y="2.5" width="19" height="19" class="shape" />
      <path d="M7 11h10v2.2H7z" class="mark" />
    </>
  ),
  UNKNOWN: (
    <>
      <circle cx="12" cy="12" r="10" class="outline" />
      <path
        d="M9 9.6c0-3.9 6.2-3.9 6.2-.3 0 2.4-2.6 2.4-2.6 4.6M12.5 16.4v2"
        class="stroke"
        fill="none"
        stroke-width="2.1"
      />
    </>
  ),
};

/** The state's shape in its colour; a text always stands beside it. */
export function StateIcon({ state }: { readonly state: MachineState }) {
  return (
    <svg class={`state-icon state-${state}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {SHAPES[state]}
    </svg>
  );
}

const GLYPHS = {
  bridge: 'M2 18h20M4 18V8m16 10V8M4 9c3 6 13 6 16 0M9 18v-5m6 5v-5',
  warning: 'M12 3 22 20H2zM12 9v5m0 2.2v1.3',
  theme: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  hall: 'M3 5h18v11H3zM8 20h8M12 16v4',
  panel: 'M4 7h9m4 0h3M4 12h3m4 0h9M4 17h11m4 0h1M15 5v4M9 10v4m8 1v4',
  close: 'M5 5l14 14M19 5 5 19',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
} as const;

/** A line drawing for a button; the button has the text. */
export function Glyph({ name }: { readonly name: keyof typeof GLYPHS }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={GLYPHS[name]} />
    </svg>
  );
}
