import { z } from 'zod';
import { downtimeReasonSchema } from './downtime.ts';
import { maintenanceWindowSchema } from './maintenance.ts';
import { orderActionSchema, orderSchema } from './orders.ts';
import { qualityResultSchema } from './quality.ts';
import { foreignIdSchema } from './values.ts';

/** An operation of the MES API: the same in the cloud and on the plant's network. */
export interface MesOperation {
  /** Its name, for logs and for the request's status: `write-order`. */
  readonly name: MesOperationName;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Its address, as API Gateway and OpenAPI write it: `/orders/{orderId}`. */
  readonly resource: string;
  /** The schema of its body; undefined where it has none, and so changes nothing. */
  readonly body: z.ZodType | undefined;
  /** Parameters of the address, by name. */
  readonly parameters: Readonly<Record<string, z.ZodType<string>>>;
  /** Whether its sender may say which version it knows ({@link VERSION_HEADER}). */
  readonly hasVersion: boolean;
  /** One sentence, for documentation. */
  readonly summary: string;
}

export type MesOperationName =
  | 'write-order'
  | 'act-on-order'
  | 'report-quality'
  | 'report-downtime-reason'
  | 'write-maintenance-window'
  | 'read-request';

const orderId = { orderId: foreignIdSchema };

/** All operations of the MES API, in the terms of ISA-95. */
export const MES_OPERATIONS: readonly MesOperation[] = [
  {
    name: 'write-order',
    method: 'PUT',
    resource: '/orders/{orderId}',
    body: orderSchema,
    parameters: orderId,
    hasVersion: true,
    summary: 'Creates a production order, or changes it as a whole.',
  },
  {
    name: 'act-on-order',
    method: 'POST',
    resource: '/orders/{orderId}/actions',
    body: orderActionSchema,
    parameters: orderId,
    hasVersion: true,
    summary: 'Reports that a production order was started, paused or completed.',
  },
  {
    name: 'report-quality',
    method: 'POST',
    resource: '/quality-results',
    body: qualityResultSchema,
    parameters: {},
    hasVersion: false,
    summary: 'Confirms or corrects the quality of a lot or of a period.',
  },
  {
    name: 'report-downtime-reason',
    method: 'POST',
    resource: '/downtime-reasons',
    body: downtimeReasonSchema,
    parameters: {},
    hasVersion: false,
    summary: 'Says why a machine stood.',
  },
  {
    name: 'write-maintenance-window',
    method: 'PUT',
    resource: '/maintenance-windows/{windowId}',
    body: maintenanceWindowSchema,
    parameters: { windowId: foreignIdSchema },
    hasVersion: false,
    summary: 'Plans maintenance of a line or machine, or changes or cancels it.',
  },
  {
    name: 'read-request',
    method: 'GET',
    resource: '/requests/{requestId}',
    body: undefined,
    parameters: { requestId: z.uuid('must be the id of a request, as its answer gave it') },
    hasVersion: false,
    summary: 'Says how far a request has come.',
  },
];

/** The operation of a method and an address pattern; undefined if there is none. */
export function mesOperation(method: string, resource: string): MesOperation | undefined {
  return MES_OPERATIONS.find((operation) => operation.method === method && operation.resource === resource);
}
