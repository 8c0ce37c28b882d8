import { z } from 'zod';
import { MACHINE_STATES } from '../telemetry/types.ts';
import { idSchema, nameSchema } from './basic-schema.ts';

/** Where a Modbus signal lies. */
export const modbusAddressSchema = z.strictObject({
  table: z
    .enum(['coil', 'discrete-input', 'holding-register', 'input-register'])
    .describe('Which of the four tables of Modbus'),
  address: z
    .int()
    .min(0)
    .max(65535)
    .describe('Zero-based protocol address: register 40001 of many manuals is holding-register 0'),
  format: z
    .enum(['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64', 'string', 'bit'])
    .default('uint16')
    .describe('How registers become a value; coils and discrete inputs are always booleans and have none'),
  wordOrder: z
    .enum(['big', 'little'])
    .default('big')
    .describe('Order of the registers of one value: most significant first (big) or last (little)'),
  byteOrder: z
    .enum(['big', 'little'])
    .default('big')
    .describe('Order of the bytes within a register; the standard says big'),
  bit: z.int().min(0).max(15).optional().describe('For format bit: 0 is the least significant bit of the register'),
  registers: z.int().min(1).max(125).optional().describe('For format string: length in registers of two characters'),
});

/** Where a signal lies in its machine's source: `node` for OPC UA, `modbus` for Modbus TCP. Exactly one. */
export const addressFields = {
  node: z
    .string()
    .min(1)
    .optional()
    .describe('OPC UA node id: ns=2;s=Filler.State or, stable over restarts of the server, nsu=http://...;s=...'),
  browsePath: z
    .string()
    .regex(
      /^(\/[^/*#+]+)+$/,
      'must be the path of browse names below the Objects folder, without wildcards, e.g. /Packer/State',
    )
    .optional()
    .describe(
      'Path of browse names below the Objects folder, e.g. /Packer/State: the SiteWise Edge collector finds nodes by it, and names their streams after it',
    ),
  modbus: modbusAddressSchema.optional().describe('Address in the Modbus TCP server'),
  intervalMs: z
    .int()
    .min(10)
    .max(3_600_000)
    .optional()
    .describe("Asked sampling or polling interval, ms. Default: the source's"),
};

/** A PLC's state word and what its codes mean. A code that the map lacks is UNKNOWN, and said so in the log. */
export const stateSignalSchema = z.strictObject({
  ...addressFields,
  map: z
    .record(z.string(), z.enum(MACHINE_STATES))
    .describe("What each code of the PLC's state word means, e.g. {1: RUNNING, 2: IDLE}; a code not named is UNKNOWN"),
});

/** Why the machine stands: a code with its text, or a string as it is. */
export const reasonSignalSchema = z.strictObject({
  ...addressFields,
  map: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('The text of each reason code; a code not named is shown as it is'),
});

/** A PLC totaliser. */
export const counterSignalSchema = z.strictObject({
  ...addressFields,
  counter: z
    .strictObject({
      modulus: z
        .number()
        .positive()
        .optional()
        .describe('The value at which the totaliser starts again at 0, e.g. 65536 or 1000000. Default: never'),
      maxRatePerSecond: z
        .number()
        .positive()
        .describe('The most parts a second that this machine can make: it tells a rollover from a reset'),
    })
    .describe('How the totaliser counts'),
  scale: z.number().positive().default(1).describe('Parts per count'),
});

/** A sensor: any further value of the machine. */
export const sensorSchema = z.strictObject({
  id: idSchema.describe('The id of the sensor, unique in the machine, e.g. bearing-temperature'),
  name: nameSchema.optional().describe('A name for people'),
  ...addressFields,
  type: z.enum(['DOUBLE', 'INTEGER', 'STRING', 'BOOLEAN']).default('DOUBLE').describe('Data type of the value'),
  unit: z.string().min(1).max(64).optional().describe('Unit as people read it, e.g. °C, mm/s, bar'),
  scale: z.number().optional().describe('value = raw x scale + offset. Default: 1'),
  offset: z.number().optional().describe('value = raw x scale + offset. Default: 0'),
  deadband: z
    .number()
    .min(0)
    .optional()
    .describe('Report a number only when it moved by more than this (in the unit). Default: every change'),
  minimum: z.number().optional().describe('Below this (in the unit) the quality is UNCERTAIN'),
  maximum: z.number().optional().describe('Above this (in the unit) the quality is UNCERTAIN'),
  sitewise: z
    .boolean()
    .default(false)
    .describe('Whether the value goes to AWS IoT SiteWise too (a paid choice); everything goes to the lake'),
});

export type ModbusAddress = z.output<typeof modbusAddressSchema>;
export type CounterSignal = z.output<typeof counterSignalSchema>;
export type SensorConfig = z.output<typeof sensorSchema>;
