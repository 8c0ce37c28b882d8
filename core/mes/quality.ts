import { z } from 'zod';
import {
  foreignIdSchema,
  instantSchema,
  isForward,
  machinePathSchema,
  noteSchema,
  partsSchema,
  reasonCodeSchema,
} from './values.ts';

/** The most reasons of scrap in one result; more belong in several results. */
export const MOST_SCRAP_REASONS = 40;

/** The parts that a quality result speaks of. */
const coverageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lot').describe('All parts of a material lot'),
    lotId: foreignIdSchema.describe('The lot, as the orders name it'),
  }),
  z.strictObject({
    kind: z.literal('period').describe('All parts that the machine made from one time to another'),
    from: instantSchema.describe('Its start, not included: windows are (start, end]'),
    to: instantSchema.describe('Its end, included'),
  }),
]);

/**
 * A quality result of the MES (ISA-95 part 4, quality test result): of all parts that it covers, how many were good and how
 * many scrap. It replaces what the machine counted as rejected. A correction is a new result that names the one it replaces,
 * so both can be told apart later.
 */
export const qualityResultSchema = z
  .strictObject({
    resultId: foreignIdSchema.describe("The result's id in the MES; a correction has one of its own"),
    correctsResultId: foreignIdSchema
      .optional()
      .describe('The earlier result that this one replaces as a whole. Default: none'),
    machine: machinePathSchema.describe('The machine that made the parts, e.g. demo/bottling/filler'),
    covers: coverageSchema.describe('The parts that it speaks of'),
    goodParts: partsSchema.describe('Parts found good'),
    scrap: z
      .array(
        z.strictObject({
          reasonCode: reasonCodeSchema.describe('Why, by the code of the MES'),
          parts: partsSchema.min(1).describe('Parts scrapped for it'),
        }),
      )
      .max(MOST_SCRAP_REASONS)
      .default([])
      .describe('Parts found bad, by reason. Default: none'),
    decidedAt: instantSchema.describe('When quality was decided'),
    note: noteSchema.optional().describe('For people; nothing about persons'),
  })
  .superRefine(({ resultId, correctsResultId, covers, scrap }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (covers.kind === 'period' && !isForward(covers)) fault(['covers', 'to'], 'must be after from');
    if (correctsResultId === resultId) fault(['correctsResultId'], 'must be another result than this one');
    const seen = new Set<string>();
    for (const [index, { reasonCode }] of scrap.entries()) {
      if (seen.has(reasonCode)) fault(['scrap', index, 'reasonCode'], 'is given twice; add the parts up');
      seen.add(reasonCode);
    }
  });

export type QualityResult = z.output<typeof qualityResultSchema>;
