import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const QUEUE = { Sqs: { QueueUrl: 'x', RoleArn: 'x' } };
const value = (changes: object = {}) => ({
  // biome formats what follows as one entry of the action.
  IotSiteWise: {
    RoleArn: 'x',
    PutAssetPropertyValueEntries: [
      {
        PropertyAlias: '/a',
        PropertyValues: [
          {
            Value: { DoubleValue: '$' + '{v}' },
            Timestamp: { TimeInSeconds: '$' + '{floor(t / 1E3)}' },
            Quality: 'GOOD',
            ...changes,
          },
        ],
      },
    ],
  },
});
const rule = (changes: object = {}, name = 'demo_live') => ({
  Rule: {
    Type: 'AWS::IoT::TopicRule',
    Properties: {
      RuleName: name,
      TopicRulePayload: {
        Sql: "SELECT * FROM '$aws/rules/demo_live/a/b/c/d'",
        Actions: [QUEUE],
        ErrorAction: QUEUE,
        ...changes,
      },
    },
  },
});

describe('an IoT rule', () => {
  test('is accepted with a name, actions and an error action', () => {
    expect(foundBy('Plantbridge-TopicRule', rule())).toEqual([]);
    expect(foundBy('Plantbridge-SiteWiseAction', rule({ Actions: [value()] }))).toEqual([]);
  });

  test.each([
    [rule({}, 'demo-live'), 'RuleName must be letters, digits and "_", 128 at most, got: "demo-live"'],
    [rule({ Actions: [] }), 'Actions must be 1 to 10 actions, got: 0'],
    [rule({ Actions: Array(11).fill(QUEUE) }), 'Actions must be 1 to 10 actions, got: 11'],
    [rule({ ErrorAction: undefined }), 'ErrorAction must be an action for what failed, got: nothing'],
    [rule({ Sql: "SELECT * FROM 'a/b/c/d/e/f/g/h/i'" }), 'Sql must be a topic of at most seven slashes'],
  ])('is refused (%#)', (template, text) => {
    expect(foundBy('Plantbridge-TopicRule', template)).toEqual([expect.stringContaining(text)]);
  });

  test.each([
    [value({ Value: { DoubleValue: 1 } }), 'Value.DoubleValue must be a string or a template of the rule, got: 1'],
    [value({ Value: {} }), 'Value must be one value, got: {}'],
    [value({ Timestamp: {} }), "Timestamp.TimeInSeconds must be the payload's own seconds, got: nothing"],
    [
      value({ Timestamp: { TimeInSeconds: 'floor(timestamp() / 1E3)' } }),
      "Timestamp.TimeInSeconds must be the payload's own time",
    ],
  ])('sends SiteWise only what it takes (%#)', (action, text) => {
    expect(foundBy('Plantbridge-SiteWiseAction', rule({ Actions: [action] }))).toEqual([expect.stringContaining(text)]);
  });
});

describe('an IoT policy', () => {
  const policy = (client: string) => ({
    Policy: {
      Type: 'AWS::IoT::Policy',
      Properties: {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'iot:Connect', Resource: `arn:aws:iot:eu-central-1:1:client/${client}` },
          ],
        },
      },
    },
  });

  test.each(['gw-1', 'gw-1#*', 'gw-1/*'])('lets %s in', (client) =>
    expect(foundBy('Plantbridge-ClientIds', policy(client))).toEqual([]),
  );

  test('refuses gw-1*, which is also gw-10', () => {
    expect(foundBy('Plantbridge-ClientIds', policy('gw-1*'))).toEqual([
      expect.stringContaining(
        'must be client ids like client/NAME and client/NAME#*, got: "arn:aws:iot:eu-central-1:1:client/gw-1*"',
      ),
    ]);
  });
});
