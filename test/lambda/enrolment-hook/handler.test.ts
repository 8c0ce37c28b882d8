import { ConditionalCheckFailedException, type UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import {
  CLAIM_LIFETIME_SECONDS,
  type EnrolmentRequest,
  joinedSerialNumbers,
  splitSerialNumbers,
} from '../../../lambda/enrolment-hook/contract.ts';
import { DynamoDbRegister } from '../../../lambda/enrolment-hook/dynamodb-register.ts';
import { enrolmentHook } from '../../../lambda/enrolment-hook/handler.ts';

interface Item {
  readonly claim: string;
  readonly certificate: string;
  readonly usedAtSeconds: number;
}

/** DynamoDB as far as the register uses it: it evaluates the very condition that the register sends. */
class FakeTable {
  readonly items = new Map<string, Item>();
  failure: Error | undefined;

  readonly send = async (command: unknown): Promise<never> => {
    if (this.failure !== undefined) throw this.failure;
    const { input } = command as UpdateItemCommand;
    expect(input.TableName).toBe('used');
    expect(input.ConditionExpression).toBe(
      'attribute_not_exists(serialNumber) OR (claimCertificateId = :claim AND usedAtSeconds >= :retrySince)',
    );
    expect(input.UpdateExpression).toContain('usedAtSeconds = if_not_exists(usedAtSeconds, :now)');
    const values = input.ExpressionAttributeValues ?? {};
    const serialNumber = input.Key?.serialNumber?.S ?? '';
    const claim = values[':claim']?.S ?? '';
    const before = this.items.get(serialNumber);
    if (before !== undefined && !(before.claim === claim && before.usedAtSeconds >= Number(values[':retrySince']?.N)))
      throw new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
    this.items.set(serialNumber, {
      claim,
      certificate: values[':certificate']?.S ?? '',
      usedAtSeconds: before?.usedAtSeconds ?? Number(values[':now']?.N),
    });
    return {} as never;
  };
}

function setUp() {
  const table = new FakeTable();
  const clock = { seconds: 1_000_000 };
  const log: string[] = [];
  const write =
    (level: string) =>
    (message: unknown, ...extra: unknown[]) => {
      log.push(`${level} ${String(message)} ${JSON.stringify(extra)}`);
    };
  const hook = enrolmentHook({
    serialNumbers: ['PB-0001', 'PB-0002'],
    register: new DynamoDbRegister(table, 'used'),
    nowSeconds: () => clock.seconds,
    logger: { info: write('info'), warn: write('warn') },
  });
  return { hook, table, clock, log };
}

function request(serialNumber: string | undefined, more: Partial<EnrolmentRequest> = {}): EnrolmentRequest {
  return {
    claimCertificateId: 'claim-1',
    certificateId: 'certificate-1',
    templateArn: 'arn:aws:iot:eu-central-1:123456789012:provisioningtemplate/plantbridge-demo--gateway-1',
    clientId: 'client',
    parameters: serialNumber === undefined ? {} : { SerialNumber: serialNumber },
    ...more,
  };
}

test('a listed serial number enrols, and what was used is kept', async () => {
  const { hook, table, log } = setUp();
  expect(await hook(request('PB-0001'))).toEqual({ allowProvisioning: true });
  expect(table.items.get('PB-0001')).toEqual({
    claim: 'claim-1',
    certificate: 'certificate-1',
    usedAtSeconds: 1_000_000,
  });
  expect(log[0]).toContain('info The serial number is listed and unused.');
});

test('each serial number enrols once: another claim is refused, and the log says why', async () => {
  const { hook, clock, log } = setUp();
  await hook(request('PB-0001'));
  clock.seconds += 1;
  expect(await hook(request('PB-0001', { claimCertificateId: 'claim-2' }))).toEqual({ allowProvisioning: false });
  expect(log[1]).toContain('warn Refused: The serial number was used before');
  expect(await hook(request('PB-0002', { claimCertificateId: 'claim-2' }))).toEqual({ allowProvisioning: true });
});

test('the same claim may repeat after a failed registration, but not longer than it lives', async () => {
  const { hook, clock } = setUp();
  await hook(request('PB-0001'));
  clock.seconds += CLAIM_LIFETIME_SECONDS;
  expect(await hook(request('PB-0001', { certificateId: 'certificate-2' }))).toEqual({ allowProvisioning: true });
  // Counted from the first use: repeating does not lengthen it.
  clock.seconds += 1;
  expect(await hook(request('PB-0001', { certificateId: 'certificate-3' }))).toEqual({ allowProvisioning: false });
});

test.each([
  ['a number that is not listed', 'PB-9999', 'not among'],
  ['a part of a listed one', 'PB-000', 'not among'],
  ['two listed ones joined', 'PB-0001,PB-0002', 'not among'],
  ['an empty one', '', 'names no serial number'],
  ['none', undefined, 'names no serial number'],
])('refuses %s without writing it to the table', async (_what, serialNumber, reason) => {
  const { hook, table, log } = setUp();
  expect(await hook(request(serialNumber))).toEqual({ allowProvisioning: false });
  expect(log[0]).toContain(reason);
  expect(table.items.size).toBe(0);
});

test('fails where the table can not be reached, so that nothing is provisioned', async () => {
  const { hook, table } = setUp();
  table.failure = new Error('no connection');
  await expect(hook(request('PB-0001'))).rejects.toThrow('no connection');
});

test('the log names a mistyped number, but not any text that a stranger sends', async () => {
  const { hook, log } = setUp();
  await hook(request('PB-00O1'));
  await hook(request('x\nFATAL forged line'));
  expect(log[0]).toContain('"serialNumber":"PB-00O1"');
  expect(log[1]).not.toContain('forged');
});

test('logs no certificate', async () => {
  const { hook, log } = setUp();
  await hook({ ...request('PB-0001'), certificatePem: '-----BEGIN CERTIFICATE-----' } as EnrolmentRequest);
  expect(log.join()).not.toContain('BEGIN CERTIFICATE');
});

test('the environment variable holds the list, and nobody where it is empty', () => {
  expect(splitSerialNumbers(joinedSerialNumbers(['PB-0001', 'PB-0002']))).toEqual(['PB-0001', 'PB-0002']);
  expect(splitSerialNumbers(joinedSerialNumbers([]))).toEqual([]);
});
