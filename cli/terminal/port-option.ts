import { InvalidArgumentError } from 'commander';

/** Parses a port for commander; 0 means any free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535 (0: any free one).');
  }
  return port;
}
