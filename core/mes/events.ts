import { z } from 'zod';
import { MACHINE_STATES } from '../telemetry/types.ts';
import {
  foreignIdSchema,
  instantSchema,
  linePathSchema,
  machinePathSchema,
  partsSchema,
  reasonCodeSchema,
} from './values.ts';

/** The source of a site's events on its bus: `plantbridge.demo`. */
export function eventSource(siteId: string): string {
  return `plantbridge.${siteId}`;
}

/**
 * What every event has. Delivery is at least once and in no order: whoever gets one keeps its id and the time it speaks of.
 */
const common = {
  eventId: z.uuid().describe('The same for each delivery of this event'),
  at: instantSchema.describe('When it happened at the plant'),
};

const ratio = z
  .number()
  .nullable()
  .describe('0..1, above 1 where the ideal cycle is wrong; null where it does not exist');
const seconds = z.number().min(0).describe('Seconds');

/** How far a production order is: on start, pause and completion, and while it runs. */
export const orderProgressSchema = z.strictObject({
  ...common,
  orderId: foreignIdSchema,
  line: linePathSchema,
  state: z.enum(['running', 'paused', 'complete']),
  targetQuantityParts: partsSchema,
  goodParts: partsSchema.describe('Good parts so far, corrections of the MES included'),
  rejectedParts: partsSchema.describe('Rejected parts so far, corrections of the MES included'),
});

/** OEE of a shift of a line or machine, at its end; again, with `revision` counted up, when it was corrected. */
export const shiftOeeSchema = z.strictObject({
  ...common,
  equipment: z.union([linePathSchema, machinePathSchema]),
  shiftId: z.string().describe('The id of the shift in the site file'),
  from: instantSchema,
  to: instantSchema,
  revision: z.int().min(0).describe('0 at first, then one more for each correction'),
  availability: ratio,
  performance: ratio,
  quality: ratio,
  oee: ratio,
  busySeconds: seconds,
  unknownSeconds: seconds.describe('Seconds of the shift that nobody confirmed: outside every figure'),
  confirmedUntil: instantSchema.nullable().describe('Until when the MES has confirmed quality; null: not at all'),
});

/** A machine went into a fault, or came out of it. */
export const machineFaultSchema = z.strictObject({
  ...common,
  machine: machinePathSchema,
  state: z.enum(MACHINE_STATES).describe('FAULT, or the state after it'),
  reasonCode: z.string().max(256).nullable().describe("The machine's own reason; null where it gives none"),
});

/** Quality became worse than is allowed, by the machine's counters or the MES. */
export const qualityAlarmSchema = z.strictObject({
  ...common,
  machine: machinePathSchema,
  orderId: foreignIdSchema.nullable().describe('The order that runs; null where none is known'),
  from: instantSchema,
  to: instantSchema,
  quality: ratio,
  rejectedParts: partsSchema,
  reasonCode: reasonCodeSchema.nullable().describe('The most frequent reason of scrap; null where none is known'),
});

/**
 * The events of a site by their detail type. They are aggregates, orders and alarms: none carries a raw value, so they leave
 * a site with `residency: aggregates` too.
 */
export const SITE_EVENTS = {
  'Order Progress': orderProgressSchema,
  'Shift OEE': shiftOeeSchema,
  'Machine Fault': machineFaultSchema,
  'Quality Alarm': qualityAlarmSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type SiteEventType = keyof typeof SITE_EVENTS;

/** The detail types of a site's events, for rules. */
export const SITE_EVENT_TYPES = Object.keys(SITE_EVENTS) as readonly SiteEventType[];
