import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { DemoActionRequest, DemoResponse, MachineNode } from '../../../api/contract.ts';
import { ApiError, requestJson } from '../state/api.ts';
import { tree } from '../state/plant.ts';
import { Glyph } from './icons.tsx';

type Action = DemoActionRequest['action'];

const ACTIONS: readonly (readonly [Action, string, string])[] = [
  ['stop', 'Stop the machine', 'as an operator would'],
  ['scrap', 'Make scrap', "the next minutes' parts are rejects"],
  ['wear', 'Wear out a bearing', 'vibration and temperature rise until it fails'],
  ['disconnect', "Kill the PLC's connection", 'its server goes away'],
];

const active = signal<ReadonlyMap<string, ReadonlySet<Action>>>(new Map());
const fault = signal<string | undefined>(undefined);
/** Whether the drawer is open. */
export const demoOpen = signal(false);

async function load(): Promise<void> {
  try {
    const { machines } = await requestJson<DemoResponse>('/demo');
    active.value = new Map(machines.map((machine) => [machine.path, new Set(machine.active)]));
    fault.value = undefined;
  } catch (error) {
    fault.value = error instanceof ApiError ? error.message : 'The hub does not answer.';
  }
}

async function act(request: DemoActionRequest): Promise<void> {
  try {
    await requestJson<unknown>('/demo/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    await load();
  } catch (error) {
    fault.value = error instanceof ApiError ? error.message : 'The hub does not answer.';
  }
}

function useActive(): void {
  useEffect(() => {
    void load();
    const timer = window.setInterval(() => void load(), 5_000);
    return () => window.clearInterval(timer);
  }, []);
}

function Buttons({ machine }: { readonly machine: MachineNode }) {
  const on = active.value.get(machine.path);
  return (
    <div class="demo-buttons">
      {ACTIONS.map(([action, label, note]) => (
        <button
          key={action}
          type="button"
          aria-pressed={on?.has(action) ?? false}
          onClick={() => void act({ machine: machine.path, action, on: !(on?.has(action) ?? false) })}
        >
          <b>{label}</b>
          <small>{on?.has(action) ? 'on: press again to end it' : note}</small>
        </button>
      ))}
    </div>
  );
}

/** On the machine's page, in the demo only. */
export function DemoPanel({ machine }: { readonly machine: MachineNode }) {
  useActive();
  return (
    <section class="card demo" aria-labelledby="demo-heading">
      <header class="card-head">
        <h2 id="demo-heading">Demo: what happens if…</h2>
      </header>
      <Buttons machine={machine} />
      {fault.value !== undefined && (
        <p class="fault-note" role="alert">
          {fault.value}
        </p>
      )}
    </section>
  );
}

/** The same for every machine, as a drawer. */
export function DemoDrawer() {
  const dialog = useRef<HTMLDialogElement>(null);
  useActive();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      class="drawer"
      ref={dialog}
      aria-labelledby="drawer-heading"
      onClose={() => {
        demoOpen.value = false;
      }}
    >
      <header class="drawer-head">
        <h2 id="drawer-heading">Demo panel</h2>
        <button type="button" class="icon-button" onClick={() => dialog.current?.close()}>
          <Glyph name="close" />
          <span class="visually-hidden">Close</span>
        </button>
      </header>
      <p class="note">Press, and watch the figures follow. Everything here acts on the simulated PLCs alone.</p>
      {fault.value !== undefined && (
        <p class="fault-note" role="alert">
          {fault.value}
        </p>
      )}
      {tree.value?.lines.map((line) => (
        <section key={line.path}>
          <h3>{line.name}</h3>
          {line.machines.map((machine) => (
            <details key={machine.path} name="demo-machine">
              <summary>
                {machine.name}
                {(active.value.get(machine.path)?.size ?? 0) > 0 && (
                  <span class="tag is-on">{active.value.get(machine.path)?.size} on</span>
                )}
              </summary>
              <Buttons machine={machine} />
            </details>
          ))}
        </section>
      ))}
    </dialog>
  );
}
