import { topics } from '../../../core/path.ts';
import type { GatewayConfig } from '../../../core/site/schema.ts';
import { machinesOf } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';
import { readByConnector, servedByHub } from './deployed-site.ts';
import { collectorTopics } from './sitewise-edge.ts';

/** The only port of the broker on the plant's network: MQTT over TLS with client certificates. */
const TLS_PORT = 8883;
/** MQTT without TLS, within the gateway: SiteWise Edge's own components know no other way. */
const LOOPBACK_PORT = 1883;
/** The host as programs in Docker's default network see it. */
const DOCKER_HOST = '172.17.0.1';

/** Where connector and hub find their keys for the broker on the gateway; enrolment puts them there (docs/gateway.md). */
export const BROKER_KEYS = {
  ca: '/etc/plantbridge/broker/ca.pem',
  certificate: '/etc/plantbridge/broker/client.pem',
  key: '/etc/plantbridge/broker/client.key',
} as const;

/** How connector and hub reach the LAN broker, as options of their programs: the site's own, or the one on the gateway. */
export function brokerOptions({ site }: Deployment): string {
  const options =
    site.broker === undefined
      ? { brokerUrl: `mqtts://localhost:${TLS_PORT}`, brokerTls: BROKER_KEYS }
      : { brokerUrl: site.broker.url };
  return JSON.stringify(options).slice(1, -1);
}

/** The IoT thing as which the programs of a gateway connect to its broker. */
export function localClientThing({ names }: Deployment, gatewayId: string): string {
  return `${names.gateway(gatewayId)}-local`;
}

/**
 * Who may do what at the broker (client device auth): the gateway's own programs, each topic by name. Everybody else is
 * refused, since nothing else is allowed.
 */
export function clientDevicePolicy(deployment: Deployment, gateway: GatewayConfig): object {
  const { site, scope } = deployment;
  const own = machinesOf(site).filter(readByConnector(deployment, gateway.id));
  const served = scope.hubGatewayId === gateway.id ? machinesOf(site).filter(servedByHub(deployment)) : [];
  const readers = new Set(served.map(({ gatewayId }) => gatewayId));
  const linked = (side: 'connector' | 'hub', id: string) =>
    side === 'connector'
      ? {
          sends: [topics.batch(site.id, id), topics.hello(site.id, id)],
          hears: [topics.ack(site.id, id), topics.ask(site.id, id)],
        }
      : { sends: [topics.ack(site.id, id), topics.ask(site.id, id)], hears: [] };
  const links = [
    ...(own.length > 0 ? [linked('connector', gateway.id)] : []),
    ...[...readers].map((id) => linked('hub', id)),
  ];
  const publishes = [
    ...own.flatMap(({ path }) => [topics.machine(path), topics.state(path), topics.minute(path)]),
    ...served.filter(({ rules }) => rules.length > 0 && scope.allowsCommands).map(({ path }) => topics.command(path)),
    ...links.flatMap(({ sends }) => sends),
  ];
  const filters = Object.values(topics.filters).map((filter) => filter(site.id));
  const subscribes = [...links.flatMap(({ hears }) => hears), ...(served.length > 0 ? filters : [])];
  // A statement without resources would be one that Greengrass refuses.
  const statements = Object.entries({
    connect: { operations: ['mqtt:connect'], resources: links.length > 0 ? ['*'] : [] },
    publish: { operations: ['mqtt:publish'], resources: publishes.map((topic) => `mqtt:topic:${topic}`) },
    subscribe: { operations: ['mqtt:subscribe'], resources: subscribes.map((filter) => `mqtt:topicfilter:${filter}`) },
  }).filter(([, { resources }]) => resources.length > 0);
  const hasPrograms = statements.length > 0;
  const selectionRule = `thingName: ${localClientThing(deployment, gateway.id)}`;
  return {
    deviceGroups: {
      formatVersion: '2021-03-05',
      definitions: hasPrograms ? { programs: { selectionRule, policyName: 'programs' } } : {},
      policies: hasPrograms ? { programs: Object.fromEntries(statements) } : {},
    },
  };
}

/**
 * Topics that the bridge relays between the gateway's broker and AWS IoT Core: none. Values go by the connector's own connection,
 * which paces itself and waits for acknowledgements, as the bridge does not. What is added here is named in full.
 */
export function bridgedTopics(): object {
  return { mqttTopicMapping: {} };
}

/** Moquette: TLS with client certificates is all that it does; who may do what is client device auth's. */
export function moquetteConfiguration(): object {
  return { moquette: { ssl_port: String(TLS_PORT) } };
}

/**
 * EMQX, closed: TLS with client certificates, everything denied that client device auth does not allow, no dashboard
 * (which would start with admin/public), no websockets.
 *
 * SiteWise Edge's collector and publisher connect without TLS and without credentials, and can't be told otherwise. Where they
 * run, AWS's documentation opens port 1883 and allows everything to everybody. Here they get that port on the gateway's
 * loopback alone, for their own topics alone.
 */
export function emqxConfiguration(deployment: Deployment, gateway: GatewayConfig): object {
  const nativeTopics = collectorTopics(deployment, gateway);
  const hasNative = nativeTopics.length > 0;
  const closed = { default: { enabled: false } };
  const tcp = {
    default: { enabled: true, enable_authn: false, access_rules: [`allow ${DOCKER_HOST}/32`, 'deny all'] },
  };
  return {
    emqxConfig: {
      authorization: {
        no_match: 'deny',
        deny_action: 'ignore',
        sources: hasNative ? [{ type: 'file', enable: true, rules: nativeRules(nativeTopics) }] : [],
      },
      listeners: {
        tcp: hasNative ? tcp : closed,
        ssl: {
          default: {
            enabled: true,
            bind: String(TLS_PORT),
            ssl_options: { verify: 'verify_peer', fail_if_no_peer_cert: true, versions: ['tlsv1.3', 'tlsv1.2'] },
          },
        },
        ws: closed,
        wss: closed,
      },
      dashboard: { listeners: { http: { bind: 0 } } },
    },
    authMode: hasNative ? 'bypass_on_failure' : 'enabled',
    dockerOptions: [
      `-p ${TLS_PORT}:${TLS_PORT}`,
      ...(hasNative ? [`-p 127.0.0.1:${LOOPBACK_PORT}:${LOOPBACK_PORT}`] : []),
    ].join(' '),
  };
}

/** Rules of EMQX' authorization file (Erlang terms): the streams of the collector, for connections from this host alone. */
function nativeRules(nativeTopics: readonly string[]): string {
  const list = nativeTopics.map((topic) => JSON.stringify(topic)).join(', ');
  return [`{allow, {ipaddr, "${DOCKER_HOST}"}, all, [${list}]}.`, '{deny, all}.'].join('\n');
}
