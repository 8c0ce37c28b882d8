import type { GatewayConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { PUBLIC_COMPONENT_VERSIONS, type PublicComponent } from '../../greengrass-versions.ts';
import { bridgedTopics, clientDevicePolicy, emqxConfiguration, moquetteConfiguration } from './local-broker.ts';

/** A component of a deployment: its exact version, and what is set of its configuration. */
export interface DeployedComponent {
  readonly version: string;
  /** @default nothing */
  readonly configuration?: object;
  /**
   * Whether everything else of its configuration is as the component brings it. Otherwise Greengrass keeps what earlier
   * deployments set, e.g. a topic that is allowed no more. @default true where there is a configuration
   */
  readonly isWhole?: boolean;
}

/** What the components of AWS on a gateway depend on. */
export interface PublicComponentsProps {
  readonly deployment: Deployment;
  readonly gateway: GatewayConfig;
  /** ARNs of the secrets that programs on the gateway read. */
  readonly secretArns: readonly string[];
  /** Names of our components whose logs are forwarded. */
  readonly logged: readonly string[];
  /** Whether AWS's own OPC UA collector runs here. */
  readonly hasNativeSources: boolean;
}

/** How long the logs of a component may get on the gateway's disk, MB. */
const LOG_DISK_LIMIT_MB = 50;
const NUCLEUS_LOGS_KB = 50 * 1024;
const LOG_UPLOAD_INTERVAL_SECONDS = 300;
const SECRET_REFRESH_MINUTES = 60;

/** The components of AWS on a gateway, by name, each with its version pinned. */
export function publicComponents(props: PublicComponentsProps): Map<string, DeployedComponent> {
  const { deployment, gateway, secretArns, hasNativeSources } = props;
  const chosen: [PublicComponent, object?][] = [
    ['aws.greengrass.Nucleus', nucleusConfiguration(deployment, gateway)],
    ['aws.greengrass.Cli'],
    ['aws.greengrass.TokenExchangeService'],
    ['aws.greengrass.LogManager', logManagerConfiguration(props)],
    ['aws.greengrass.clientdevices.Auth', clientDevicePolicy(deployment, gateway)],
    ['aws.greengrass.clientdevices.IPDetector'],
    ['aws.greengrass.clientdevices.mqtt.Bridge', bridgedTopics()],
    gateway.broker === 'emqx'
      ? ['aws.greengrass.clientdevices.mqtt.EMQX', emqxConfiguration(deployment, gateway)]
      : ['aws.greengrass.clientdevices.mqtt.Moquette', moquetteConfiguration()],
  ];
  if (secretArns.length > 0 || hasNativeSources) {
    chosen.push([
      'aws.greengrass.SecretManager',
      { cloudSecrets: secretArns.map((arn) => ({ arn })), periodicRefreshIntervalMin: SECRET_REFRESH_MINUTES },
    ]);
  }
  if (hasNativeSources) {
    // The collector needs stream manager to be there, also where it does not send through it.
    chosen.push(
      ['aws.greengrass.StreamManager'],
      ['aws.iot.SiteWiseEdgeCollectorOpcua'],
      ['aws.iot.SiteWiseEdgePublisher'],
    );
  }
  return new Map(
    chosen.map(([name, configuration]) => [
      name,
      {
        version: PUBLIC_COMPONENT_VERSIONS[name],
        ...(configuration !== undefined && { configuration }),
        // The nucleus' own holds what enrolment wrote: its role alias and its endpoints.
        ...(name === 'aws.greengrass.Nucleus' && { isWhole: false }),
      },
    ]),
  );
}

/** Where raw values stay in the factory, logs stay terse: what a program says of its work (info) may hold them. */
export function logLevelOf(deployment: Deployment): 'info' | 'warn' {
  return deployment.keepsRawValues ? 'warn' : 'info';
}

function nucleusConfiguration(deployment: Deployment, { proxy }: GatewayConfig): object {
  return {
    runWithDefault: { posixUser: 'ggc_user:ggc_group' },
    logging: {
      level: logLevelOf(deployment).toUpperCase(),
      format: 'JSON',
      totalLogsSizeKB: NUCLEUS_LOGS_KB,
    },
    ...(proxy !== undefined && {
      networkProxy: {
        proxy: { url: proxy.url },
        // What is on the gateway itself is never behind a proxy.
        noProxyAddresses: ['localhost', '127.0.0.1', ...proxy.noProxyAddresses].join(','),
      },
    }),
  };
}

function logManagerConfiguration({ deployment, logged }: PublicComponentsProps): object {
  const limits = {
    minimumLogLevel: logLevelOf(deployment).toUpperCase(),
    diskSpaceLimit: String(LOG_DISK_LIMIT_MB),
    diskSpaceLimitUnit: 'MB',
    deleteLogFileAfterCloudUpload: 'false',
  };
  return {
    logsUploaderConfiguration: {
      systemLogsConfiguration: { uploadToCloudWatch: 'true', ...limits },
      // With residency: aggregates no log of a program that sees values leaves the factory.
      componentLogsConfigurationMap: deployment.keepsRawValues
        ? {}
        : Object.fromEntries(logged.map((name) => [name, limits])),
    },
    periodicUploadIntervalSec: String(LOG_UPLOAD_INTERVAL_SECONDS),
  };
}
