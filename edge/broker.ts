import { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';

/** Connects to the LAN broker, and again whenever the connection is lost. */
export function connectBroker(url: string, options: IClientOptions, logger: Pick<Logger, 'warn'>): MqttClient {
  const client = connect(url, { reconnectPeriod: 500, ...options });
  client.on('connect', () => {
    // Nagle's algorithm would hold a small message back until the one before it is acknowledged: up to 40 ms.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  });
  client.on('error', (error) => logger.warn({ reason: error.message }, 'the broker is not reached; tried again'));
  return client;
}
