import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { downtimeReasonSchema } from '../../../core/mes/downtime.ts';
import { SITE_EVENT_TYPES, SITE_EVENTS } from '../../../core/mes/events.ts';
import { maintenanceWindowSchema } from '../../../core/mes/maintenance.ts';
import { orderActionSchema, orderSchema } from '../../../core/mes/orders.ts';
import { bodyProblem } from '../../../core/mes/problem.ts';
import { MOST_SCRAP_REASONS, qualityResultSchema } from '../../../core/mes/quality.ts';
import { isOfSite, MOST_BODY_BYTES } from '../../../core/mes/values.ts';

const ORDER = {
  line: 'demo/bottling',
  product: { id: 'P-1', code: 7 },
  targetQuantityParts: 12_000,
  idealCycleSeconds: 0.5,
  plannedStart: '2026-11-22T06:00:00+01:00',
  plannedEnd: '2026-11-22T14:00:00+01:00',
};
const PERIOD = { kind: 'period', from: '2026-11-22T06:00:00+01:00', to: '2026-11-22T14:00:00+01:00' };
const QUALITY = {
  resultId: 'QR-1',
  machine: 'demo/bottling/filler',
  covers: PERIOD,
  goodParts: 990,
  scrap: [{ reasonCode: 'underfilled', parts: 10 }],
  decidedAt: '2026-11-22T15:00:00Z',
};
const DOWNTIME = {
  reportId: 'D-1',
  machine: 'demo/bottling/filler',
  from: '2026-11-22T06:00:00Z',
  reasonCode: 'no-material',
};
const WINDOW = { equipment: 'demo/bottling', from: '2026-11-22T06:00:00Z', to: '2026-11-22T08:00:00Z' };

/** What is wrong, as the API says it: `field detail`. */
function faults(schema: z.ZodType, body: unknown): string[] {
  const { error } = schema.safeParse(body);
  return error === undefined
    ? []
    : (bodyProblem(error, body).errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('bodies of the MES API', () => {
  test.each([
    ['order', orderSchema, ORDER],
    [
      'order with nothing but what it needs',
      orderSchema,
      { line: 'a/b', product: { id: '1' }, targetQuantityParts: 1 },
    ],
    ['action', orderActionSchema, { action: 'start', at: '2026-11-22T06:00:00.123Z' }],
    ['quality of a period', qualityResultSchema, QUALITY],
    ['quality of a lot', qualityResultSchema, { ...QUALITY, covers: { kind: 'lot', lotId: 'L-1' } }],
    ['correction', qualityResultSchema, { ...QUALITY, resultId: 'QR-2', correctsResultId: 'QR-1', goodParts: 0 }],
    ['downtime reason', downtimeReasonSchema, DOWNTIME],
    ['maintenance of a line', maintenanceWindowSchema, WINDOW],
    ['maintenance of a machine', maintenanceWindowSchema, { ...WINDOW, equipment: 'demo/bottling/filler' }],
  ])('take %s', (_, schema, body) => {
    expect(faults(schema, body)).toEqual([]);
  });

  const instant = 'must be an ISO 8601 time with offset, e.g. 2026-11-22T06:00:00+01:00';
  test.each<[string, z.ZodType, unknown, string[]]>([
    ['a body that is none', orderSchema, null, ['# must be an object']],
    ['a field by a wrong name', orderSchema, { ...ORDER, quantity: 5 }, ['#/quantity is not a field of this request']],
    [
      'an order for no parts',
      orderSchema,
      { ...ORDER, targetQuantityParts: 0 },
      ['#/targetQuantityParts must be at least 1'],
    ],
    ['half a part', orderSchema, { ...ORDER, targetQuantityParts: 0.5 }, ['#/targetQuantityParts must be an integer']],
    ['parts as text', orderSchema, { ...ORDER, targetQuantityParts: '5' }, ['#/targetQuantityParts must be a number']],
    [
      'a cycle of no time',
      orderSchema,
      { ...ORDER, idealCycleSeconds: 0 },
      ['#/idealCycleSeconds must be greater than 0'],
    ],
    [
      'a cycle of more than a day',
      orderSchema,
      { ...ORDER, idealCycleSeconds: 86_401 },
      ['#/idealCycleSeconds must be at most 86400'],
    ],
    [
      'a product code that is neither text nor number',
      orderSchema,
      { ...ORDER, product: { id: '1', code: true } },
      ['#/product/code must be a string or a number'],
    ],
    [
      'a path of a machine for a line',
      orderSchema,
      { ...ORDER, line: 'demo/bottling/filler' },
      ['#/line must be the path of a line, as <site>/<line>, e.g. demo/bottling'],
    ],
    [
      'an order that ends before it starts',
      orderSchema,
      { ...ORDER, plannedEnd: ORDER.plannedStart },
      ['#/plannedEnd must be after plannedStart'],
    ],
    [
      'a time without offset',
      orderSchema,
      { ...ORDER, plannedStart: '2026-11-22T06:00:00' },
      [`#/plannedStart ${instant}`],
    ],
    ['February 30', orderActionSchema, { action: 'start', at: '2026-02-30T06:00:00Z' }, [`#/at ${instant}`]],
    [
      'a time of 1970',
      orderActionSchema,
      { action: 'start', at: '1970-01-01T06:00:00Z' },
      ['#/at must be between 2000 and 2090'],
    ],
    [
      'an action that is none',
      orderActionSchema,
      { action: 'stop', at: '2026-11-22T06:00:00Z' },
      ['#/action must be start or pause or complete'],
    ],
    [
      'no action',
      orderActionSchema,
      { at: '2026-11-22T06:00:00Z' },
      ['#/action is missing; it must be start or pause or complete'],
    ],
    ['quality of nothing', qualityResultSchema, { ...QUALITY, covers: undefined }, ['#/covers is missing']],
    [
      'a period that is none',
      qualityResultSchema,
      { ...QUALITY, covers: { ...PERIOD, to: PERIOD.from } },
      ['#/covers/to must be after from'],
    ],
    [
      'a result that corrects itself',
      qualityResultSchema,
      { ...QUALITY, correctsResultId: 'QR-1' },
      ['#/correctsResultId must be another result than this one'],
    ],
    [
      'a reason twice',
      qualityResultSchema,
      { ...QUALITY, scrap: [...QUALITY.scrap, ...QUALITY.scrap] },
      ['#/scrap/1/reasonCode is given twice; add the parts up'],
    ],
    [
      'scrap of no parts',
      qualityResultSchema,
      { ...QUALITY, scrap: [{ reasonCode: 'a', parts: 0 }] },
      ['#/scrap/0/parts must be at least 1'],
    ],
    [
      'a name of a person',
      downtimeReasonSchema,
      { ...DOWNTIME, operator: 'Mrs Example' },
      ['#/operator is not a field of this request'],
    ],
    [
      'a reason that ends before it begins',
      downtimeReasonSchema,
      { ...DOWNTIME, to: DOWNTIME.from },
      ['#/to must be after from'],
    ],
    [
      'an id with a slash',
      downtimeReasonSchema,
      { ...DOWNTIME, reportId: 'a/b' },
      ['#/reportId must be letters, digits, ".", "_", "~" and "-", 64 at most, starting with a letter or digit'],
    ],
    [
      'maintenance of a whole site',
      maintenanceWindowSchema,
      { ...WINDOW, equipment: 'demo' },
      ['#/equipment must be the path of a line or machine, e.g. demo/bottling or demo/bottling/filler'],
    ],
    [
      'maintenance that ends before it begins',
      maintenanceWindowSchema,
      { ...WINDOW, to: '2026-11-22T05:00:00Z' },
      ['#/to must be after from'],
    ],
  ])('refuse %s', (_, schema, body, said) => {
    expect(faults(schema, body)).toEqual(said);
  });

  test('have defaults that say nothing new', () => {
    expect(maintenanceWindowSchema.parse(WINDOW).status).toBe('planned');
    expect(qualityResultSchema.parse({ ...QUALITY, scrap: undefined }).scrap).toEqual([]);
  });

  test('name a field with a slash in it as RFC 6901 has it', () => {
    expect(faults(orderSchema, { ...ORDER, 'a/b~c': 1 })).toEqual(['#/a~1b~0c is not a field of this request']);
  });

  test('the longest of them passes the firewall', () => {
    const id = (n: number) => `${n}`.padEnd(64, 'x');
    const longest = {
      ...QUALITY,
      resultId: id(1),
      correctsResultId: id(2),
      // The longest paths: three ids of 48 characters.
      machine: [1, 2, 3].map(() => 'm'.repeat(48)).join('/'),
      scrap: Array.from({ length: MOST_SCRAP_REASONS }, (_, n) => ({ reasonCode: id(n), parts: 1_000_000_000 })),
      note: '�'.repeat(500),
    };
    expect(faults(qualityResultSchema, longest)).toEqual([]);
    // As a program writes it that escapes everything beyond ASCII.
    const escaped = JSON.stringify(longest).replaceAll('�', '\\ufffd');
    expect(escaped.length).toBeLessThan(MOST_BODY_BYTES);
  });
});

describe('paths', () => {
  test('are of one site alone', () => {
    expect(['demo/bottling', 'demo/bottling/filler'].every((path) => isOfSite(path, 'demo'))).toBe(true);
    expect(['demo', 'demo-2/bottling', 'other/demo', 'demo/', ''].some((path) => isOfSite(path, 'demo'))).toBe(false);
  });
});

describe("a site's events", () => {
  test('are aggregates, orders and alarms by name, each with an id', () => {
    expect(SITE_EVENT_TYPES).toEqual(['Order Progress', 'Shift OEE', 'Machine Fault', 'Quality Alarm']);
    for (const schema of Object.values(SITE_EVENTS)) expect(Object.keys(schema.shape)).toContain('eventId');
  });

  test('take no field that their contract does not name', () => {
    const event = {
      eventId: '0b1f8d0e-3f6c-4b7e-9d53-0a4f0e6f1c11',
      at: '2026-11-22T14:00:00+01:00',
      machine: 'demo/bottling/filler',
      state: 'FAULT',
      reasonCode: null,
    };
    const schema = SITE_EVENTS['Machine Fault'];
    expect(schema.safeParse(event).success).toBe(true);
    expect(schema.safeParse({ ...event, bearingTemperature: 91.5 }).success).toBe(false);
  });
});
