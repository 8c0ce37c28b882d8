import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { NORMALIZE_ENVIRONMENT } from '../../../lambda/normalize/contract.ts';
import { batchOf } from '../../support/ticks.ts';

const ARRIVED_S = 1772452860.25;
const before = { ...process.env };
const folder = mkdtempSync(join(tmpdir(), 'plantbridge-normalize-'));
const stored: { path: string; body: string }[] = [];
let server: Server;
let handler: typeof import('../../../lambda/normalize/handler.ts').handler;

beforeAll(async () => {
  // One address for S3 and Firehose; the latter refuses what names the filler.
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      stored.push({ path: request.url ?? '', body });
      const rows = /"Data":"([^"]*)"/.exec(body)?.[1] ?? '';
      if (Buffer.from(rows, 'base64').toString().includes('filler')) response.statusCode = 400;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end('{"FailedPutCount":0,"RequestResponses":[]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const selection = join(folder, 'selection.json');
  const machine = { model: 'discrete-machine', gateway: 'plantbridge-demo--gateway-1' };
  const machines = { 'demo/bottling/filler': machine, 'demo/bottling/capper': machine };
  writeFileSync(selection, JSON.stringify({ signalsOfModel: {}, machines }));
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    [NORMALIZE_ENVIRONMENT.deliveryStream]: 'lake',
    [NORMALIZE_ENVIRONMENT.deadLetterBucket]: 'dead-letters',
    [NORMALIZE_ENVIRONMENT.siteWiseSelection]: selection,
    [NORMALIZE_ENVIRONMENT.siteId]: 'demo',
    [NORMALIZE_ENVIRONMENT.residency]: 'full',
  });
  ({ handler } = await import('../../../lambda/normalize/handler.ts'));
});

afterAll(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function record(sequenceNumber: string, payload: string): KinesisStreamRecord {
  return {
    eventID: `shardId-0:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/live',
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/normalize',
    awsRegion: 'eu-central-1',
    kinesis: {
      approximateArrivalTimestamp: ARRIVED_S,
      data: Buffer.from(payload).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: 'plantbridge-demo--gateway-1',
      sequenceNumber,
    },
  };
}

test('hands back the records that failed for now, and only those', async () => {
  const batch = (machine: string) =>
    JSON.stringify(
      batchOf([{ path: `demo/bottling/${machine}/vibration`, timeMs: 1772452860000, value: 1, quality: 'GOOD' }]),
    );
  const event: KinesisStreamEvent = {
    Records: [record('1', batch('capper')), record('2', batch('filler')), record('3', 'not JSON')],
  };
  expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  const rows = stored.flatMap(({ body }) => /"Data":"([^"]*)"/.exec(body)?.[1] ?? []);
  expect(rows.map((row) => JSON.parse(Buffer.from(row, 'base64').toString()))).toContainEqual({
    path: 'demo/bottling/capper/vibration',
    ts: 1772452860000,
    dt: '2026-03-02',
    quality: 'GOOD',
    value_double: 1,
    value_string: null,
    ingested_at: 1772452860250,
  });
  const letter = stored.find(({ path }) => path.startsWith('/dead-letters/normalize/'));
  expect(letter?.path).toMatch(/\/plantbridge-demo--gateway-1\/3\.json/);
  expect(letter?.body).toContain('The message is not JSON in UTF-8.');
});

test('fails whole batches by their numbers too, without an exception', async () => {
  const filler = JSON.stringify(
    batchOf([{ path: 'demo/bottling/filler/vibration', timeMs: 1772452860000, value: 1, quality: 'GOOD' }]),
  );
  expect(await handler({ Records: [record('9', filler)] })).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] });
});
