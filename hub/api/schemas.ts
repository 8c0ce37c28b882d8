/**
 * The shapes of contract.ts once more, as zod schemas: for the OpenAPI document and for what comes from outside.
 * test/hub/api/schemas.test.ts compares the two type by type, so that they cannot drift.
 */
import { z } from 'zod';
import { LOSS_CATEGORIES, MACHINE_STATES } from '../../core/telemetry/types.ts';
import { OEE_WINDOWS } from './contract.ts';

/** A list, read-only as in the contract. */
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601 with offset' });
const path = z.string().meta({ description: 'Path, e.g. demo/bottling/filler', examples: ['demo/bottling/filler'] });
const ratio = z.number().nullable().meta({ description: '0..1; null where it does not exist' });
const seconds = z.number().meta({ description: 'Seconds' });
const parts = z.number().meta({ description: 'Parts' });
const value = z.union([z.number(), z.string(), z.boolean()]).nullable();
const quality = z.enum(['GOOD', 'BAD', 'UNCERTAIN']);
const state = z.enum(MACHINE_STATES);
const category = z.enum(LOSS_CATEGORIES);
const period = { from: instant, to: instant };
const periodSchema = z.object(period);

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  parameter: z.string().exactOptional(),
});

export const healthResponseSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeSeconds: z.number(),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
});

const siteSummary = { id: z.string(), path, name: z.string(), timeZone: z.string() };
export const sitesResponseSchema = list(z.object(siteSummary));

const signalNodeSchema = z.object({
  path,
  id: z.string(),
  name: z.string(),
  type: z.enum(['DOUBLE', 'INTEGER', 'STRING', 'BOOLEAN']),
  unit: z.string().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
});

const machineNodeSchema = z.object({
  path,
  id: z.string(),
  name: z.string(),
  model: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  hasOee: z.boolean(),
  counted: z.boolean(),
  idealCycleSeconds: z.number().nullable(),
  stalenessSeconds: z.number(),
  products: list(z.object({ code: z.string(), name: z.string(), idealCycleSeconds: z.number() })),
  sensors: list(signalNodeSchema),
});

export const treeResponseSchema = z.object({
  ...siteSummary,
  shifts: list(z.object({ id: z.string(), name: z.string(), start: z.string(), end: z.string() })),
  lines: list(z.object({ path, id: z.string(), name: z.string(), machines: list(machineNodeSchema) })),
  demo: z.boolean(),
});

const samplePoint = z.object({ t: instant, value, quality });

export const samplesResponseSchema = z.object({
  path,
  unit: z.string().nullable(),
  before: samplePoint.nullable().meta({ description: 'The newest value at or before `from`: it holds until the next' }),
  points: list(samplePoint),
  reduced: z.boolean(),
  nextCursor: z.string().nullable(),
  gaps: list(periodSchema),
  simulated: list(periodSchema),
});

export const oeeFigureSchema = z.object({
  start: instant,
  end: instant,
  shift: z.object({ id: z.string(), name: z.string() }).exactOptional(),
  availability: ratio,
  performance: ratio,
  quality: ratio,
  oee: ratio,
  runSeconds: seconds,
  downSeconds: seconds,
  plannedSeconds: seconds,
  unknownSeconds: seconds,
  busySeconds: seconds,
  idealSeconds: seconds,
  goodSeconds: seconds,
  produced: parts,
  rejected: parts,
  producedUnattributed: parts,
  complete: z.boolean(),
  simulated: z.boolean(),
  confirmedUntil: instant.nullable(),
  partsKnown: z.boolean().meta({ description: 'False without a parts counter: only availability exists' }),
  settling: z.boolean().meta({
    description:
      'True while no machine in it has run for 10 of its ideal cycles: performance and OEE still jump with each part',
  }),
  warnings: list(z.string()),
});

export const oeeResponseSchema = z.object({
  path,
  window: z.enum(OEE_WINDOWS),
  figures: list(oeeFigureSchema),
  total: oeeFigureSchema.nullable(),
});

export const statesResponseSchema = z.object({
  ...period,
  path,
  states: list(z.object({ ...period, state, category, reason: z.string().nullable(), simulated: z.boolean() })),
});

export const lossesResponseSchema = z.object({
  ...period,
  path,
  losses: list(
    z.object({
      kind: z.enum(['downtime', 'speed', 'quality']),
      label: z.string().meta({ description: "The reason, or the state's name where none was given" }),
      state: state.nullable(),
      reason: z.string().nullable(),
      minutes: z.number(),
      parts: z.number().nullable(),
      occurrences: z.number(),
    }),
  ),
});

const liveMachineSchema = z.object({
  path,
  state,
  category,
  reason: z.string().nullable(),
  product: z.string().nullable(),
  since: instant,
  confirmedAt: instant.nullable(),
  stale: z.boolean(),
  clockSkewMs: z.number().nullable(),
  producedThisHour: z.number(),
});

export const liveSnapshotSchema = z.object({
  at: instant,
  machines: list(liveMachineSchema),
  values: list(z.object({ path, t: instant, value, quality })),
  oee: list(z.object({ path, figure: oeeFigureSchema })),
  progress: z.object({ label: z.string(), done: z.number() }).nullable(),
});

const demoAction = z.enum(['stop', 'scrap', 'wear', 'disconnect']);
export const demoActionSchema = z.strictObject({ machine: z.string().max(200), action: demoAction, on: z.boolean() });
export const demoResponseSchema = z.object({ machines: list(z.object({ path, active: list(demoAction) })) });
