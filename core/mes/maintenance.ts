import { z } from 'zod';
import { equipmentPathSchema, instantSchema, isForward, noteSchema } from './values.ts';

/**
 * A planned maintenance window (ISA-95 part 3, maintenance operations): standing still within it is planned, not downtime.
 * The MES writes the whole window each time; its id stands in the address.
 */
export const maintenanceWindowSchema = z
  .strictObject({
    equipment: equipmentPathSchema.describe('The line or machine, e.g. demo/bottling or demo/bottling/filler'),
    from: instantSchema.describe('Its start'),
    to: instantSchema.describe('Its end'),
    status: z
      .enum(['planned', 'cancelled'])
      .default('planned')
      .describe('A cancelled window has no effect. Default: planned'),
    note: noteSchema.optional().describe('What is done, for people; nothing about persons'),
  })
  .refine(isForward, { path: ['to'], message: 'must be after from' });

export type MaintenanceWindow = z.output<typeof maintenanceWindowSchema>;
