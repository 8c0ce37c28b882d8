import { z } from 'zod';
import { ID_MAX_LENGTH, ID_PATTERN } from '../path.ts';

const id = z.string().max(ID_MAX_LENGTH).regex(ID_PATTERN, 'must be a lower-case kebab id, e.g. "filler-plc"');

/**
 * Where a secret comes from: `env:NAME`, `file:path` (relative to the site file) or `secretsmanager:name`.
 * A literal password in the site file is a fault.
 */
export const secretReferenceSchema = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|secretsmanager:.+)$/,
    'must be env:NAME, file:path or secretsmanager:name',
  );

const common = {
  id,
  name: z.string().min(1).optional(),
  /** The gateway that talks to this source. @default the only gateway of the site */
  gateway: id.optional(),
  /** Who collects: our connector, or AWS's own SiteWise Edge OPC UA collector. @default connector */
  collector: z.enum(['connector', 'sitewise-edge']).default('connector'),
};

/** An OPC UA server (OPC 10000-4). */
export const opcUaSourceSchema = z.strictObject({
  ...common,
  protocol: z.literal('opcua'),
  /** e.g. `opc.tcp://192.168.10.20:4840` */
  endpointUrl: z.string().regex(/^opc\.tcp:\/\/[^\s]+$/, 'must start with opc.tcp://'),
  /** @default None */
  securityPolicy: z.enum(['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']).default('None'),
  /** @default None */
  securityMode: z.enum(['None', 'Sign', 'SignAndEncrypt']).default('None'),
  user: z.string().min(1).optional(),
  passwordFrom: secretReferenceSchema.optional(),
  /** Client certificate and key for user authentication by certificate: paths to PEM files. */
  userCertificateFrom: secretReferenceSchema.optional(),
  userPrivateKeyFrom: secretReferenceSchema.optional(),
  /** @default 500 */
  publishingIntervalMs: z.int().min(10).max(60_000).default(500),
  /** @default 250 */
  samplingIntervalMs: z.int().min(10).max(3_600_000).default(250),
});

/** A Modbus TCP server (Modbus application protocol V1.1b3). */
export const modbusTcpSourceSchema = z.strictObject({
  ...common,
  protocol: z.literal('modbus-tcp'),
  host: z.string().min(1),
  /** @default 502 */
  port: z.int().min(1).max(65535).default(502),
  /** @default 1 */
  unitId: z.int().min(0).max(255).default(1),
  /** @default 500 */
  pollingIntervalMs: z.int().min(10).max(3_600_000).default(500),
  /** @default 2000 */
  timeoutMs: z.int().min(50).max(60_000).default(2000),
  /** The most unused registers between two signals that are still read in one request. @default 16 */
  maxGapRegisters: z.int().min(0).max(120).default(16),
});

/** Where machines' values come from. */
export const sourceSchema = z.discriminatedUnion('protocol', [opcUaSourceSchema, modbusTcpSourceSchema]);

export type OpcUaSource = z.output<typeof opcUaSourceSchema>;
export type ModbusTcpSource = z.output<typeof modbusTcpSourceSchema>;
export type SourceConfig = z.output<typeof sourceSchema>;
