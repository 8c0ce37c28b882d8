import { describe, expect, test } from '@jest/globals';
import { resolveSecret, SecretError } from '../../../core/site/secret.ts';

const files: Readonly<Record<string, string>> = {
  'sites/plc.txt': 'pa ss\r\n',
  '/run/secrets/plc': 'abs',
  'sites/empty': '\n',
};
const context = {
  env: { PLC: 'from-env', EMPTY: '' },
  siteFile: 'sites/plant.yaml',
  readText: (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });
    return text;
  },
};

describe('a secret', () => {
  test.each([
    ['env:PLC', 'from-env'],
    ['file:plc.txt', 'pa ss'],
    ['file:./plc.txt', 'pa ss'],
    ['file:/run/secrets/plc', 'abs'],
  ])('%s is read', (reference, secret) => expect(resolveSecret(reference, context)).toBe(secret));

  test.each([
    ['env:MISSING', 'The environment variable MISSING, which sites/plant.yaml names as a secret, is not set.'],
    ['env:EMPTY', 'is empty'],
    [
      'file:missing',
      "The secret file sites/missing, which sites/plant.yaml names, can't be read: there is no such file.",
    ],
    ['file:empty', 'The secret file sites/empty, which sites/plant.yaml names, is empty.'],
    ['secretsmanager:plc', 'only deployed gateways and hubs read'],
  ])('%s is refused in a clear sentence', (reference, message) => {
    expect(() => resolveSecret(reference, context)).toThrow(SecretError);
    expect(() => resolveSecret(reference, context)).toThrow(message);
  });

  test('that stands there literally is not repeated in the error', () => {
    expect(() => resolveSecret('hunter2', context)).toThrow(expect.not.stringContaining('hunter2'));
    try {
      resolveSecret('hunter2', context);
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });
});
