import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const GOOD = {
  Runtime: 'nodejs24.x',
  Architectures: ['arm64'],
  TracingConfig: { Mode: 'Active' },
  LoggingConfig: { LogGroup: { Ref: 'Logs' } },
  Description: 'Normalizes batches',
};
const fn = (changes: object = {}) => ({ It: { Type: 'AWS::Lambda::Function', Properties: { ...GOOD, ...changes } } });

describe('a function', () => {
  test('runs on arm64 and Node 24, is traced, and logs into a group of the stack', () => {
    expect(foundBy('Plantbridge-Function', fn())).toEqual([]);
  });

  test.each([
    [{ Runtime: 'nodejs20.x' }, 'Runtime must be "nodejs24.x", got: "nodejs20.x"'],
    [{ Architectures: undefined }, 'Architectures must be ["arm64"], got: nothing'],
    [{ TracingConfig: { Mode: 'PassThrough' } }, 'TracingConfig.Mode must be "Active", got: "PassThrough"'],
    [{ LoggingConfig: undefined }, 'LoggingConfig.LogGroup must be a log group of the stack, got: nothing'],
    [{ Description: undefined }, 'Description must be what it is for, got: nothing'],
  ])('is found with %j', (changes, text) => {
    expect(foundBy('Plantbridge-Function', fn(changes))).toEqual([expect.stringContaining(text)]);
  });
});

describe('a log group', () => {
  const logs = (Properties: object) => ({ It: { Type: 'AWS::Logs::LogGroup', Properties } });

  test('ends its logs', () => {
    expect(foundBy('Plantbridge-LogRetention', logs({ RetentionInDays: 90 }))).toEqual([]);
    expect(foundBy('Plantbridge-LogRetention', logs({}))).toEqual([
      expect.stringContaining('RetentionInDays must be a number of days, got: nothing'),
    ]);
  });
});
