import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const policy = (...Statement: readonly object[]) => ({
  It: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement } } },
});
const role = (Properties: object) => ({ It: { Type: 'AWS::IAM::Role', Properties } });

describe('a policy', () => {
  test('names its actions; what it denies may be everything', () => {
    const statements = [
      ALLOW,
      { ...ALLOW, Action: ['s3:GetObject*', 's3:List*'] },
      { Effect: 'Deny', Action: '*', Resource: '*' },
    ];
    expect(foundBy('Plantbridge-Actions', policy(...statements))).toEqual([]);
  });

  test.each([
    [
      policy({ ...ALLOW, Action: '*' }),
      'PolicyDocument.Statement[0].Action must be the actions that are needed, got: "*"',
    ],
    [
      policy(ALLOW, { ...ALLOW, Action: ['s3:GetObject', 'greengrass:*'] }),
      'Statement[1].Action must be the actions that are needed, got: "greengrass:*"',
    ],
    [policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'x' }), 'NotAction must be absent from what is allowed'],
    [
      role({ Policies: [{ PolicyDocument: { Statement: [{ ...ALLOW, Action: 'iot:*' }] } }] }),
      'Policies[0].PolicyDocument.Statement[0].Action must be',
    ],
    [
      {
        It: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: { Statement: { ...ALLOW, Action: 'iot:*' } } } },
      },
      'got: "iot:*"',
    ],
  ])('that allows more is found (%#)', (template, text) => {
    expect(foundBy('Plantbridge-Actions', template)).toEqual([expect.stringContaining(text)]);
  });
});

describe('a role', () => {
  const managed = (name: string) =>
    role({
      ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]] }],
    });

  test("may have AWS's policies for one purpose, and none for everything", () => {
    expect(foundBy('Plantbridge-ManagedPolicies', managed('AWSIoTSiteWiseEdgeAccess'))).toEqual([]);
    for (const name of ['AdministratorAccess', 'AmazonS3FullAccess'])
      expect(foundBy('Plantbridge-ManagedPolicies', managed(name))).toEqual([
        expect.stringContaining(`iam::aws:policy/${name}`),
      ]);
  });
});

describe("a resource's policy", () => {
  const bucket = (statement: object) => ({
    It: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', ...statement }] } },
    },
  });

  test.each([
    bucket({ Principal: { Service: 'logging.s3.amazonaws.com' } }),
    bucket({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    bucket({ Effect: 'Deny', Principal: '*' }),
  ])('names who may (%#)', (template) => expect(foundBy('Plantbridge-Principals', template)).toEqual([]));

  test.each([bucket({ Principal: '*' }), bucket({ Principal: { AWS: ['*'] } })])(
    'lets not everyone in (%#)',
    (template) => {
      expect(foundBy('Plantbridge-Principals', template)).toEqual([
        expect.stringContaining('PolicyDocument.Statement[0].Principal must be somebody, or "*" with a condition'),
      ]);
    },
  );
});
