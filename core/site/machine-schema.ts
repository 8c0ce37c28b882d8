import { z } from 'zod';
import { LOSS_CATEGORIES, MACHINE_STATES } from '../telemetry/types.ts';
import { idSchema, nameSchema } from './basic-schema.ts';
import {
  addressFields,
  counterSignalSchema,
  reasonSignalSchema,
  sensorSchema,
  stateSignalSchema,
} from './signal-schema.ts';

/** A product, by the code that the machine's `product` signal shows. */
export const productSchema = z.strictObject({
  code: z.union([z.string(), z.number()]).describe("The code that the machine's product signal shows"),
  name: nameSchema.optional().describe('A name for people'),
  idealCycleSeconds: z.number().positive().describe('Ideal cycle of one part of this product, seconds'),
});

/** A local rule, decided on the hub from the LAN copy within milliseconds. */
export const ruleSchema = z.strictObject({
  id: idSchema.describe('The id of the rule, unique in the machine'),
  when: z
    .string()
    .min(1)
    .describe(
      'A formula over the machine\'s signals, ids with _ for -, e.g. bearing_temperature > 80 and state == "RUNNING"',
    ),
  do: z
    .strictObject({
      command: idSchema.describe('The id of the command'),
      parameters: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
        .default({})
        .describe('What goes with the command'),
      expiresSeconds: z.number().positive().default(10).describe('How long the command may still be executed, seconds'),
    })
    .describe('The command that is published when the condition becomes true'),
});

/** A machine: an ISA-95 work unit. Without `state` it has values but no OEE, without `produced` availability alone. */
export const machineSchema = z.strictObject({
  id: idSchema.describe('The id of the machine, unique in the line, e.g. filler'),
  name: nameSchema.optional().describe('A name for people. Default: the id'),
  model: idSchema.default('discrete-machine').describe('The asset model in assets/asset-models'),
  source: idSchema.describe('The id of the source that the values come from'),
  idealCycleSeconds: z
    .number()
    .positive()
    .optional()
    .describe('Ideal cycle of one part where no product says otherwise, seconds [ISO 22400 planned run time per item]'),
  products: z.array(productSchema).default([]).describe('Products with ideal cycles of their own'),
  stalenessSeconds: z
    .number()
    .positive()
    .max(60)
    .optional()
    .describe("How long a value that nothing confirmed may still count, seconds. Default: the site's"),
  lossCategories: z
    .partialRecord(z.enum(MACHINE_STATES), z.enum(LOSS_CATEGORIES))
    .default({})
    .describe("Overrides of the states' loss categories, e.g. {IDLE: planned}"),
  state: stateSignalSchema.optional().describe('The state word; a machine without it has values but no OEE'),
  reason: reasonSignalSchema.optional().describe('Why the machine stands'),
  product: z.strictObject(addressFields).optional().describe('The code of the product that runs'),
  produced: counterSignalSchema.optional().describe('Totaliser of all parts, good and bad'),
  rejected: counterSignalSchema.optional().describe('Totaliser of rejected parts'),
  sensors: z.array(sensorSchema).default([]).describe('Further values of the machine'),
  signals: z
    .strictObject({ csv: z.string().min(1).describe('Path of the CSV file, relative to the site file') })
    .optional()
    .describe('Further sensors from a CSV file: a row each, columns named as the keys of a sensor'),
  rules: z.array(ruleSchema).default([]).describe('Local rules, decided on the hub within milliseconds'),
});

/** A production line. */
export const lineSchema = z.strictObject({
  id: idSchema.describe('The id of the line, unique in the site, e.g. bottling'),
  name: nameSchema.optional().describe('A name for people. Default: the id'),
  oee: z
    .strictObject({
      counted: z
        .array(idSchema)
        .min(1)
        .optional()
        .describe(
          "Ids of the machines that make the line's figure, e.g. only the bottleneck. Default: all that have an OEE: a state, a parts counter and an ideal cycle",
        ),
    })
    .default({})
    .describe("How the line's OEE is made"),
  machines: z.array(machineSchema).min(1).describe('The machines of the line, in the order of the material flow'),
});

export type RuleConfig = z.output<typeof ruleSchema>;
export type LineFile = z.output<typeof lineSchema>;
export type MachineFile = z.output<typeof machineSchema>;
