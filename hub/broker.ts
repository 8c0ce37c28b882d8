import { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { BrokerTls } from '../core/broker-tls.ts';
import { UserFault } from '../core/process.ts';
import { resolveSecret, SecretError } from '../core/site/secret.ts';
import type { Site } from '../core/site/site.ts';
import type { HubLogger } from './logger.ts';

/** How to reach the broker; plain data, so that a thread can be given it. */
export interface BrokerAccess {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Keys for a broker that asks for a client certificate. */
  readonly tls?: BrokerTls;
}

/** The broker's address and the credentials that the site file names. @throws {UserFault} where a secret can't be had */
export function brokerAccess(
  site: Site,
  url: string,
  siteFile: string,
  readText: (path: string) => string,
): BrokerAccess {
  const { user, passwordFrom } = site.broker ?? {};
  try {
    return {
      url,
      ...(user !== undefined && { username: user }),
      ...(passwordFrom !== undefined && {
        password: resolveSecret(passwordFrom, { env: process.env, readText, siteFile }),
      }),
    };
  } catch (error) {
    if (error instanceof SecretError) throw new UserFault(error.message);
    throw error;
  }
}

/** Connects, and again whenever the connection is lost. */
export function connectBroker({ url, tls, ...credentials }: BrokerAccess, name: string, logger: HubLogger): MqttClient {
  const options: IClientOptions = {
    ...credentials,
    ...tls,
    reconnectPeriod: 500,
    queueQoSZero: false,
    resubscribe: false,
  };
  const client = connect(url, options);
  client.on('connect', () => {
    // Nagle's algorithm would hold a small message back until the one before it is acknowledged: up to 40 ms.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  });
  client.on('error', (error) =>
    logger.warn({ connection: name, reason: error.message }, 'the broker is not reached; tried again'),
  );
  return client;
}
