import { type CompiledExpression, compileExpression } from '../formula/index.ts';
import { variableName } from '../path.ts';
import { ruleVariables } from '../site/checks/rules.ts';
import type { RuleConfig } from '../site/schema.ts';
import type { Machine } from '../site/site.ts';
import type { MachineMessage, MinuteMessage, StateMessage } from '../telemetry/message.ts';
import type { Value } from '../telemetry/types.ts';

/** The part of a machine that its rules need. */
export type MachineWithRules = Pick<
  Machine,
  'path' | 'rules' | 'sensors' | 'state' | 'reason' | 'product' | 'stalenessSeconds'
>;

/** One value of one variable, at one time. */
interface Change {
  readonly variable: string;
  readonly timeMs: number;
  readonly value: Value | null;
  readonly isGood: boolean;
}

interface CompiledRule {
  readonly config: RuleConfig;
  readonly condition: CompiledExpression;
  isTrue: boolean;
}

/** What an undefined letter of a column's quality means: every value is GOOD. */
const GOOD = 'G';

/**
 * The local rules of one machine, over the newest GOOD values. A rule fires when its condition becomes true, not while it
 * stays so. Its condition counts as not true while it cannot be known: a signal never had a GOOD value, had none since it
 * went bad for longer than the staleness limit, or nothing confirmed the machine for that long. So a condition that holds
 * when the machine comes back, or when the hub starts, fires anew. Pure: times are given, in ms.
 */
export class MachineRules {
  readonly machinePath: string;
  readonly #rules: CompiledRule[];
  readonly #known: ReadonlySet<string>;
  readonly #stalenessMs: number;
  readonly #values = new Map<string, Value>();
  readonly #timesMs = new Map<string, number>();
  /** Since when a variable's newest value is not GOOD, by the hub's clock. */
  readonly #badSinceMs = new Map<string, number>();
  #confirmedMs = Number.NEGATIVE_INFINITY;
  #gatewayConfirmedMs = Number.NEGATIVE_INFINITY;

  /** @throws {FormulaError} for a condition that cannot be compiled; loadSite has checked them. */
  constructor(machine: MachineWithRules) {
    const variables = ruleVariables(machine, machine.sensors);
    this.machinePath = machine.path;
    this.#known = new Set(variables.keys());
    this.#stalenessMs = machine.stalenessSeconds * 1000;
    this.#rules = machine.rules.map((config) => {
      return { config, condition: compileExpression(config.when, { variables }), isTrue: false };
    });
  }

  /** Samples of the LAN copy. @returns the rules that fire, in the order of the site file. */
  samples(message: MachineMessage, nowMs: number): RuleConfig[] {
    const changes = this.#changesOf(message);
    if (changes.some(({ variable, value }) => isConfirmation(variable, value))) this.#confirmedMs = nowMs;
    const fired: RuleConfig[] = [];
    let timeMs = changes[0]?.timeMs;
    for (const change of changes) {
      // Values of one time belong together; between two times the condition may come and go.
      if (change.timeMs !== timeMs) fired.push(...this.#evaluate(nowMs));
      timeMs = change.timeMs;
      this.#take(change, nowMs);
    }
    if (changes.length > 0) fired.push(...this.#evaluate(nowMs));
    return fired;
  }

  /** The running minute, each second: confirms the machine, and tells state and reason to a hub that has just started. */
  minute(message: MinuteMessage, nowMs: number): RuleConfig[] {
    if (message.confirmedAt !== undefined && message.confirmedAt > this.#gatewayConfirmedMs) {
      this.#gatewayConfirmedMs = message.confirmedAt;
      this.#confirmedMs = nowMs;
    }
    const { asOf: timeMs, state, reason = '' } = message;
    this.#take({ variable: 'state', timeMs, value: state, isGood: true }, nowMs);
    this.#take({ variable: 'reason', timeMs, value: reason, isGood: true }, nowMs);
    return this.#evaluate(nowMs);
  }

  /** The retained state: known, but not confirmed by it. */
  state({ t: timeMs, v: value, q }: StateMessage, nowMs: number): RuleConfig[] {
    this.#take({ variable: 'state', timeMs, value, isGood: q === 'GOOD' }, nowMs);
    return this.#evaluate(nowMs);
  }

  /** The message's values of our variables, in the order of their times. */
  #changesOf({ base, signals }: MachineMessage): Change[] {
    const changes: Change[] = [];
    let ordered = true;
    for (const [signal, { t, v, q }] of Object.entries(signals)) {
      const variable = variableName(signal);
      if (!this.#known.has(variable)) continue;
      for (let index = 0; index < t.length; index += 1) {
        const timeMs = base + (t[index] ?? 0);
        ordered &&= timeMs >= (changes.at(-1)?.timeMs ?? timeMs);
        changes.push({ variable, timeMs, value: v[index] ?? null, isGood: (q?.[index] ?? GOOD) === GOOD });
      }
    }
    return ordered ? changes : changes.sort((one, other) => one.timeMs - other.timeMs);
  }

  #take({ variable, timeMs, value, isGood }: Change, nowMs: number): void {
    if (!this.#known.has(variable) || timeMs < (this.#timesMs.get(variable) ?? timeMs)) return;
    this.#timesMs.set(variable, timeMs);
    if (isGood && value !== null) {
      this.#values.set(variable, value);
      this.#badSinceMs.delete(variable);
    } else if (!this.#badSinceMs.has(variable)) {
      this.#badSinceMs.set(variable, nowMs);
    }
  }

  #evaluate(nowMs: number): RuleConfig[] {
    for (const [variable, sinceMs] of this.#badSinceMs) {
      if (nowMs - sinceMs > this.#stalenessMs) this.#values.delete(variable);
    }
    const isFresh = nowMs - this.#confirmedMs <= this.#stalenessMs;
    const fired: RuleConfig[] = [];
    for (const rule of this.#rules) {
      const wasTrue = rule.isTrue;
      rule.isTrue = isFresh && rule.condition.isTrue(this.#values, nowMs);
      if (rule.isTrue && !wasTrue) fired.push(rule.config);
    }
    return fired;
  }
}

/** A value shows that the machine's source is there; the gateway itself says UNKNOWN, and writes ticks and reasons. */
function isConfirmation(variable: string, value: Value | null): boolean {
  return variable === 'state' ? value !== 'UNKNOWN' : variable !== 'reason' && variable !== 'product';
}
