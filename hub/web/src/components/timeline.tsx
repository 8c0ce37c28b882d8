import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import { MACHINE_STATES } from '../../../../core/telemetry/types.ts';
import type { MachineNode, StatesResponse } from '../../../api/contract.ts';
import { duration } from '../logic/format.ts';
import { layoutTimeline, spanAt, type TimelineBox, type TimelineSpan, toSpans, withLive } from '../logic/timeline.ts';
import { query, useFetched } from '../state/api.ts';
import { liveMachine, nowMs } from '../state/live.ts';
import { formats, period } from '../state/plant.ts';
import { hrefOf } from '../state/router.ts';
import { StateIcon } from './icons.tsx';
import { TableScroll } from './table-scroll.tsx';

/** In units of its own: the style sheet says how tall a row really is. */
const ROW_HEIGHT = 36;
/** Stops stand taller than running: the shape of the row tells them apart without colours. */
const HEIGHT = { run: 24, down: 36, planned: 30, unknown: 33 } as const;
/** A loss is never thinner than this, however short it was. */
const THINNEST = 2;

/** The parts of a stretch, stacked from the bottom up. */
function Stack({ box, hatchId }: { readonly box: TimelineBox; readonly hatchId: string }) {
  let bottom = ROW_HEIGHT;
  return (
    <>
      {box.parts.map(({ span, share }) => {
        const thinnest = span.category === 'run' ? 0 : THINNEST;
        const height = Math.max(thinnest, share * HEIGHT[span.category]);
        bottom -= height;
        const unknown = span.state === 'UNKNOWN';
        return (
          <rect
            key={`${span.state}${span.simulated}`}
            class={`${unknown ? '' : `state-${span.state}`} ${span.simulated ? 'is-simulated' : ''}`}
            {...(unknown && { fill: `url(#${hatchId})` })}
            x={box.x}
            y={Math.max(0, bottom)}
            width={box.width}
            height={height}
          />
        );
      })}
    </>
  );
}

function spanText(span: TimelineSpan): string {
  const { clockSeconds } = formats.value;
  const reason = span.reason === null ? '' : `, ${span.reason}`;
  const length = duration((span.toMs - span.fromMs) / 1000);
  return `${STATE_NAMES[span.state]}${reason}, ${clockSeconds(span.fromMs)}–${clockSeconds(span.toMs)}, ${length}${span.simulated ? ', simulated' : ''}`;
}

function useStates(path: string): readonly TimelineSpan[] {
  const { fromMs, endMs, running } = period.value;
  const fetched = useFetched<StatesResponse>(
    `${path}|${fromMs}|${endMs}`,
    () =>
      `/states${query({ path, from: new Date(fromMs).toISOString(), to: new Date(Math.max(fromMs + 1000, Math.min(endMs, nowMs.peek()))).toISOString() })}`,
    running ? 15_000 : 0,
  );
  const spans = useMemo(() => toSpans(fetched.data?.states ?? []), [fetched.data]);
  const live = liveMachine(path).value;
  const now = nowMs.value;
  // The same array as long as nothing moved: whoever watches it would be called for ever otherwise.
  return useMemo(
    () => (running ? withLive(spans, live, now) : spans),
    [spans, running, running && live, running && now],
  );
}

function Row({
  machine,
  onSpans,
}: {
  readonly machine: MachineNode;
  readonly onSpans: (spans: readonly TimelineSpan[]) => void;
}) {
  const spans = useStates(machine.path);
  const { fromMs, endMs } = period.value;
  const bar = useRef<SVGSVGElement>(null);
  const width = useSignal(0);
  const picked = useSignal<number | null>(null);
  const hatchId = useId();
  useEffect(() => {
    const element = bar.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      width.value = Math.round(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => onSpans(spans), [spans]);
  const boxes = layoutTimeline(spans, fromMs, endMs, width.value);
  const index = Math.min(picked.value ?? spans.length - 1, spans.length - 1);
  const span = spans[index];
  const xOf = (timeMs: number) => ((timeMs - fromMs) / (endMs - fromMs)) * width.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: spans.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    picked.value = Math.max(0, Math.min(spans.length - 1, to));
  };
  const onPointer = (event: PointerEvent) => {
    const left = bar.current?.getBoundingClientRect().left ?? 0;
    const found = spanAt(spans, fromMs + ((event.clientX - left) / Math.max(1, width.value)) * (endMs - fromMs));
    picked.value = found < 0 ? null : found;
  };
  const from = span === undefined ? 0 : Math.max(0, xOf(span.fromMs));
  const to = span === undefined ? 0 : Math.min(width.value, xOf(span.toMs));
  const middle = (from + to) / 2;
  return (
    <div class="timeline-row">
      <a class="timeline-name" href={hrefOf(machine.path)}>
        {machine.name}
      </a>
      <div
        class="timeline-bar"
        role="slider"
        tabIndex={0}
        aria-label={`States of ${machine.name}; arrow keys go from state to state`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, spans.length - 1)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={span === undefined ? 'No data' : spanText(span)}
        onKeyDown={onKeyDown}
        onFocus={() => {
          picked.value ??= spans.length - 1;
        }}
        onBlur={() => {
          picked.value = null;
        }}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => {
          picked.value = null;
        }}
      >
        <svg
          ref={bar}
          viewBox={`0 0 ${Math.max(1, width.value)} ${ROW_HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <defs>
            <pattern id={hatchId} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path class="hatch" d="M0 0V8" />
            </pattern>
          </defs>
          {period.value.running && <rect class="future" x={xOf(nowMs.value)} width={width.value} height={ROW_HEIGHT} />}
          {boxes.map((box) => (
            <Stack key={box.x} box={box} hatchId={hatchId} />
          ))}
          {picked.value !== null && span !== undefined && (
            <rect class="timeline-picked" x={from} y={1} width={Math.max(3, to - from)} height={ROW_HEIGHT - 2} />
          )}
        </svg>
        {picked.value !== null && span !== undefined && (
          <div
            class={`tooltip ${middle > width.value * 0.66 ? 'is-left' : middle < width.value * 0.33 ? 'is-right' : ''}`}
            style={{ left: `${middle}px` }}
            aria-hidden="true"
          >
            <StateIcon state={span.state} />
            <span>{spanText(span)}</span>
          </div>
        )}
      </div>
    </div>
  );
}

function ticks(fromMs: number, endMs: number): number[] {
  const hours = (endMs - fromMs) / 3_600_000;
  const step = [1 / 6, 0.5, 1, 2, 4, 12, 24, 48, 168].find((each) => hours / each <= 8) ?? hours / 6;
  const stepMs = step * 3_600_000;
  const list: number[] = [];
  for (let at = fromMs; at <= endMs; at += stepMs) list.push(at);
  return list;
}

/** Who stood when, and why: one row a machine, by pointer or arrow keys, and as a table. */
export function Timeline({ machines }: { readonly machines: readonly MachineNode[] }) {
  const byMachine = useSignal<ReadonlyMap<string, readonly TimelineSpan[]>>(new Map());
  const open = useSignal(false);
  const { fromMs, endMs } = period.value;
  const marks = ticks(fromMs, endMs);
  const label = endMs - fromMs > 36 * 3_600_000 ? formats.value.day : formats.value.clock;
  return (
    <section class="card" aria-labelledby="timeline-heading">
      <header class="card-head">
        <h2 id="timeline-heading">State timeline</h2>
      </header>
      <div class="timeline">
        {machines.map((machine) => (
          <Row
            key={machine.path}
            machine={machine}
            onSpans={(spans) => {
              byMachine.value = new Map(byMachine.peek()).set(machine.path, spans);
            }}
          />
        ))}
        <div class="timeline-axis" aria-hidden="true">
          {marks.map((mark) => (
            <span key={mark} style={{ left: `${((mark - fromMs) / (endMs - fromMs)) * 100}%` }}>
              {label(mark)}
            </span>
          ))}
        </div>
      </div>
      <ul class="legend" aria-label="Legend">
        {MACHINE_STATES.map((state) => (
          <li key={state}>
            <StateIcon state={state} /> {STATE_NAMES[state]}
          </li>
        ))}
        <li>
          <i class="key is-dim" /> simulated history
        </li>
      </ul>
      <details
        onToggle={(event) => {
          open.value = event.currentTarget.open;
        }}
      >
        <summary>Stops as a table</summary>
        {open.value && <StopTable machines={machines} byMachine={byMachine.value} />}
      </details>
    </section>
  );
}

const LISTED = 200;

function StopTable({
  machines,
  byMachine,
}: {
  readonly machines: readonly MachineNode[];
  readonly byMachine: ReadonlyMap<string, readonly TimelineSpan[]>;
}) {
  const stops = machines
    .flatMap((machine) => (byMachine.get(machine.path) ?? []).map((span) => ({ machine, span })))
    .filter(({ span }) => span.category !== 'run')
    .sort((a, b) => b.span.fromMs - a.span.fromMs);
  return (
    <TableScroll label="Stops as a table">
      <table>
        <caption>
          Stops, newest first{stops.length > LISTED && `: the newest ${LISTED} of ${formats.value.count(stops.length)}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Machine</th>
            <th scope="col">State</th>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Lasted
            </th>
          </tr>
        </thead>
        <tbody>
          {stops.slice(0, LISTED).map(({ machine, span }) => (
            <tr key={`${machine.path}${span.fromMs}`}>
              <th scope="row">{formats.value.dayClock(span.fromMs)}</th>
              <td>{machine.name}</td>
              <td>
                <StateIcon state={span.state} /> {STATE_NAMES[span.state]}
              </td>
              <td>{span.reason ?? '–'}</td>
              <td class="number">{duration((span.toMs - span.fromMs) / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
