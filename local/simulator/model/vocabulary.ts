import type { Machine } from '../../../core/site/site.ts';
import { MACHINE_STATES, type MachineState } from '../../../core/telemetry/types.ts';

/** A cause of standing still, which the model knows by its role and the PLC by a code of its own. */
export type Cause = 'starved' | 'blocked' | 'operator' | 'bearing' | 'changeover' | 'planned';

/** Words in a reason's text that give away its role; whatever fits none is a fault's reason. */
const CAUSE_WORDS: readonly (readonly [Cause, RegExp])[] = [
  ['bearing', /bearing|worn/i],
  ['operator', /operator|by hand|manual/i],
  ['starved', /starved|waiting for|no (parts|bottles|cases|material)|infeed empty/i],
  ['blocked', /outfeed full|backed up|blocked downstream|no room/i],
  ['changeover', /changeover|set-?up|format change/i],
  ['planned', /break|no order|maintenance|planned/i],
];

/** What a PLC that reports texts, not codes, says. */
const OWN_REASONS = [
  'Part jammed',
  'Sensor dirty',
  'Drive overload',
  'Waiting for parts',
  'Outfeed full',
  'Stopped by the operator',
  'Bearing worn',
];

/** What to show where a state map lacks a state, nearest first. */
const STAND_INS: Readonly<Record<MachineState, readonly MachineState[]>> = {
  RUNNING: [],
  IDLE: ['FAULT', 'PLANNED_STOP'],
  FAULT: ['IDLE', 'PLANNED_STOP'],
  CHANGEOVER: ['IDLE', 'FAULT', 'PLANNED_STOP'],
  PLANNED_STOP: ['IDLE', 'FAULT'],
  UNKNOWN: ['FAULT'],
};

/** The PLC's own codes for states and reasons: the site file's maps, read backwards. */
export interface Vocabulary {
  readonly codeOfState: Readonly<Record<MachineState, string>>;
  /** The code of a cause, '' where the PLC has none. */
  readonly codeOfCause: Readonly<Record<Cause, string>>;
  /** Codes of faults, the frequent ones first. */
  readonly faultCodes: readonly string[];
}

export function vocabularyOf(machine: Machine): Vocabulary {
  const states = Object.entries(machine.state?.map ?? {});
  const codeOf = (state: MachineState): string => {
    for (const candidate of [state, ...STAND_INS[state]]) {
      const entry = states.find(([, meaning]) => meaning === candidate);
      if (entry !== undefined) return entry[0];
    }
    return states[0]?.[0] ?? '0';
  };
  const causes: Record<Cause, string> = {
    starved: '',
    blocked: '',
    operator: '',
    bearing: '',
    changeover: '',
    planned: '',
  };
  const faultCodes: string[] = [];
  const given = Object.entries(machine.reason?.map ?? {});
  const reasons =
    given.length > 0 || machine.reason === undefined ? given : OWN_REASONS.map((text) => [text, text] as const);
  for (const [code, text] of reasons) {
    const cause = CAUSE_WORDS.find(([, words]) => words.test(text))?.[0];
    if (cause === undefined) faultCodes.push(code);
    else if (causes[cause] === '') causes[cause] = code;
  }
  return {
    codeOfState: Object.fromEntries(MACHINE_STATES.map((state) => [state, codeOf(state)])) as Record<
      MachineState,
      string
    >,
    codeOfCause: causes,
    faultCodes,
  };
}
