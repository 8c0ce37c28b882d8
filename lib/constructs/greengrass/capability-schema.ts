import { z } from 'zod';

/** An explicit path of OPC UA browse names: `*` and `**` are wildcards of SiteWise Edge. */
const pathSchema = z.strictObject({
  type: z.literal('OpcUaRootPath'),
  rootPath: z.string().regex(/^(\/[^/*]+)+$/, 'must be a path without wildcards'),
});

const sourceSchema = z.strictObject({
  name: z.string().min(1).max(256),
  endpoint: z
    .strictObject({
      certificateTrust: z.strictObject({ type: z.literal('TrustAny') }),
      endpointUri: z.string().startsWith('opc.tcp://'),
      securityPolicy: z.enum(['NONE', 'BASIC256_SHA256', 'AES128_SHA256_RSAOAEP', 'AES256_SHA256_RSAPSS']),
      messageSecurityMode: z.enum(['NONE', 'SIGN', 'SIGN_AND_ENCRYPT']),
      identityProvider: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('Anonymous') }),
        z.strictObject({ type: z.literal('Username'), usernameSecretArn: z.string().min(1) }),
      ]),
      nodeFilterRules: z.array(z.strictObject({ action: z.literal('INCLUDE'), definition: pathSchema })).min(1),
    })
    .refine(
      ({ securityPolicy, messageSecurityMode }) => (securityPolicy === 'NONE') === (messageSecurityMode === 'NONE'),
      'has security policy and message security mode both NONE, or neither',
    ),
  measurementDataStreamPrefix: z.string().regex(/^\/[^#+]+$/),
  destination: z.strictObject({ type: z.literal('MQTT') }),
  propertyGroups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        nodeFilterRuleDefinitions: z.array(pathSchema).min(1),
        deadband: z.strictObject({ type: z.literal('ABSOLUTE'), value: z.number().positive() }).optional(),
        scanMode: z.strictObject({
          type: z.literal('EXCEPTION'),
          rate: z.int().min(0),
          timestampToReturn: z.literal('SOURCE_TIME'),
        }),
        dataQuality: z.strictObject({
          allowGoodQuality: z.literal(true),
          allowBadQuality: z.literal(true),
          allowUncertainQuality: z.literal(true),
        }),
        subscription: z.strictObject({
          dataChangeTrigger: z.enum(['STATUS_VALUE', 'STATUS_VALUE_TIMESTAMP']),
          queueSize: z.int().min(1),
          publishingIntervalMilliseconds: z.int().min(1),
        }),
      }),
    )
    .min(1),
});

/** What we write as `iotsitewise:opcuacollector:3`; SiteWise says nothing of a key that it does not know. */
export const opcUaCollectorSchema = z.strictObject({ sources: z.array(sourceSchema).min(1) });

/** What we write as `iotsitewise:publisher:3`. */
export const publisherSchema = z.strictObject({
  sources: z.tuple([z.strictObject({ type: z.literal('MQTT') })]),
  // One real-time destination a gateway.
  destinations: z.tuple([
    z.strictObject({
      type: z.literal('SITEWISE_REALTIME'),
      name: z.string().min(1),
      config: z.strictObject({
        publishingOrder: z.enum(['TIME_ORDER', 'RECENT_DATA']),
        enableCompression: z.boolean(),
        maxBatchWaitTime: z.string().regex(/^\d+s$/),
      }),
      filters: z.tuple([
        z.strictObject({
          type: z.literal('PATH'),
          // `#` would publish every topic of the broker.
          config: z.strictObject({
            paths: z
              .array(z.string().regex(/^\/[^#+]+$/))
              .min(1)
              .max(20_000),
          }),
        }),
      ]),
    }),
  ]),
});

export type OpcUaCollectorConfiguration = z.input<typeof opcUaCollectorSchema>;
export type PublisherConfiguration = z.input<typeof publisherSchema>;
