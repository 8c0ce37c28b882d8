import { readFailure } from './site/beside.ts';
import { UserFault } from './user-fault.ts';

/** Where the keys are with which a program proves itself to the LAN broker, and the broker to it: PEM files. */
export interface BrokerTlsFiles {
  /** The certificate authority of the broker. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The same as text, by the names that MQTT clients give them. */
export interface BrokerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** @throws UserFault in one sentence where a file can't be read. */
export function readBrokerTls(files: BrokerTlsFiles, readText: (path: string) => string): BrokerTls {
  const read = (what: string, path: string) => {
    try {
      return readText(path);
    } catch (error) {
      throw new UserFault(`The ${what} for the LAN broker, ${path}, can't be read: ${readFailure(error)}.`);
    }
  };
  return {
    ca: read('certificate authority', files.ca),
    cert: read('client certificate', files.certificate),
    key: read('client key', files.key),
  };
}
