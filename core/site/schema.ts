import { z } from 'zod';
import { idSchema, nameSchema, secretReferenceSchema, timeOfDaySchema } from './basic-schema.ts';
import {
  awsSchema,
  gatewaySchema,
  mesSchema,
  networkSchema,
  observabilitySchema,
  outpostSchema,
  pilotSchema,
} from './deployment-schema.ts';
import { lineSchema } from './machine-schema.ts';
import { sourceSchema } from './source-schema.ts';

export { idSchema } from './basic-schema.ts';
export * from './deployment-schema.ts';
export * from './machine-schema.ts';
export * from './signal-schema.ts';

/** A shift; one that ends at or before its start ends on the next day, and belongs to the day on which it starts. */
export const shiftSchema = z.strictObject({
  id: idSchema.describe('The id of the shift, unique in the site, e.g. early'),
  name: nameSchema.optional().describe('A name for people'),
  start: timeOfDaySchema.describe('Start in the site\'s time zone, e.g. "06:00"'),
  end: timeOfDaySchema.describe("End in the site's time zone; at or before the start: on the next day"),
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .min(1)
    .optional()
    .describe('The days on which the shift starts. Default: every day'),
  breaks: z
    .array(
      z.strictObject({
        start: timeOfDaySchema.describe('Start of the break'),
        end: timeOfDaySchema.describe('End of the break'),
        name: nameSchema.optional().describe('A name for people'),
      }),
    )
    .default([])
    .describe('Breaks within the shift'),
});

const simulatedMachineSchema = z.strictObject({
  kind: z
    .enum(['bottling', 'machining', 'packaging', 'robot'])
    .describe('The kind of machine that the simulator plays'),
  reliability: z.number().min(0).max(1).default(0.85).describe('How well it runs, 0 to 1'),
  rejectShare: z.number().min(0).max(1).default(0.02).describe('Share of rejected parts, 0 to 1'),
  takes: z
    .int()
    .min(1)
    .default(1)
    .describe('Parts of the machine before it that one part of this machine takes, e.g. 12 bottles a case'),
});

/** The site file, as YAML. Every object is strict: a misspelt key is a fault. */
export const siteSchema = z.strictObject({
  version: z.literal(1).describe('Version of the format: 1'),
  id: idSchema.describe('The id of the site: the first part of every path, never changed later'),
  name: nameSchema.optional().describe('A name for people. Default: the id'),
  timeZone: z.string().min(1).describe('IANA time zone of shifts and days, e.g. Europe/Berlin'),
  phase: z
    .enum(['pilot', 'production', 'rollout', 'analytics'])
    .default('pilot')
    .describe('How far the roadmap goes: decides what is deployed'),
  residency: z
    .enum(['full', 'aggregates'])
    .default('full')
    .describe('Which data may leave the site: everything, or only ticks, orders and alarms'),
  stalenessSeconds: z
    .number()
    .positive()
    .max(60)
    .default(10)
    .describe('How long a value that nothing confirmed may still count, seconds'),
  aws: awsSchema.optional().describe('Where in AWS the site is deployed; npm start and plant run need none'),
  pilot: pilotSchema
    .optional()
    .describe('What is deployed in the phases pilot and production. Default: the only line and the only gateway'),
  shifts: z.array(shiftSchema).default([]).describe('The shifts of a day'),
  hub: z
    .strictObject({
      historianFrom: secretReferenceSchema
        .optional()
        .describe(
          'Where the connection string of a PostgreSQL historian is: env:NAME, file:path or secretsmanager:name. Default: a database in the data folder',
        ),
      gateway: idSchema
        .optional()
        .describe(
          'The id of the gateway that runs the hub where there is no Outpost. Default: that of the pilot, or the only one',
        ),
      retentionDays: z.number().positive().default(400).describe('How long the historian keeps values, days'),
    })
    .prefault({})
    .describe('The hub in the factory'),
  broker: z
    .strictObject({
      url: z
        .string()
        .regex(
          /^(mqtts?|wss?):\/\/[^\s]+$/,
          'must start with mqtt://, mqtts://, ws:// or wss://, e.g. mqtt://192.168.10.5',
        )
        .describe('Address of an MQTT broker on the LAN, e.g. mqtt://192.168.10.5:1883'),
      user: z.string().min(1).optional().describe('User name at the broker'),
      passwordFrom: secretReferenceSchema
        .optional()
        .describe('Where the password is: env:NAME, file:path or secretsmanager:name'),
    })
    .optional()
    .describe('An MQTT broker on the LAN. Default: one in process, on loopback'),
  outpost: outpostSchema.optional().describe('The AWS Outpost of the factory, if it has one'),
  network: networkSchema.prefault({}).describe('Networks of the factory, for its deployment'),
  mes: mesSchema.prefault({}).describe('Manufacturing execution system and ERP, from phase production on'),
  observability: observabilitySchema
    .prefault({})
    .describe('Alarms and dashboards in the cloud, from phase production on'),
  gateways: z.array(gatewaySchema).min(1).describe('The gateways on the shop floor'),
  sources: z.array(sourceSchema).min(1).describe('Where values come from: OPC UA and Modbus TCP servers'),
  lines: z.array(lineSchema).min(1).describe('The production lines'),
  simulation: z
    .strictObject({
      seed: z.int().default(1).describe('Same seed, same values'),
      machines: z
        .record(z.string(), simulatedMachineSchema)
        .describe('How each machine is simulated, by <line>/<machine>'),
    })
    .optional()
    .describe('How the machines are simulated by npm start; plant run and deployments ignore it'),
});

export type SiteFile = z.output<typeof siteSchema>;
export type ShiftConfig = z.output<typeof shiftSchema>;
