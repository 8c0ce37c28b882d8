import type { z } from 'zod';
import { type MesOperation, mesOperation } from '../../core/mes/operations.ts';
import { bodyProblem, type Problem, problem } from '../../core/mes/problem.ts';
import { IDEMPOTENCY_HEADER, idempotencyKeySchema, VERSION_HEADER, versionSchema } from '../../core/mes/requests.ts';
import { isOfSite, MOST_BODY_BYTES } from '../../core/mes/values.ts';

/** A request as API Gateway hands it over; the part of its event that is read. */
export interface GatewayRequest {
  readonly httpMethod: string;
  /** The address as a pattern: `/orders/{orderId}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** A request that is right as far as the cloud can tell; whether it can be done the hub decides. */
export interface ValidRequest {
  readonly operation: MesOperation;
  /** Of the address, by name: `orderId`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined for one that changes nothing. */
  readonly idempotencyKey: string | undefined;
  /** The version that its sender knows; undefined where none was said. */
  readonly version: number | undefined;
  readonly body: unknown;
}

/** Fields of bodies that hold a path. */
const PATH_FIELDS = ['line', 'machine', 'equipment'] as const;

/** Reads a request strictly. @returns the problem to answer with where something is wrong. */
export function readRequest(request: GatewayRequest, siteId: string): ValidRequest | { readonly problem: Problem } {
  const operation = mesOperation(request.httpMethod, request.resource);
  if (operation === undefined) return refused(problem(404, `There is no ${request.httpMethod} at this address.`));
  const parameters: Record<string, string> = {};
  for (const [name, schema] of Object.entries(operation.parameters)) {
    const { data, error } = schema.safeParse(request.pathParameters?.[name]);
    if (error !== undefined) return refused(parameterProblem(name, error));
    parameters[name] = data;
  }
  if (operation.body === undefined) {
    return { operation, parameters, idempotencyKey: undefined, version: undefined, body: undefined };
  }
  const idempotencyKey = headerOf(request, IDEMPOTENCY_HEADER);
  const key = idempotencyKeySchema.safeParse(idempotencyKey);
  if (!key.success) return refused(headerProblem(IDEMPOTENCY_HEADER, idempotencyKey, key.error));
  const versionText = operation.hasVersion ? headerOf(request, VERSION_HEADER) : undefined;
  const version = versionSchema.optional().safeParse(versionText);
  if (!version.success) return refused(headerProblem(VERSION_HEADER, versionText, version.error));
  const read = readBody(request, operation.body, siteId);
  if ('problem' in read) return read;
  return {
    operation,
    parameters,
    idempotencyKey: key.data,
    version: versionText === undefined ? undefined : Number(versionText.slice(1, -1)),
    body: read.body,
  };
}

function readBody(
  request: GatewayRequest,
  schema: z.ZodType,
  siteId: string,
): { readonly body: unknown } | { readonly problem: Problem } {
  const mediaType = headerOf(request, 'Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  // API Gateway validates only what says that it is JSON.
  if (mediaType !== 'application/json') {
    return refused(problem(415, 'The Content-Type must be application/json.', { parameter: 'Content-Type' }));
  }
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MOST_BODY_BYTES) {
    return refused(problem(413, `The body has ${bytes.length} bytes; at most ${MOST_BODY_BYTES} are taken.`));
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refused(problem(400, bytes.length === 0 ? 'The body is missing.' : 'The body is not JSON in UTF-8.'));
  }
  const { data, error } = schema.safeParse(json);
  if (error !== undefined) return refused(bodyProblem(error, json));
  for (const field of PATH_FIELDS) {
    const path: unknown = Reflect.get(Object(data), field);
    if (typeof path !== 'string' || isOfSite(path, siteId)) continue;
    const detail = `must be a path of site ${siteId}, whose API this is`;
    return refused(problem(400, `${field} ${detail}.`, { errors: [{ pointer: `#/${field}`, detail }] }));
  }
  return { body: data };
}

function headerOf({ headers }: GatewayRequest, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function headerProblem(name: string, value: string | undefined, error: z.ZodError): Problem {
  const detail = value === undefined ? `The header ${name} is missing; it` : `The header ${name}`;
  return problem(400, `${detail} ${messageOf(error)}.`, { parameter: name });
}

function parameterProblem(name: string, error: z.ZodError): Problem {
  return problem(400, `The ${name} in the address ${messageOf(error)}.`, { parameter: name });
}

/** Of a header that is missing zod would only say that it expected text. */
function messageOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined || issue.code === 'invalid_type' ? 'must be given' : issue.message;
}

function refused(problem: Problem): { readonly problem: Problem } {
  return { problem };
}
