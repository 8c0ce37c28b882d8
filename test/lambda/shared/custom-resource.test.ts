import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CustomResourceEvent,
  type CustomResourceRequest,
  type CustomResourceResult,
  customResource,
  NEVER_CREATED,
} from '../../../lambda/shared/custom-resource.ts';

/** Stands for the bucket in which CloudFormation waits for the answer. */
const answers: { body: Record<string, unknown>; contentType: string | undefined }[] = [];
const logged: unknown[] = [];
let refusals = 0;
let url = '';
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (refusals > 0) {
      refusals -= 1;
      response.writeHead(503).end();
      return;
    }
    answers.push({ body: JSON.parse(String(Buffer.concat(chunks))), contentType: request.headers['content-type'] });
    response.writeHead(200).end();
  });
});
const logger = { error: (...all: unknown[]) => logged.push(all), info: (...all: unknown[]) => logged.push(all) };
const minute = { getRemainingTimeInMillis: () => 60_000 };

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?signature=secret`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  answers.length = 0;
  logged.length = 0;
  refusals = 0;
});

const request = (parts: Partial<CustomResourceRequest> = {}): CustomResourceRequest => ({
  RequestType: 'Create',
  ResponseURL: url,
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/plantbridge-demo-Line-a/7f3a',
  RequestId: 'request-1',
  LogicalResourceId: 'Attributes',
  ResourceProperties: { assetId: 'a' },
  ...parts,
});
const call = (
  handler: (event: CustomResourceEvent) => Promise<CustomResourceResult>,
  parts: Partial<CustomResourceRequest> = {},
  context = minute,
) => customResource(handler, { logger, retryPauseMs: 1 })(request(parts), context);

describe('a custom resource', () => {
  test('answers with what was made, under the ids of the request', async () => {
    await call(async () => ({ physicalResourceId: 'settings', data: { changed: 'yes' } }));
    expect(answers.map(({ body }) => body)).toEqual([
      {
        Status: 'SUCCESS',
        PhysicalResourceId: 'settings',
        Data: { changed: 'yes' },
        StackId: request().StackId,
        RequestId: 'request-1',
        LogicalResourceId: 'Attributes',
      },
    ]);
  });

  test('sends no content type, which the signed address would refuse', async () => {
    await call(async () => ({}));
    expect(answers[0]?.contentType).toBeUndefined();
  });

  test('keeps its physical id from create to update: nothing is replaced', async () => {
    await call(async () => ({}));
    const created = answers[0]?.body.PhysicalResourceId as string;
    expect(created).toBe('7f3a:Attributes');
    await call(async () => ({}), { RequestType: 'Update', PhysicalResourceId: created });
    expect(answers[1]?.body.PhysicalResourceId).toBe(created);
  });

  test('that throws is FAILED with the reason', async () => {
    await call(async () => {
      throw Object.assign(new Error('no such asset'), { name: 'ResourceNotFoundException' });
    });
    expect(answers[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'ResourceNotFoundException: no such asset',
      PhysicalResourceId: NEVER_CREATED,
    });
  });

  test('whose update fails keeps its physical id, or the rollback would delete it', async () => {
    await call(
      async () => {
        throw new Error('denied');
      },
      { RequestType: 'Update', PhysicalResourceId: 'settings' },
    );
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'denied', PhysicalResourceId: 'settings' });
  });

  test('that was never made is deleted without the handler', async () => {
    let calls = 0;
    const handler = async () => {
      calls += 1;
      return {};
    };
    await call(handler, { RequestType: 'Delete', PhysicalResourceId: NEVER_CREATED });
    expect(calls).toBe(0);
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: NEVER_CREATED });
  });

  test('that hangs is FAILED before the time of the function is over', async () => {
    await call(() => new Promise(() => undefined), {}, { getRemainingTimeInMillis: () => 5020 });
    expect(answers[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('was not done within'),
    });
  });

  test('cuts a reason that would make the answer longer than CloudFormation takes', async () => {
    await call(async () => {
      throw new Error('x'.repeat(10_000));
    });
    expect(JSON.stringify(answers[0]?.body).length).toBeLessThan(4096);
  });

  test('tries to answer again', async () => {
    refusals = 2;
    await call(async () => ({}));
    expect(answers).toHaveLength(1);
  });

  test('throws where no answer gets through, so that Lambda calls again', async () => {
    refusals = 3;
    await expect(call(async () => ({}))).rejects.toThrow('CloudFormation did not take the answer: status 503.');
  });

  test('neither hands out nor logs the signed address', async () => {
    let seen: unknown;
    await call(async (event) => {
      seen = event;
      throw new Error('denied');
    });
    expect(JSON.stringify([seen, logged])).not.toContain('secret');
  });
});
