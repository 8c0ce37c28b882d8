import { z } from 'zod';
import { foreignIdSchema, instantSchema, linePathSchema, noteSchema, partsSchema } from './values.ts';

/**
 * A production order (ISA-95 part 4, operations request; ISO 22400 production order) as the MES writes it: the whole order,
 * each time. Its id stands in the address.
 */
export const orderSchema = z
  .strictObject({
    line: linePathSchema.describe('The line that makes it, e.g. demo/bottling'),
    product: z
      .strictObject({
        id: foreignIdSchema.describe('Id of the product in the ERP (ISA-95 material definition)'),
        code: z
          .union([z.string().min(1).max(64), z.number()])
          .optional()
          .describe("The code that the machines' product signal shows for it. Default: the id"),
        name: z.string().min(1).max(256).optional().describe('A name for people'),
      })
      .describe('What is made'),
    targetQuantityParts: partsSchema.min(1).describe('Good parts to be made'),
    idealCycleSeconds: z
      .number()
      .positive()
      .max(86_400)
      .optional()
      .describe(
        "Ideal cycle of one part, seconds [ISO 22400 planned run time per item]. Default: that of the site file for the machine's product",
      ),
    lotId: foreignIdSchema.optional().describe('The material lot that the parts belong to (ISA-95). Default: none'),
    plannedStart: instantSchema.optional().describe('When it is planned to start'),
    plannedEnd: instantSchema.optional().describe('When it is planned to be complete'),
    note: noteSchema.optional().describe('For people at the line; nothing about persons'),
  })
  .refine(
    ({ plannedStart, plannedEnd }) =>
      plannedStart === undefined || plannedEnd === undefined || Date.parse(plannedStart) < Date.parse(plannedEnd),
    { path: ['plannedEnd'], message: 'must be after plannedStart' },
  );

/** What happened to an order on the line; each at the time when it happened, not when it was reported. */
export const orderActionSchema = z.strictObject({
  action: z.enum(['start', 'pause', 'complete']).describe('start also goes on after a pause'),
  at: instantSchema.describe('When it happened'),
  note: noteSchema.optional().describe('Why, for people; nothing about persons'),
});

export type Order = z.output<typeof orderSchema>;
export type OrderAction = z.output<typeof orderActionSchema>;
