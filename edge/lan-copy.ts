import type { MqttClient } from 'mqtt';
import { topics } from '../core/path.ts';
import { type MinuteMessage, type StateMessage, toMachineMessages } from '../core/telemetry/message.ts';
import type { Sample } from '../core/telemetry/types.ts';

/**
 * The readable copy for everyone on the LAN: at once, before any disk, at most once. The hub's local rules
 * and live view take it; what must not be lost goes through the outbox.
 */
export class LanCopy {
  readonly #client: MqttClient;

  constructor(client: MqttClient) {
    this.#client = client;
  }

  /** Publishes the samples of one machine, and its state on a retained topic of its own. */
  publish(samples: readonly Sample[]): void {
    // While the broker is away nobody listens: queueing here would only deliver old news later.
    if (!this.#client.connected) return;
    for (const message of toMachineMessages(samples)) {
      this.#client.publish(topics.machine(message.machine), JSON.stringify(message));
    }
    for (const sample of samples) {
      if (sample.path.endsWith('/state') && typeof sample.value === 'string') {
        const state: StateMessage = { t: sample.timeMs, v: sample.value, q: sample.quality };
        const machinePath = sample.path.slice(0, sample.path.lastIndexOf('/'));
        this.#client.publish(topics.state(machinePath), JSON.stringify(state), { qos: 1, retain: true });
      }
    }
  }

  publishMinute(message: MinuteMessage): void {
    if (this.#client.connected) this.#client.publish(topics.minute(message.machine), JSON.stringify(message));
  }
}
