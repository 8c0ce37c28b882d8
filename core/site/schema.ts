import { z } from 'zod';
import { ID_MAX_LENGTH, ID_PATTERN } from '../path.ts';
import { LOSS_CATEGORIES, MACHINE_STATES } from '../telemetry/types.ts';
import { sourceSchema } from './source-schema.ts';

/** An id: lower-case kebab, unique among its siblings, part of every path and so never changed later. */
export const idSchema = z
  .string()
  .max(ID_MAX_LENGTH)
  .regex(ID_PATTERN, 'must be lower-case letters, digits and single hyphens, starting with a letter, e.g. "filler-1"');

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in the site\'s time zone, e.g. "06:00"');
const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** A shift; one that ends at or before its start ends on the next day, and belongs to the day on which it starts. */
export const shiftSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).optional(),
  start: timeOfDay,
  end: timeOfDay,
  /** @default every day */
  days: z.array(weekday).min(1).optional(),
  breaks: z.array(z.strictObject({ start: timeOfDay, end: timeOfDay, name: z.string().min(1).optional() })).default([]),
});

/** Where a Modbus signal lies. */
export const modbusAddressSchema = z.strictObject({
  table: z.enum(['coil', 'discrete-input', 'holding-register', 'input-register']),
  /** Zero-based protocol address: register 40001 of many manuals is holding-register 0. */
  address: z.int().min(0).max(65535),
  /** How registers become a value; coils and discrete inputs are always booleans. @default uint16 */
  format: z
    .enum(['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64', 'string', 'bit'])
    .default('uint16'),
  /** Order of the registers of one value: most significant first (big) or last (little). @default big */
  wordOrder: z.enum(['big', 'little']).default('big'),
  /** Order of the bytes within a register. The standard says big. @default big */
  byteOrder: z.enum(['big', 'little']).default('big'),
  /** For `bit`: 0 is the least significant bit. */
  bit: z.int().min(0).max(15).optional(),
  /** For `string`: length in registers of two characters. */
  registers: z.int().min(1).max(125).optional(),
});

/** Where a signal lies in its machine's source: `node` for OPC UA, `modbus` for Modbus TCP. Exactly one. */
const addressFields = {
  /** OPC UA node id, e.g. `ns=2;s=Filler.State` or, stable over restarts of the server, `nsu=http://...;s=...`. */
  node: z.string().min(3).optional(),
  modbus: modbusAddressSchema.optional(),
  /** Asked sampling or polling interval in ms. @default the source's */
  intervalMs: z.int().min(10).max(3_600_000).optional(),
};

/** A PLC's state word and what its codes mean. A code that the map lacks is UNKNOWN, and said so in the log. */
export const stateSignalSchema = z.strictObject({
  ...addressFields,
  map: z.record(z.string(), z.enum(MACHINE_STATES)),
});

/** Why the machine stands: a code with its text, or a string as it is. */
export const reasonSignalSchema = z.strictObject({
  ...addressFields,
  map: z.record(z.string(), z.string().min(1)).default({}),
});

/** A PLC totaliser. */
export const counterSignalSchema = z.strictObject({
  ...addressFields,
  counter: z.strictObject({
    /** The value at which the totaliser starts again at 0, e.g. 65536, or 1000000 for a decimal counter. Left out: it never rolls over. */
    modulus: z.number().positive().optional(),
    /** The most parts a second that this machine can make: tells a rollover from a reset. */
    maxRatePerSecond: z.number().positive(),
  }),
  /** Parts per count. @default 1 */
  scale: z.number().positive().default(1),
});

/** A sensor: any further value of the machine. */
export const sensorSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).optional(),
  ...addressFields,
  type: z.enum(['DOUBLE', 'INTEGER', 'STRING', 'BOOLEAN']).default('DOUBLE'),
  /** As people read it, e.g. `°C`, `mm/s`, `bar`. */
  unit: z.string().min(1).optional(),
  /** value = raw x scale + offset. @default 1 and 0 */
  scale: z.number().optional(),
  offset: z.number().optional(),
  /** Report a number only when it moved by more than this (engineering units) since the last report. @default every change */
  deadband: z.number().min(0).optional(),
  /** Outside of [minimum, maximum] (engineering units) the quality is UNCERTAIN. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** Whether the value goes to AWS IoT SiteWise too (a paid choice); everything goes to the lake. @default false */
  sitewise: z.boolean().default(false),
});

/** A product, by the code that the machine's `product` signal shows. */
export const productSchema = z.strictObject({
  code: z.union([z.string(), z.number()]),
  name: z.string().min(1).optional(),
  idealCycleSeconds: z.number().positive(),
});

/** A local rule, decided on the hub from the LAN copy within milliseconds. */
export const ruleSchema = z.strictObject({
  id: idSchema,
  /** A formula over the machine's signals; ids with `_` for `-`: `bearing_temperature > 80 and state == "RUNNING"`. */
  when: z.string().min(1),
  do: z.strictObject({
    command: idSchema,
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
    /** How long the command may still be executed. @default 10 */
    expiresSeconds: z.number().positive().default(10),
  }),
});

/** A machine: an ISA-95 work unit. Without `state` it has values but no OEE. */
export const machineSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).optional(),
  /** The asset model in assets/asset-models. @default discrete-machine */
  model: idSchema.default('discrete-machine'),
  source: idSchema,
  /** Ideal cycle of one part where no product says otherwise, seconds [ISO 22400 planned run time per item]. */
  idealCycleSeconds: z.number().positive().optional(),
  products: z.array(productSchema).default([]),
  /** How long nothing confirmed may still count, seconds. @default the site's */
  stalenessSeconds: z.number().positive().max(60).optional(),
  /** Overrides of the states' loss categories, e.g. `IDLE: planned`. */
  lossCategories: z.partialRecord(z.enum(MACHINE_STATES), z.enum(LOSS_CATEGORIES)).default({}),
  state: stateSignalSchema.optional(),
  reason: reasonSignalSchema.optional(),
  product: z.strictObject(addressFields).optional(),
  produced: counterSignalSchema.optional(),
  rejected: counterSignalSchema.optional(),
  sensors: z.array(sensorSchema).default([]),
  /** Further sensors from a CSV file beside the site file. */
  signals: z.strictObject({ csv: z.string().min(1) }).optional(),
  rules: z.array(ruleSchema).default([]),
});

/** A production line. */
export const lineSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).optional(),
  oee: z
    .strictObject({
      /** Ids of the machines that make the line's figure: all (default), or only the bottleneck. */
      counted: z.array(idSchema).min(1).optional(),
    })
    .default({}),
  machines: z.array(machineSchema).min(1),
});

/** The site file, as YAML. Every object is strict: a misspelt key is a fault. */
export const siteSchema = z.strictObject({
  version: z.literal(1),
  id: idSchema,
  name: z.string().min(1).optional(),
  /** IANA time zone of shifts and days, e.g. `Europe/Berlin`. */
  timeZone: z.string().min(1),
  phase: z.enum(['pilot', 'production', 'rollout', 'analytics']).default('pilot'),
  residency: z.enum(['full', 'aggregates']).default('full'),
  /** How long nothing confirmed may still count, seconds. @default 10 */
  stalenessSeconds: z.number().positive().max(60).default(10),
  shifts: z.array(shiftSchema).default([]),
  hub: z
    .strictObject({
      /** PostgreSQL connection string of the historian; left out: PGlite in the data folder. */
      historianFrom: z.string().min(1).optional(),
      /** @default 400 */
      retentionDays: z.number().positive().default(400),
    })
    .prefault({}),
  /** An MQTT broker on the LAN; left out: one in process on loopback. */
  broker: z
    .strictObject({ url: z.string().min(1), user: z.string().optional(), passwordFrom: z.string().optional() })
    .optional(),
  outpost: z
    .strictObject({
      arn: z.string().min(1),
      availabilityZone: z.string().min(1),
      generation: z.union([z.literal(1), z.literal(2)]),
    })
    .optional(),
  gateways: z.array(z.strictObject({ id: idSchema, name: z.string().min(1).optional() })).min(1),
  sources: z.array(sourceSchema).min(1),
  lines: z.array(lineSchema).min(1),
  /** How `npm start` simulates the machines; `plant run` and deployments ignore it. */
  simulation: z
    .strictObject({
      seed: z.int().default(1),
      machines: z.record(
        z.string(),
        z.strictObject({
          /** The kind of machine that the simulator plays. */
          kind: z.enum(['bottling', 'machining', 'packaging', 'robot']),
          /** How well it runs, 0..1. @default 0.85 */
          reliability: z.number().min(0).max(1).default(0.85),
          /** Share of rejected parts, 0..1. @default 0.02 */
          rejectShare: z.number().min(0).max(1).default(0.02),
        }),
      ),
    })
    .optional(),
});

export type SiteFile = z.output<typeof siteSchema>;
export type ShiftConfig = z.output<typeof shiftSchema>;
export type ModbusAddress = z.output<typeof modbusAddressSchema>;
export type CounterSignal = z.output<typeof counterSignalSchema>;
export type SensorConfig = z.output<typeof sensorSchema>;
export type RuleConfig = z.output<typeof ruleSchema>;
export type LineFile = z.output<typeof lineSchema>;
export type MachineFile = z.output<typeof machineSchema>;
