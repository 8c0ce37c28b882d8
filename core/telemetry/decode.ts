import { isId } from '../path.ts';
import {
  type BatchMessage,
  type CommandMessage,
  type CursorMessage,
  type HelloMessage,
  type MachineMessage,
  MESSAGE_VERSION,
  type MinuteMessage,
  type StateMessage,
} from './message.ts';
import {
  faultOfFields,
  isMachinePath,
  isName,
  isObject,
  isSequence,
  isTime,
  isValue,
  named,
  type Unchecked,
} from './shape.ts';
import { MACHINE_STATES, TICK_SIGNALS } from './types.ts';

/**
 * Fast validators of incoming messages. Each takes a payload (bytes or text of JSON) or a parsed value and returns the message, or a
 * sentence that says what is wrong with it. They never throw, and refuse what they do not know: OT networks carry strange things.
 */

/** Most that one message may hold. */
export const MESSAGE_LIMITS = { bytes: 4 * 1024 * 1024, machines: 1_000, signals: 20_000, values: 200_000 } as const;

const TICKS: ReadonlySet<string> = new Set(TICK_SIGNALS);
const STATES: ReadonlySet<string> = new Set(MACHINE_STATES);
const ONLY_QUALITIES = /^[GBU]*$/;

/** What was counted so far in one message. */
interface Budget {
  signals: number;
  values: number;
}

/** `plant-link/v1/<site>/<gateway>/batch` */
export function decodeBatch(input: unknown): BatchMessage | string {
  return decode<BatchMessage>(input, faultOfBatch);
}

/** `plant-link/v1/<site>/<gateway>/hello` */
export function decodeHello(input: unknown): HelloMessage | string {
  return decode<HelloMessage>(input, (message) => {
    const fault = faultOfLink(message, ['firstSequence', 'lastSequence']);
    if (fault !== undefined) return fault;
    if (!isSequence(message.firstSequence, 1)) return '"firstSequence" is not an integer from 1 on';
    if (!isSequence(message.lastSequence, 0)) return '"lastSequence" is not an integer from 0 on';
    return message.firstSequence > message.lastSequence + 1
      ? '"firstSequence" is beyond "lastSequence" + 1'
      : undefined;
  });
}

/** `plant-link/v1/<site>/<gateway>/ack` and `ask` */
export function decodeCursor(input: unknown): CursorMessage | string {
  return decode<CursorMessage>(input, (message) => {
    const fault = faultOfLink(message, ['sequence']);
    if (fault !== undefined) return fault;
    return isSequence(message.sequence, 0) ? undefined : '"sequence" is not an integer from 0 on';
  });
}

/** `plant/v1/<site>/<line>/<machine>` */
export function decodeMachine(input: unknown): MachineMessage | string {
  return decode<MachineMessage>(input, (message) => faultOfMachine(message, { signals: 0, values: 0 }));
}

/** `plant/v1/<site>/<line>/<machine>/_minute` */
export function decodeMinute(input: unknown): MinuteMessage | string {
  return decode<MinuteMessage>(input, (message) => {
    const fault =
      faultOfFields(
        message,
        ['version', 'machine', 'minuteEnd', 'asOf', 'tick', 'state'],
        ['reason', 'clockSkewMs', 'confirmedAt'],
      ) ?? faultOfHead(message);
    if (fault !== undefined) return fault;
    const { minuteEnd, asOf, tick, state, reason, clockSkewMs, confirmedAt } = message;
    if (!isTime(minuteEnd) || minuteEnd % 60_000 !== 0) return '"minuteEnd" is not the end of a minute';
    if (!isTime(asOf)) return '"asOf" is not a time';
    if (!isObject(tick)) return '"tick" is not an object';
    for (const [signal, value] of Object.entries(tick)) {
      if (!TICKS.has(signal)) return `"tick" has the unknown signal ${named(signal)}`;
      if (!Number.isFinite(value)) return `"tick" ${signal} is not a finite number`;
    }
    if (typeof state !== 'string' || !STATES.has(state)) return '"state" is no machine state';
    if (reason !== undefined && !(typeof reason === 'string' && isValue(reason))) return '"reason" is not a text';
    if (clockSkewMs !== undefined && !Number.isFinite(clockSkewMs)) return '"clockSkewMs" is not a finite number';
    return confirmedAt !== undefined && !isTime(confirmedAt) ? '"confirmedAt" is not a time' : undefined;
  });
}

/** `plant/v1/<site>/<line>/<machine>/state` */
export function decodeState(input: unknown): StateMessage | string {
  return decode<StateMessage>(input, (message) => {
    const fault = faultOfFields(message, ['t', 'v', 'q']);
    if (fault !== undefined) return fault;
    if (!isTime(message.t)) return '"t" is not a time';
    if (typeof message.v !== 'string' || !STATES.has(message.v)) return '"v" is no machine state';
    return ['GOOD', 'BAD', 'UNCERTAIN'].includes(String(message.q)) ? undefined : '"q" is no quality';
  });
}

/** `plant/v1/<site>/<line>/<machine>/_command` */
export function decodeCommand(input: unknown): CommandMessage | string {
  return decode<CommandMessage>(input, (message) => {
    const fault =
      faultOfFields(message, [
        'version',
        'id',
        'machine',
        'command',
        'parameters',
        'requester',
        'issuedAt',
        'expiresAt',
      ]) ?? faultOfHead(message);
    if (fault !== undefined) return fault;
    const { id, command, parameters, requester, issuedAt, expiresAt } = message;
    if (!isName(id, 128)) return '"id" is not a text of 1 to 128 characters';
    if (typeof command !== 'string' || !isId(command)) return '"command" is not a valid id';
    if (!isObject(parameters)) {
      return '"parameters" is not an object';
    }
    const entries = Object.entries(parameters);
    if (entries.length > 64) return '"parameters" has more than 64 entries';
    for (const [name, value] of entries) {
      if (!isName(name, 128) || !isValue(value)) return `"parameters" ${named(name)} is not a number, text or boolean`;
    }
    if (!isName(requester, 256)) return '"requester" is not a text of 1 to 256 characters';
    if (!isTime(issuedAt) || !isTime(expiresAt)) return '"issuedAt" or "expiresAt" is not a time';
    return expiresAt < issuedAt ? '"expiresAt" is before "issuedAt"' : undefined;
  });
}

/** Parses where needed, checks, and turns whatever goes wrong into a reason. */
function decode<T>(input: unknown, faultOf: (message: Unchecked) => string | undefined): T | string {
  try {
    let value = input;
    if (input instanceof Uint8Array || typeof input === 'string') {
      if (input.length > MESSAGE_LIMITS.bytes) return `The message is longer than ${MESSAGE_LIMITS.bytes} bytes.`;
      value = JSON.parse(typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input));
    }
    const fault = isObject(value) ? faultOf(value) : 'is not a JSON object';
    return fault === undefined ? (value as T) : `The message ${fault.startsWith('"') ? 'is wrong: ' : ''}${fault}.`;
  } catch {
    return 'The message is not JSON in UTF-8.';
  }
}

function faultOfBatch(message: Unchecked): string | undefined {
  const fault = faultOfLink(message, ['sequence', 'machines'], ['simulated']);
  if (fault !== undefined) return fault;
  const { sequence, machines, simulated } = message;
  if (!isSequence(sequence, 1)) return '"sequence" is not an integer from 1 on';
  if (simulated !== undefined && typeof simulated !== 'boolean') return '"simulated" is not true or false';
  if (!Array.isArray(machines) || machines.length > MESSAGE_LIMITS.machines) {
    return `"machines" is not a list of at most ${MESSAGE_LIMITS.machines}`;
  }
  const budget: Budget = { signals: 0, values: 0 };
  const seen = new Set<unknown>();
  for (const machine of machines as unknown[]) {
    const wrong = faultOfMachine(machine, budget);
    if (wrong !== undefined) return `"machines": an entry ${wrong}`;
    const path = (machine as Unchecked).machine;
    if (seen.has(path)) return `"machines" has ${path} twice`;
    seen.add(path);
  }
  return undefined;
}

function faultOfLink(message: Unchecked, fields: readonly string[], optional: readonly string[] = []) {
  const fault = faultOfFields(message, ['version', 'outbox', ...fields], optional) ?? faultOfVersion(message);
  return fault ?? (isName(message.outbox, 64) ? undefined : '"outbox" is not a text of 1 to 64 characters');
}

function faultOfVersion(message: Unchecked): string | undefined {
  return message.version === MESSAGE_VERSION ? undefined : `"version" is not ${MESSAGE_VERSION}`;
}

function faultOfHead(message: Unchecked): string | undefined {
  const fault = faultOfVersion(message);
  return fault ?? (isMachinePath(message.machine) ? undefined : '"machine" is not <site>/<line>/<machine>');
}

function faultOfMachine(value: unknown, budget: Budget): string | undefined {
  const fault = faultOfFields(value, ['version', 'machine', 'base', 'signals']);
  if (fault !== undefined) return fault;
  const message = value as Unchecked;
  const head = faultOfHead(message);
  if (head !== undefined) return head;
  if (!isTime(message.base)) return '"base" is not a time';
  const { signals } = message;
  if (!isObject(signals)) return '"signals" is not an object';
  for (const [signal, column] of Object.entries(signals)) {
    budget.signals += 1;
    if (budget.signals > MESSAGE_LIMITS.signals) return `has more than ${MESSAGE_LIMITS.signals} signals`;
    if (!isId(signal)) return `"signals": ${named(signal)} is not a valid id`;
    const wrong = faultOfColumn(column, message.base, budget);
    if (wrong !== undefined) return `"signals": ${signal} ${wrong}`;
  }
  return undefined;
}

function faultOfColumn(value: unknown, base: number, budget: Budget): string | undefined {
  const fault = faultOfFields(value, ['t', 'v'], ['q']);
  if (fault !== undefined) return fault;
  const { t, v, q } = value as Unchecked;
  if (!Array.isArray(t) || !Array.isArray(v)) return 'has no lists "t" and "v"';
  const { length } = t;
  if (length !== v.length) return 'has lists "t" and "v" of different lengths';
  budget.values += length;
  if (budget.values > MESSAGE_LIMITS.values) return `goes beyond ${MESSAGE_LIMITS.values} values in one message`;
  if (q !== undefined && (typeof q !== 'string' || q.length !== length || !ONLY_QUALITIES.test(q))) {
    return 'has a "q" that is not one of G, B, U for each value';
  }
  let last = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < length; index += 1) {
    const time: unknown = t[index];
    if (!(typeof time === 'number' && time > last && isTime(base + time))) return 'has times that do not ascend';
    last = time;
    const item: unknown = v[index];
    if (item === null ? q === undefined || q[index] === 'G' : !isValue(item)) return 'has a value that is none';
  }
  return undefined;
}
