import { stripVTControlCharacters } from 'node:util';
import { ClientSubscription, setDebugLogger, setErrorLogger, setWarningLogger } from 'node-opcua-client';
import type { AdapterLogger } from '../supervised.ts';

/**
 * Tames what node-opcua does for the whole process: its messages, which it writes to stderr in several coloured lines,
 * become debug lines of our log (what a person has to know comes as a SourceError).
 */
export function setUpLibrary(logger: AdapterLogger): void {
  const log = (...parts: unknown[]) => {
    const text = stripVTControlCharacters(parts.map(String).join(' ')).replaceAll(/\s+/g, ' ');
    logger.debug({ library: 'node-opcua' }, text.slice(0, 500));
  };
  setErrorLogger(log);
  setWarningLogger(log);
  setDebugLogger(log);
  // A server that revises the session timeout down makes the library throw inside a callback, where nobody can catch it,
  // unless this flag is set; it clears the flag after each subscription. Our own watchdog covers what it warns of.
  Object.defineProperty(ClientSubscription, 'ignoreNextWarning', {
    get: () => true,
    set: () => undefined,
    configurable: true,
  });
}
