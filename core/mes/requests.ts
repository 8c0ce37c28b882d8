import { z } from 'zod';
import { problemSchema } from './problem.ts';
import { instantSchema } from './values.ts';

/**
 * The header that each request that changes something carries: the same key again, with the same body, gives the answer of
 * the first time and changes nothing.
 */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** A key that the MES makes up for one intention, e.g. a UUID. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9._~:-]{8,128}$/, 'must be 8 to 128 letters, digits and any of . _ ~ : -, e.g. a UUID');

/**
 * The header that a request to change an order may carry: the version that its sender knows (RFC 9110, clause 13.1.1). The
 * order has changed meanwhile: 412.
 */
export const VERSION_HEADER = 'If-Match';

/** A version as an entity tag: `"7"`. */
export const versionSchema = z.string().regex(/^"\d{1,9}"$/, 'must be the version in quotes, e.g. "7"');

/** Where a request that was taken stands on its way to the hub, which alone decides. */
export const REQUEST_STATES = ['taken', 'handed-over', 'confirmed', 'refused'] as const;

const requestIdSchema = z.uuid().describe('The id of the request');

/** The body of a 202: the request is stored, and the hub will be told of it. */
export const acceptedSchema = z.strictObject({
  requestId: requestIdSchema,
  status: z.string().describe('The address at which its state can be asked for, relative to the API: /requests/<id>'),
});

/** The state of a request. */
export const requestStatusSchema = z.strictObject({
  requestId: requestIdSchema,
  operation: z.string().describe('What was asked for: the name of the operation'),
  state: z
    .enum(REQUEST_STATES)
    .describe(
      'taken: stored in the cloud; handed-over: on its way to the hub; confirmed: the hub did it; refused: it would not',
    ),
  takenAt: instantSchema.describe('When the cloud took it'),
  decidedAt: instantSchema.optional().describe('When the hub confirmed or refused it'),
  version: z.int().min(0).optional().describe('The version that the order has since then'),
  problem: problemSchema.optional().describe('Why the hub refused it'),
});

export type Accepted = z.output<typeof acceptedSchema>;
export type RequestStatus = z.output<typeof requestStatusSchema>;
