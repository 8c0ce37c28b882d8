/**
 * The thread that local rules run on, with an MQTT connection of its own: nothing that the hub does besides - commits, figures,
 * browsers, its garbage - stands between a value and a command. rule-runner.ts is the other side.
 */
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { topics } from '../../core/path.ts';
import { MachineRules, type MachineWithRules } from '../../core/rules/machine-rules.ts';
import type { RuleConfig } from '../../core/site/schema.ts';
import { decodeMachine, decodeMinute, decodeState } from '../../core/telemetry/decode.ts';
import { type CommandMessage, MESSAGE_VERSION } from '../../core/telemetry/message.ts';
import { type BrokerAccess, connectBroker } from '../broker.ts';

/** What the thread is started with. */
export interface RuleThreadData {
  readonly access: BrokerAccess;
  readonly machines: readonly MachineWithRules[];
}

/** What the thread tells. */
export type RuleThreadMessage =
  /** Whether it is connected and subscribed. */
  | { readonly type: 'listening'; readonly listening: boolean }
  | { readonly type: 'fired'; readonly requester: string; readonly command: string; readonly id: string }
  | { readonly type: 'warning'; readonly text: string };

if (parentPort !== null) {
  const port = parentPort;
  const tell = (message: RuleThreadMessage) => port.postMessage(message);
  const { access, machines } = workerData as RuleThreadData;
  const warn = (details: object, text: string) => tell({ type: 'warning', text: `${text} ${JSON.stringify(details)}` });
  const client = connectBroker(access, 'rules', { info: warn, warn, error: warn });

  const publish = (machinePath: string, fired: readonly RuleConfig[], nowMs: number) => {
    for (const { id: ruleId, do: action } of fired) {
      const command: CommandMessage = {
        version: MESSAGE_VERSION,
        id: randomUUID(),
        machine: machinePath,
        command: action.command,
        parameters: action.parameters,
        requester: `rule:${machinePath}/${ruleId}`,
        issuedAt: nowMs,
        expiresAt: nowMs + action.expiresSeconds * 1000,
      };
      client.publish(topics.command(machinePath), JSON.stringify(command), { qos: 1 });
      tell({ type: 'fired', requester: command.requester, command: command.command, id: command.id });
    }
  };

  /** What to do with a message, by its topic. */
  const handlers = new Map<string, (payload: Buffer, nowMs: number) => void>();
  for (const machine of machines) {
    const rules = new MachineRules(machine);
    const handle = <Message>(
      topic: string,
      decode: (payload: Buffer) => Message | string,
      take: (message: Message, nowMs: number) => RuleConfig[],
    ) =>
      handlers.set(topic, (payload, nowMs) => {
        const message = decode(payload);
        // The live view logs what is refused; here it only must not do harm.
        if (typeof message !== 'string') publish(machine.path, take(message, nowMs), nowMs);
      });
    handle(topics.machine(machine.path), decodeMachine, (message, nowMs) => rules.samples(message, nowMs));
    handle(topics.minute(machine.path), decodeMinute, (message, nowMs) => rules.minute(message, nowMs));
    handle(topics.state(machine.path), decodeState, (message, nowMs) => rules.state(message, nowMs));
  }

  client.on('message', (topic, payload) => handlers.get(topic)?.(payload, Date.now()));
  client.on('connect', () => {
    client.subscribeAsync([...handlers.keys()], { qos: 0 }).then(
      () => tell({ type: 'listening', listening: true }),
      (error: unknown) => warn({ reason: String(error) }, 'the broker did not take the subscription'),
    );
  });
  client.on('close', () => tell({ type: 'listening', listening: false }));
  port.on('message', () => {
    client.end(true, {}, () => port.close());
  });
}
