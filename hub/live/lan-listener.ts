import type { MqttClient } from 'mqtt';
import { parsePath, pathLevel, topics } from '../../core/path.ts';
import { decodeMachine, decodeMinute, decodeState } from '../../core/telemetry/decode.ts';
import type { HubLogger } from '../logger.ts';
import type { LiveView } from './live-view.ts';

/** The first level of `plant/v1/...` that is a machine's path. */
const PATH_LEVEL = 2;

/** What {@link listenToLan} needs. */
export interface LanListenerOptions {
  readonly site: string;
  readonly client: MqttClient;
  readonly view: LiveView;
  readonly logger: HubLogger;
  /** ms since 1970. */
  readonly now: () => number;
  /** The making of the demo's history goes on, 0..1. */
  readonly onProgress: (label: string, done: number) => void;
}

/** Feeds the live view from the LAN copy. What is not a message of ours is refused and counted, never an exception. */
export function listenToLan({ site, client, view, logger, now, onProgress }: LanListenerOptions): void {
  const { machines, states, minutes } = topics.filters;
  const progressTopic = topics.historyProgress(site);
  let refused = 0;
  const refuse = (topic: string, reason: string) => {
    refused += 1;
    // One in a thousand: a babbling device must not fill the disk with its own log.
    if (refused % 1000 === 1) logger.warn({ topic, reason, refused }, 'refused a message on the LAN');
  };
  client.on('message', (topic, payload) => {
    if (topic === progressTopic) {
      const progress = progressOf(payload);
      if (progress !== undefined) onProgress(progress.label, progress.done);
      return;
    }
    const levels = topic.split('/');
    const machinePath = levels.slice(PATH_LEVEL, PATH_LEVEL + 3).join('/');
    const parts = parsePath(machinePath);
    if (parts === undefined || pathLevel(parts) !== 'machine') return;
    const kind = levels[PATH_LEVEL + 3];
    if (kind === undefined) {
      const message = decodeMachine(payload);
      if (typeof message === 'string') refuse(topic, message);
      else view.samples(message, now());
    } else if (kind === '_minute') {
      const message = decodeMinute(payload);
      if (typeof message === 'string') refuse(topic, message);
      else view.minute(message, now());
    } else if (kind === 'state') {
      const message = decodeState(payload);
      if (typeof message === 'string') refuse(topic, message);
      else view.state(machinePath, message);
    }
  });
  const subscribe = () =>
    client
      .subscribeAsync([machines(site), states(site), minutes(site), progressTopic], { qos: 0 })
      .catch((error: unknown) => logger.info({ reason: String(error) }, 'the broker did not take the subscription'));
  client.on('connect', () => void subscribe());
  if (client.connected) void subscribe();
}

function progressOf(payload: Buffer): { label: string; done: number } | undefined {
  try {
    const message: unknown = JSON.parse(payload.toString());
    if (typeof message !== 'object' || message === null || !('label' in message) || !('done' in message))
      return undefined;
    const { label, done } = message;
    if (typeof label !== 'string' || typeof done !== 'number' || !(done >= 0 && done <= 1)) return undefined;
    return { label: label.slice(0, 100), done };
  } catch {
    return undefined;
  }
}
