import { z } from 'zod';
import { HUB_VERSION } from '../version.ts';
import { OEE_WINDOWS } from './contract.ts';
import {
  demoActionSchema,
  demoResponseSchema,
  healthResponseSchema,
  liveSnapshotSchema,
  lossesResponseSchema,
  oeeResponseSchema,
  problemSchema,
  samplesResponseSchema,
  sitesResponseSchema,
  statesResponseSchema,
  treeResponseSchema,
} from './schemas.ts';

/** One operation of the API, as the document needs it. */
interface Operation {
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly answer: z.ZodType;
  readonly body?: z.ZodType;
  /** @default application/json */
  readonly mediaType?: string;
  readonly description?: string;
  readonly open?: boolean;
}

const query = (name: string, description: string, schema: object, required = true) => {
  return { name, in: 'query', required, description, schema };
};
const instantParameters = [
  query('from', 'Start of the range (excluded), ISO 8601 with offset', { type: 'string', format: 'date-time' }),
  query('to', 'End of the range (included), ISO 8601 with offset', { type: 'string', format: 'date-time' }),
];
const pathParameter = (of: string, required = true) => query('path', `Path of a ${of}`, { type: 'string' }, required);

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/health': { get: { summary: 'How the hub is; open to everyone', answer: healthResponseSchema, open: true } },
  '/sites': { get: { summary: 'The sites of this hub', answer: sitesResponseSchema } },
  '/tree': { get: { summary: 'Lines, machines and sensors of the site', answer: treeResponseSchema } },
  '/samples': {
    get: {
      summary: 'The trend of a signal',
      description:
        "At most maxPoints values; where some are left out, the extremes are kept. `before` is the value that held when the range began. For every single value, page by page: cursor=start, then the answer's nextCursor.",
      parameters: [
        pathParameter('signal'),
        ...instantParameters,
        query('maxPoints', 'The most values', { type: 'integer', minimum: 4, maximum: 20_000, default: 2000 }, false),
        query('cursor', '"start", or the nextCursor of the answer before', { type: 'string' }, false),
      ],
      answer: samplesResponseSchema,
    },
  },
  '/oee': {
    get: {
      summary: 'OEE by window (ISO 22400-2)',
      parameters: [
        pathParameter('site, line or machine'),
        query('window', 'UTC-aligned windows, or shifts and days by the clocks of the site', {
          type: 'string',
          enum: OEE_WINDOWS,
        }),
        ...instantParameters,
      ],
      answer: oeeResponseSchema,
    },
  },
  '/states': {
    get: {
      summary: 'State timeline of a machine',
      parameters: [pathParameter('machine'), ...instantParameters],
      answer: statesResponseSchema,
    },
  },
  '/losses': {
    get: {
      summary: 'Losses, largest first',
      parameters: [pathParameter('site, line or machine'), ...instantParameters],
      answer: lossesResponseSchema,
    },
  },
  '/live': {
    get: {
      summary: 'What happens, as server-sent events',
      description:
        'The first event is snapshot (the schema shown); then values, machine, oee and progress as they happen, and heartbeat each 2 s.',
      parameters: [pathParameter('site, line or machine', false)],
      answer: liveSnapshotSchema,
      mediaType: 'text/event-stream',
    },
  },
  '/demo': { get: { summary: 'The demo: which actions are on', answer: demoResponseSchema } },
  '/demo/actions': {
    post: { summary: 'The demo: acts on a simulated machine', body: demoActionSchema, answer: demoResponseSchema },
  },
  '/openapi.json': { get: { summary: 'This document', answer: z.record(z.string(), z.unknown()) } },
};

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12' });

function operationOf({ summary, description, parameters, answer, body, mediaType, open }: Operation): object {
  return {
    summary,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(open === true && { security: [] }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body) } } },
    }),
    responses: {
      200: { description: summary, content: { [mediaType ?? 'application/json']: { schema: jsonSchema(answer) } } },
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** The API's description (OpenAPI 3.1), from the same schemas that the contract is checked against. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plantbridge hub',
      version: HUB_VERSION,
      description:
        'Values, states and OEE of a factory on its LAN. Times are ISO 8601 with offset; what does not exist is null.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
    paths: Object.fromEntries(
      Object.entries(OPERATIONS).map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, operationOf(operation)])),
      ]),
    ),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema) },
    },
  };
}
