import { holdsPassword, type SitePath, showValue } from '../fault.ts';
import type { OpcUaSource, SourceConfig } from '../source-schema.ts';
import type { CheckContext } from './context.ts';

/** Sources and the broker are set up in a way that can work and keeps secrets secret. */
export function checkSources(context: CheckContext): void {
  const { site } = context;
  const addresses = new Map<string, SourceConfig>();
  for (const [index, source] of site.sources.entries()) {
    const path = ['sources', index];
    if (source.protocol === 'opcua') checkOpcUa(context, source, path);
    else if (source.collector === 'sitewise-edge') {
      context.fault([...path, 'collector'], {
        message: 'must be connector for Modbus TCP: the SiteWise Edge collector speaks OPC UA only',
        got: 'sitewise-edge',
      });
    }
    const address = sourceAddress(source);
    const other = addresses.get(address);
    if (other !== undefined) checkShared(context, source, other, path);
    addresses.set(address, source);
  }
  const broker = site.broker;
  if (broker === undefined) return;
  checkUrl(context, broker.url, ['broker', 'url']);
  checkPair(context, ['broker'], ['user', broker.user], ['passwordFrom', broker.passwordFrom]);
}

/** Two sources with one address: asked twice by one gateway, or, worse, read by two gateways that both write its paths. */
function checkShared(context: CheckContext, source: SourceConfig, other: SourceConfig, path: SitePath): void {
  const address = showValue(sourceAddress(source), []);
  const gatewayOf = ({ gateway }: SourceConfig) => gateway ?? context.site.gateways[0]?.id;
  if (gatewayOf(source) === gatewayOf(other)) {
    context.warning(path, {
      message: `has the same address as source ${other.id}, so its server is asked twice`,
      got: address,
    });
    return;
  }
  context.fault([...path, 'gateway'], {
    message: `has the same address as source ${other.id}, which gateway ${gatewayOf(other) ?? ''} reads: two gateways for one machine`,
    got: `${gatewayOf(source) ?? ''} for ${address}`,
    hint: 'Let one gateway read all of a server, so that each value has one writer',
  });
}

/** A source's network address as people write it, e.g. `opc.tcp://10.0.0.5:4840` or `10.0.0.6:502 unit 1`. */
export function sourceAddress(source: SourceConfig): string {
  return source.protocol === 'opcua' ? source.endpointUrl : `${source.host}:${source.port} unit ${source.unitId}`;
}

function checkOpcUa(context: CheckContext, source: OpcUaSource, path: readonly (string | number)[]): void {
  checkUrl(context, source.endpointUrl, [...path, 'endpointUrl']);
  const { securityPolicy, securityMode } = source;
  if ((securityPolicy === 'None') !== (securityMode === 'None')) {
    const key = securityPolicy === 'None' ? 'securityMode' : 'securityPolicy';
    context.fault([...path, key], {
      message: 'does not fit: securityPolicy and securityMode are both None, or neither is',
      got: `securityPolicy ${securityPolicy} with securityMode ${securityMode}`,
      hint: 'For a secured server: securityPolicy: Basic256Sha256 and securityMode: SignAndEncrypt',
    });
  }
  checkPair(context, path, ['user', source.user], ['passwordFrom', source.passwordFrom]);
  checkPair(
    context,
    path,
    ['userCertificateFrom', source.userCertificateFrom],
    ['userPrivateKeyFrom', source.userPrivateKeyFrom],
  );
  if (source.user !== undefined && source.userCertificateFrom !== undefined) {
    context.fault([...path, 'userCertificateFrom'], {
      message: 'can not go with user: log in by password or certificate',
    });
  }
  if (source.user !== undefined && securityPolicy === 'None' && securityMode === 'None') {
    context.warning([...path, 'user'], {
      message: 'logs in over a connection without security: whoever listens may read the password',
      hint: 'Set securityPolicy: Basic256Sha256 and securityMode: SignAndEncrypt if the server has them',
    });
  }
}

/** Two keys of which one makes no sense without the other. */
function checkPair(
  context: CheckContext,
  path: readonly (string | number)[],
  ...pair: readonly [readonly [string, string | undefined], readonly [string, string | undefined]]
): void {
  const [[first, firstValue], [second, secondValue]] = pair;
  if ((firstValue === undefined) === (secondValue === undefined)) return;
  const [present, absent] = firstValue === undefined ? [second, first] : [first, second];
  if (context.isFaulty([...path, absent])) return;
  context.fault([...path, present], { message: `needs ${absent} beside it` });
}

function checkUrl(context: CheckContext, url: string, path: readonly (string | number)[]): void {
  if (!holdsPassword(url)) return;
  context.fault(path, {
    message: 'must not hold a password',
    got: showValue(url, path),
    hint: 'Use user: and passwordFrom: env:NAME, file:path or secretsmanager:name',
  });
}
