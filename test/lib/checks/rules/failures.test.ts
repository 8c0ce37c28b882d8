import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const STREAM = {
  EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: 10,
  DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
};
const mapping = (changes: object = {}) => ({
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...STREAM, ...changes } },
});

describe('an event source', () => {
  test('of a stream and of a queue is accepted', () => {
    expect(foundBy('Plantbridge-EventSource', mapping())).toEqual([]);
    const Properties = { EventSourceArn: 'arn:aws:sqs:r:1:q', FunctionResponseTypes: ['ReportBatchItemFailures'] };
    expect(
      foundBy('Plantbridge-EventSource', { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties } }),
    ).toEqual([]);
  });

  test.each([
    [{ DestinationConfig: undefined }, 'DestinationConfig.OnFailure must be a queue, topic or bucket, got: nothing'],
    [{ BisectBatchOnFunctionError: undefined }, 'BisectBatchOnFunctionError must be true, got: nothing'],
    [{ FunctionResponseTypes: [] }, 'FunctionResponseTypes must be ["ReportBatchItemFailures"], got: []'],
    [{ MaximumRetryAttempts: -1 }, 'MaximumRetryAttempts must be a number'],
    [
      { StartingPosition: undefined, EventSourceArn: 'arn:aws:sqs:r:1:q', FunctionResponseTypes: undefined },
      'FunctionResponseTypes must be',
    ],
  ])('loses nothing and holds nothing up (%#)', (changes, text) => {
    expect(foundBy('Plantbridge-EventSource', mapping(changes))).toEqual([expect.stringContaining(text)]);
  });
});

describe('a target', () => {
  const rule = (target: object) => ({
    Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'x', ...target }] } },
  });
  const schedule = (Target: object) => ({ Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Target } } });

  test('of a rule and of a schedule has a dead-letter queue', () => {
    expect(foundBy('Plantbridge-EventTarget', rule({ DeadLetterConfig: { Arn: 'x' } }))).toEqual([]);
    expect(foundBy('Plantbridge-EventTarget', rule({}))).toEqual([
      expect.stringContaining('Targets[0].DeadLetterConfig must be a queue, got: nothing'),
    ]);
    expect(foundBy('Plantbridge-EventTarget', schedule({ DeadLetterConfig: { Arn: 'x' } }))).toEqual([]);
    expect(foundBy('Plantbridge-EventTarget', schedule({}))).toEqual([
      expect.stringContaining('Target.DeadLetterConfig'),
    ]);
  });
});

describe('a subscription', () => {
  const subscription = (Properties: object) => ({ Subscription: { Type: 'AWS::SNS::Subscription', Properties } });

  test('has a dead-letter queue, except by e-mail', () => {
    expect(foundBy('Plantbridge-Subscription', subscription({ Protocol: 'email' }))).toEqual([]);
    expect(foundBy('Plantbridge-Subscription', subscription({ Protocol: 'sqs', RedrivePolicy: {} }))).toEqual([]);
    expect(foundBy('Plantbridge-Subscription', subscription({ Protocol: 'sqs' }))).toHaveLength(1);
  });
});

describe('a queue', () => {
  const queue = (Properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties });
  const deadLetter = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 };

  test('has a dead-letter queue or is one', () => {
    expect(foundBy('Plantbridge-DeadLetters', { Queue: queue({ RedrivePolicy: deadLetter }), Dead: queue() })).toEqual(
      [],
    );
    expect(foundBy('Plantbridge-DeadLetters', { Dead: queue(), ...mapping() })).toEqual([]);
    expect(foundBy('Plantbridge-DeadLetters', { Queue: queue() })).toEqual([
      'AWS::SQS::Queue RedrivePolicy must be a dead-letter queue, got: nothing',
    ]);
  });
});

describe('a function', () => {
  const FunctionName = { 'Fn::GetAtt': ['Function', 'Arn'] };
  const called = (Principal: string, more: object = {}) => ({
    Function: { Type: 'AWS::Lambda::Function', Properties: {} },
    Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName, Principal } },
    ...more,
  });

  test('that is called without an answer has a failure destination', () => {
    expect(foundBy('Plantbridge-DeadLetters', called('apigateway.amazonaws.com'))).toEqual([]);
    expect(foundBy('Plantbridge-DeadLetters', called('s3.amazonaws.com'))).toEqual([
      expect.stringContaining('must have a failure destination, got: none, while s3.amazonaws.com calls it'),
    ]);
    const hook = called('iot.amazonaws.com');
    const SourceArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:r:1:provisioningtemplate/gw']] };
    Object.assign(hook.Permission.Properties, { SourceArn });
    expect(foundBy('Plantbridge-DeadLetters', hook)).toEqual([]);
    expect(foundBy('Plantbridge-DeadLetters', called('iot.amazonaws.com'))).toHaveLength(1);
    const Properties = { FunctionName: { Ref: 'Function' }, DestinationConfig: { OnFailure: { Destination: 'x' } } };
    const config = { Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties } };
    expect(foundBy('Plantbridge-DeadLetters', called('s3.amazonaws.com', config))).toEqual([]);
  });
});
