import { z } from 'zod';
import { idSchema, nameSchema, secretReferenceSchema } from './basic-schema.ts';

export { secretReferenceSchema } from './basic-schema.ts';

const common = {
  id: idSchema.describe('The id of the source, unique in the site, e.g. filler-plc'),
  name: nameSchema.optional().describe('A name for people'),
  gateway: idSchema
    .optional()
    .describe('The id of the gateway that talks to this source. Default: the only gateway of the site'),
  collector: z
    .enum(['connector', 'sitewise-edge'])
    .default('connector')
    .describe("Who collects: Plantbridge's connector, or AWS's own SiteWise Edge OPC UA collector"),
};

/** An OPC UA server (OPC 10000-4). */
export const opcUaSourceSchema = z.strictObject({
  ...common,
  protocol: z.literal('opcua').describe('How the source speaks: opcua or modbus-tcp'),
  endpointUrl: z
    .string()
    .regex(/^opc\.tcp:\/\/[^\s]+$/, 'must start with opc.tcp://, e.g. opc.tcp://192.168.10.20:4840')
    .describe('Address of the OPC UA server, e.g. opc.tcp://192.168.10.20:4840'),
  securityPolicy: z
    .enum(['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'])
    .default('None')
    .describe('OPC UA security policy; together with securityMode'),
  securityMode: z
    .enum(['None', 'Sign', 'SignAndEncrypt'])
    .default('None')
    .describe('OPC UA message security mode; together with securityPolicy'),
  user: z.string().min(1).optional().describe('User name at the server; needs passwordFrom'),
  passwordFrom: secretReferenceSchema
    .optional()
    .describe('Where the password is: env:NAME, file:path or secretsmanager:name'),
  userCertificateFrom: secretReferenceSchema
    .optional()
    .describe('Client certificate (PEM) for user authentication by certificate; needs userPrivateKeyFrom'),
  userPrivateKeyFrom: secretReferenceSchema.optional().describe('Private key (PEM) of userCertificateFrom'),
  publishingIntervalMs: z
    .int()
    .min(10)
    .max(60_000)
    .default(500)
    .describe('How often the server sends what changed, ms'),
  samplingIntervalMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(250)
    .describe('How often the server looks at a value, ms; 0: at each change, where the server can'),
});

/** A Modbus TCP server (Modbus application protocol V1.1b3). */
export const modbusTcpSourceSchema = z.strictObject({
  ...common,
  protocol: z.literal('modbus-tcp').describe('How the source speaks: opcua or modbus-tcp'),
  host: z.string().min(1).describe('Host name or IP address of the Modbus TCP server, e.g. 192.168.10.21'),
  port: z.int().min(1).max(65535).default(502).describe('TCP port'),
  unitId: z.int().min(0).max(255).default(1).describe('Unit identifier; 1 or 255 for most PLCs'),
  pollingIntervalMs: z.int().min(10).max(3_600_000).default(500).describe('How often the registers are read, ms'),
  timeoutMs: z.int().min(50).max(60_000).default(2000).describe('How long a response may take, ms'),
  maxGapRegisters: z
    .int()
    .min(0)
    .max(120)
    .default(16)
    .describe('The most unused registers between two signals that are still read in one request'),
});

/** Where machines' values come from. */
export const sourceSchema = z.discriminatedUnion('protocol', [opcUaSourceSchema, modbusTcpSourceSchema]);

export type OpcUaSource = z.output<typeof opcUaSourceSchema>;
export type ModbusTcpSource = z.output<typeof modbusTcpSourceSchema>;
export type SourceConfig = z.output<typeof sourceSchema>;
