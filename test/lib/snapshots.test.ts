import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { outlineOf } from '../support/snapshot.ts';
import { ROOT } from '../support/source-tree.ts';
import { synthesizeText, testSite } from '../support/synth.ts';

const MOST_LINES = 2000;
const FILE = join(ROOT, 'test/lib/__snapshots__/snapshots.test.ts.snap');
const pilot = synthesizeText(testSite('pilot'));
const outpost = synthesizeText(testSite('outpost-gen1'));

describe('what is deployed', () => {
  test.each(pilot.stackIds)('for a pilot: %s', (stackId) => {
    expect(outlineOf(pilot.json(stackId))).toMatchSnapshot();
  });

  test.each(['OnPrem', 'Mes', 'Observability', 'PrivateNetwork'])('for a whole factory: %s', (stackId) => {
    expect(outlineOf(outpost.json(stackId))).toMatchSnapshot();
  });

  test(`can be read: at most ${MOST_LINES} lines in all`, () => {
    const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
    expect(text.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });
});

describe('an outline', () => {
  const outline = (Type: string, Properties: Readonly<Record<string, unknown>>) =>
    outlineOf({ Resources: { NormalizeFunction1A2B3C4D: { Type, Properties, DeletionPolicy: 'Retain' } } });

  test('masks hashes and versions, and names references without their hash', () => {
    expect(
      outline('AWS::Lambda::Function', {
        Code: { S3Key: 'x' },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['NormalizeRole5E6F7A8B', 'Arn'] },
        Layer: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${'0123456789abcdef'.repeat(4)}`, ':1.2.345']],
        },
      }),
    ).toBe(
      'NormalizeFunction (Lambda::Function, Retain)\n  Handler: index.handler\n  Role: @NormalizeRole.Arn\n  Layer: arn:@AWS::Partition:<hash>:<version>',
    );
  });

  test('says permissions as sentences', () => {
    const Statement = [
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:Encrypt'], Resource: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } },
      { Effect: 'Deny', Action: 's3:*', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ];
    expect(outline('AWS::IAM::Policy', { PolicyDocument: { Statement } })).toBe(
      'NormalizeFunction (IAM::Policy, Retain)\n  PolicyDocument:\n    allow kms:Decrypt kms:Encrypt on @Key.Arn\n    deny s3:* for * if {Bool: {aws:SecureTransport: false}}',
    );
  });

  test('cuts what nobody would read', () => {
    const lines = outline('AWS::IoT::TopicRule', { Sql: 'x '.repeat(500) }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(111);
  });
});
