import { z } from 'zod';
import {
  foreignIdSchema,
  instantSchema,
  isForward,
  machinePathSchema,
  noteSchema,
  reasonCodeSchema,
} from './values.ts';

/**
 * Why a machine stood: the MES's reason for a period of downtime. It names the losses; it moves no second from one loss
 * category to another.
 */
export const downtimeReasonSchema = z
  .strictObject({
    reportId: foreignIdSchema.describe("The report's id in the MES; the same id again replaces the earlier report"),
    machine: machinePathSchema.describe('The machine that stood, e.g. demo/bottling/filler'),
    from: instantSchema.describe('When the reason began to hold'),
    to: instantSchema.optional().describe('When it ended. Default: it holds until the machine runs again'),
    reasonCode: reasonCodeSchema.describe('Why, by the code of the MES'),
    reasonName: z.string().min(1).max(256).optional().describe('A name of the reason, for people. Default: the code'),
    note: noteSchema.optional().describe('For people; nothing about persons'),
  })
  .refine(({ from, to }) => to === undefined || isForward({ from, to }), {
    path: ['to'],
    message: 'must be after from',
  });

export type DowntimeReason = z.output<typeof downtimeReasonSchema>;
