import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { STATE_NAMES } from '../../../../core/oee/state-names.ts';
import { ago } from '../logic/format.ts';
import { formatRoute } from '../logic/route.ts';
import { lastChange, link, nowMs, progress } from '../state/live.ts';
import { formats, type Place, placeOf, tree } from '../state/plant.ts';
import { hrefOf, pageChanges, route } from '../state/router.ts';
import { THEMES, theme } from '../state/theme.ts';
import { DemoDrawer, demoOpen } from './demo-panel.tsx';
import { Glyph } from './icons.tsx';

function Breadcrumb({ place }: { readonly place: Place | undefined }) {
  if (place === undefined) return <span class="crumbs" />;
  const steps = [place.tree, place.line, place.machine, place.sensor].filter((step) => step !== undefined);
  return (
    <nav class="crumbs" aria-label="Plant">
      <ol>
        {steps.map((step, index) => (
          <li key={step.path}>
            <a href={hrefOf(step.path)} {...(index === steps.length - 1 && { 'aria-current': 'page' as const })}>
              {step.name}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function LinkStatus() {
  const { status, heardMs } = link.value;
  const text = status === 'live' ? 'Live' : status === 'lost' ? 'Lost' : 'Connecting';
  return (
    <span class={`link-status is-${status}`}>
      <i aria-hidden="true" />
      {text}
      {status === 'live' && heardMs !== undefined && <small>hub heard {ago((nowMs.value - heardMs) / 1000)}</small>}
    </span>
  );
}

function ThemeButton() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
  return (
    <button type="button" class="icon-button" onClick={() => (theme.value = next)} title={`Colours: ${theme.value}`}>
      <Glyph name="theme" />
      <span class="visually-hidden">
        Colours: {theme.value}. Change to {next}
      </span>
    </button>
  );
}

/** Says since when the figures are old. */
export function LostBanner() {
  const { status, heardMs } = link.value;
  return (
    <div role="status" class="banner-place">
      {status === 'lost' && (
        <p class="banner">
          <Glyph name="warning" />
          <span>
            <b>Connection to the hub lost</b>
            {heardMs !== undefined && ` since ${formats.value.clockSeconds(heardMs)}. What you see is from then.`}{' '}
            Trying again.
          </span>
        </p>
      )}
    </div>
  );
}

/** Says changes of state aloud. Of a whole line or factory only those that call for someone: machines idle all the time. */
function StateAnnouncer() {
  const newest = lastChange.value;
  const calls = newest?.state === 'FAULT' || newest?.state === 'UNKNOWN';
  const change = calls || newest?.path === route.value.path ? newest : undefined;
  const root = tree.value;
  const machine = change && root && placeOf(root, change.path)?.machine;
  const reason = change?.reason ? `, ${change.reason}` : '';
  return (
    <p class="visually-hidden" aria-live="polite">
      {machine && change && `${machine.name}: ${STATE_NAMES[change.stale ? 'UNKNOWN' : change.state]}${reason}`}
    </p>
  );
}

function HistoryProgress() {
  const now = progress.value;
  if (now === null || now.done >= 1) return null;
  return (
    <p class="history-progress">
      <label>
        {now.label} <progress max={1} value={now.done} />
      </label>
      {formats.value.percent(now.done, 0)}
    </p>
  );
}

/** Head, banner and main part of every page but the hall's. */
export function Shell({
  place,
  children,
}: {
  readonly place: Place | undefined;
  readonly children: ComponentChildren;
}) {
  const { path, from, to, window: choice } = route.value;
  const hallWindow = choice === 'hour' && (tree.value?.shifts.length ?? 0) > 0 ? 'shift' : choice;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header class="top">
        <a class="brand" href={hrefOf(tree.value?.path ?? '')}>
          <Glyph name="bridge" />
          <span>Plantbridge</span>
        </a>
        <Breadcrumb place={place} />
        <div class="top-tools">
          <HistoryProgress />
          <LinkStatus />
          <time class="clock">{formats.value.clockSeconds(nowMs.value)}</time>
          {tree.value?.demo && (
            <button type="button" class="button" onClick={() => (demoOpen.value = true)}>
              <Glyph name="panel" />
              Demo
            </button>
          )}
          {place !== undefined && place.sensor === undefined && (
            <a
              class="icon-button"
              href={formatRoute({ path, window: hallWindow, from, to, hall: true })}
              title="Hall display"
            >
              <Glyph name="hall" />
              <span class="visually-hidden">Hall display</span>
            </a>
          )}
          <ThemeButton />
        </div>
      </header>
      <LostBanner />
      <StateAnnouncer />
      <main id="main" tabIndex={-1} class={link.value.status === 'lost' ? 'is-lost' : ''}>
        {children}
      </main>
      {demoOpen.value && <DemoDrawer />}
    </>
  );
}

/** The heading of a page: takes the focus after a navigation and names the document. */
export function PageTitle({
  name,
  kind,
  children,
}: {
  readonly name: string;
  readonly kind: string;
  readonly children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const changes = pageChanges.value;
  useEffect(() => {
    document.title = `${name} · Plantbridge`;
  }, [name]);
  useEffect(() => {
    if (changes > 0) heading.current?.focus({ preventScroll: true });
  }, [changes]);
  return (
    <div class="page-title">
      <div>
        <p class="kind">{kind}</p>
        <h1 tabIndex={-1} ref={heading}>
          {name}
        </h1>
      </div>
      {children}
    </div>
  );
}
