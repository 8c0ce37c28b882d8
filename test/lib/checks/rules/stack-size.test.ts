import { describe, expect, test } from '@jest/globals';
import { checkedStack } from '../../../../lib/checks/plantbridge-checks.ts';
import { foundBy, stackOf } from '../../../support/rules.ts';

const topics = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Topic${index}`, { Type: 'AWS::SNS::Topic' }]));

describe('a stack', () => {
  test('may have 480 resources, and not one more: the error says which stack and what to do', () => {
    expect(foundBy('Plantbridge-StackSize', topics(480))).toEqual([]);
    expect(foundBy('Plantbridge-StackSize', stackOf(topics(481), 'site/Line-bottling'))).toEqual([
      'must have at most 480 resources, got: 481. CloudFormation takes 500 a stack: split what it is made of, e.g. a line into two lines of the site file',
    ]);
  });

  test('may have a million bytes, and not one more', () => {
    const text = JSON.stringify({ Resources: {}, Description: '' });
    const filled = (size: number) =>
      checkedStack('site/Stack', text.replace('""', JSON.stringify('x'.repeat(size - text.length))), 'aws://1/r');
    expect(foundBy('Plantbridge-StackSize', filled(1_000_000))).toEqual([]);
    expect(foundBy('Plantbridge-StackSize', filled(1_000_001))).toEqual([
      expect.stringContaining('must be a template of at most 1000000 bytes, got: 1000001'),
    ]);
  });
});
