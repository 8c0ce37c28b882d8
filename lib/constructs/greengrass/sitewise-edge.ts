import { collectorAlias, collectorPrefix } from '../../../core/path.ts';
import type { GatewayConfig } from '../../../core/site/schema.ts';
import type { Machine } from '../../../core/site/site.ts';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { Deployment } from '../../deployment.ts';
import type { OpcUaCollectorConfiguration, PublisherConfiguration } from './capability-schema.ts';

const SECURITY_POLICY = {
  None: 'NONE',
  Basic256Sha256: 'BASIC256_SHA256',
  Aes128_Sha256_RsaOaep: 'AES128_SHA256_RSAOAEP',
  Aes256_Sha256_RsaPss: 'AES256_SHA256_RSAPSS',
} as const;
const SECURITY_MODE = { None: 'NONE', Sign: 'SIGN', SignAndEncrypt: 'SIGN_AND_ENCRYPT' } as const;
const SECRETS_MANAGER = 'secretsmanager:';

/** A source that AWS's own collector reads, with what of it is collected. */
export interface NativeSource {
  readonly source: OpcUaSource;
  /** Its place in the site file. */
  readonly index: number;
  readonly signals: readonly NativeSignal[];
}

/** A node that AWS's own collector reads. */
export interface NativeSignal {
  readonly browsePath: string;
  /** Asked sampling interval, ms. */
  readonly intervalMs: number;
  /** @default every change */
  readonly deadband?: number;
  /** Whether two equal values in a row are two values: deltas of counters are. */
  readonly isCounted: boolean;
}

/**
 * The sources of a gateway that AWS's own collector reads, with the nodes of deployed machines: state, reason, product and
 * counters, and those sensors that go to SiteWise. The collector can't do otherwise than send what it reads.
 */
export function nativeSources({ site, scope }: Deployment, gateway: GatewayConfig): NativeSource[] {
  const machines = scope.lines.flatMap((line) => line.machines);
  return site.sources.flatMap((source, index) => {
    if (source.protocol !== 'opcua' || source.collector !== 'sitewise-edge') return [];
    const read = machines.filter((machine) => machine.source === source.id && machine.gatewayId === gateway.id);
    const signals = read.flatMap((machine) => signalsOf(machine, source));
    return signals.length === 0 ? [] : [{ source, index, signals }];
  });
}

/** Topics, and so aliases, of what the collector of a gateway writes. */
export function collectorTopics(deployment: Deployment, gateway: GatewayConfig): string[] {
  return nativeSources(deployment, gateway).flatMap(({ source, signals }) =>
    signals.map(({ browsePath }) => collectorAlias(deployment.site.id, source.id, browsePath)),
  );
}

/** @throws SiteFileError for a source that AWS's own collector must not or can't read. */
export function refuseImpossibleSources(deployment: Deployment, sources: readonly NativeSource[]): void {
  for (const { source, index } of sources) {
    if (deployment.keepsRawValues) {
      deployment.refuse(['sources', index, 'collector'], {
        message:
          'must be connector with residency: aggregates: the SiteWise Edge collector sends raw values to the cloud',
        got: 'sitewise-edge',
        hint: 'Set collector: connector, which sends ticks alone',
      });
    }
    if (source.userCertificateFrom !== undefined) {
      deployment.refuse(['sources', index, 'userCertificateFrom'], {
        message: 'can not be used by the SiteWise Edge collector, which logs in by name and password or not at all',
        hint: 'Give user and passwordFrom, or set collector: connector',
      });
    }
    if (source.passwordFrom?.startsWith(SECRETS_MANAGER) === false) {
      deployment.refuse(['sources', index, 'passwordFrom'], {
        message: 'must be secretsmanager:name, since the SiteWise Edge collector reads AWS Secrets Manager alone',
        got: source.passwordFrom,
        hint: 'Put {"username": ..., "password": ...} into a secret there',
      });
    }
  }
}

/** The collector's configuration: exactly the nodes that the site file names, never the server's whole address space. */
export function collectorConfiguration(
  siteId: string,
  sources: readonly NativeSource[],
  secretArn: (name: string) => string,
): OpcUaCollectorConfiguration {
  return {
    sources: sources.map(({ source, signals }) => ({
      name: source.id,
      endpoint: {
        // The site file knows no certificate of a server; whether messages are signed and encrypted is another matter.
        certificateTrust: { type: 'TrustAny' },
        endpointUri: source.endpointUrl,
        securityPolicy: SECURITY_POLICY[source.securityPolicy],
        messageSecurityMode: SECURITY_MODE[source.securityMode],
        identityProvider: identityOf(source, secretArn),
        nodeFilterRules: signals.map(({ browsePath }) => ({ action: 'INCLUDE', definition: pathOf(browsePath) })),
      },
      measurementDataStreamPrefix: collectorPrefix(siteId, source.id),
      destination: { type: 'MQTT' },
      propertyGroups: groupsOf(signals, source.publishingIntervalMs),
    })),
  };
}

/** The publisher's configuration: the streams of the collector, by name. */
export function publisherConfiguration(topics: readonly string[]): PublisherConfiguration {
  return {
    sources: [{ type: 'MQTT' }],
    destinations: [
      {
        type: 'SITEWISE_REALTIME',
        name: 'sitewise',
        // Oldest first: what SiteWise computes of a window is right when the window has come.
        config: { publishingOrder: 'TIME_ORDER', enableCompression: true, maxBatchWaitTime: '10s' },
        filters: [{ type: 'PATH', config: { paths: [...topics] } }],
      },
    ],
  };
}

function signalsOf(machine: Machine, { samplingIntervalMs }: OpcUaSource): NativeSignal[] {
  const { state, reason, product, produced, rejected, sensors } = machine;
  const fixed = [state, reason, product].map((signal) => ({ signal, isCounted: false, deadband: undefined }));
  const counters = [produced, rejected].map((signal) => ({ signal, isCounted: true, deadband: undefined }));
  const chosen = sensors
    .filter(({ sitewise }) => sitewise)
    .map((signal) => ({ signal, isCounted: false, deadband: signal.deadband }));
  return [...fixed, ...counters, ...chosen].flatMap(({ signal, isCounted, deadband }) => {
    if (signal?.browsePath === undefined) return [];
    const { browsePath, intervalMs = samplingIntervalMs } = signal;
    return [{ browsePath, intervalMs, isCounted, ...(deadband !== undefined && deadband > 0 && { deadband }) }];
  });
}

function identityOf({ passwordFrom }: OpcUaSource, secretArn: (name: string) => string) {
  return passwordFrom === undefined
    ? ({ type: 'Anonymous' } as const)
    : ({ type: 'Username', usernameSecretArn: secretArn(passwordFrom.slice(SECRETS_MANAGER.length)) } as const);
}

function pathOf(rootPath: string) {
  return { type: 'OpcUaRootPath', rootPath } as const;
}

/** Groups can't overlap: a group for all nodes that are read alike. */
function groupsOf(signals: readonly NativeSignal[], publishingIntervalMilliseconds: number) {
  const alike = Map.groupBy(signals, ({ intervalMs, deadband, isCounted }) =>
    [
      isCounted ? 'counted' : 'measured',
      `${intervalMs}-ms`,
      ...(deadband === undefined ? [] : [`deadband-${deadband}`]),
    ].join('-'),
  );
  return [...alike].map(([name, [first, ...others]]) => {
    const members = first === undefined ? [] : [first, ...others];
    return {
      name,
      nodeFilterRuleDefinitions: members.map(({ browsePath }) => pathOf(browsePath)),
      ...(first?.deadband !== undefined && { deadband: { type: 'ABSOLUTE' as const, value: first.deadband } }),
      scanMode: { type: 'EXCEPTION' as const, rate: first?.intervalMs ?? 0, timestampToReturn: 'SOURCE_TIME' as const },
      // SiteWise computes with good values only, but keeps the others: a gap is then explained.
      dataQuality: {
        allowGoodQuality: true as const,
        allowBadQuality: true as const,
        allowUncertainQuality: true as const,
      },
      subscription: {
        dataChangeTrigger: first?.isCounted === true ? ('STATUS_VALUE_TIMESTAMP' as const) : ('STATUS_VALUE' as const),
        queueSize: 10,
        publishingIntervalMilliseconds,
      },
    };
  });
}
