/**
 * One name for everything: a value's identity is its path `<site>/<line>/<machine>/<signal>`
 * (ISA-95: Factory -> Line -> Machine -> Sensor). From it, and only here, come the MQTT topics, the SiteWise property
 * alias and the dashboard's URL. Ids are lower-case kebab, so the reserved words below, which start with an
 * underscore, can never collide with one.
 */

/** A lower-case kebab id: starts with a letter, at most 48 characters, e.g. `filler-1`. */
export const ID_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** The longest id, in characters. Four of them and their separators stay below every AWS name limit. */
export const ID_MAX_LENGTH = 48;

/** Whether `text` is a valid id of a site, line, machine, signal, source or gateway. */
export function isId(text: string): boolean {
  return text.length <= ID_MAX_LENGTH && ID_PATTERN.test(text);
}

/** The parts of a path; a site has only `site`, a line `site` and `line`, and so on. */
export interface PathParts {
  readonly site: string;
  readonly line?: string;
  readonly machine?: string;
  readonly signal?: string;
}

/** The level of a path in the equipment hierarchy of ISA-95 (`signal` is what SiteWise calls a sensor or property). */
export type PathLevel = 'site' | 'line' | 'machine' | 'signal';

/** Joins the parts: `demo/bottling/filler/temperature`. */
export function formatPath(parts: PathParts): string {
  return [parts.site, parts.line, parts.machine, parts.signal].filter((part) => part !== undefined).join('/');
}

/**
 * Splits a path of one to four ids.
 * @returns undefined if a part is not a valid id or there are not one to four of them.
 */
export function parsePath(path: string): PathParts | undefined {
  const parts = path.split('/');
  const [site, line, machine, signal] = parts;
  if (site === undefined || parts.length > 4 || !parts.every(isId)) return undefined;
  return {
    site,
    ...(line !== undefined && { line }),
    ...(machine !== undefined && { machine }),
    ...(signal !== undefined && { signal }),
  };
}

/** The level that a path names. */
export function pathLevel(parts: PathParts): PathLevel {
  if (parts.signal !== undefined) return 'signal';
  if (parts.machine !== undefined) return 'machine';
  return parts.line !== undefined ? 'line' : 'site';
}

/** The SiteWise property alias of a signal's path: `/demo/bottling/filler/temperature`. */
export function propertyAlias(path: string): string {
  return `/${path}`;
}

/**
 * The alias of a data stream that AWS's own OPC UA collector writes: the prefix that we set for its source and, behind it, the
 * node's path of browse names: `/demo/packer-plc` and `/Packer/State`.
 */
export function collectorAlias(site: string, source: string, browsePath: string): string {
  return `${collectorPrefix(site, source)}${browsePath}`;
}

/** What the collector puts before every stream of a source (`measurementDataStreamPrefix`). */
export function collectorPrefix(site: string, source: string): string {
  return `/${site}/${source}`;
}

/** The formula variable of a signal or property id: SiteWise allows `^[a-z][a-z0-9_]*$`, so `run-s` is `run_s`. */
export function variableName(id: string): string {
  return id.replaceAll('-', '_');
}

const LAN_ROOT = 'plant/v1';
const LINK_ROOT = 'plant-link/v1';

/** The MQTT topics of a plant's LAN. None has more than seven slashes (IoT Core's limit). */
export const topics = {
  /** The readable copy of a machine's samples, at once and before any disk: `plant/v1/<site>/<line>/<machine>`. */
  machine: (machinePath: string) => `${LAN_ROOT}/${machinePath}`,
  /** A machine's state, one retained message a change `{t, v, q}`. */
  state: (machinePath: string) => `${LAN_ROOT}/${machinePath}/state`,
  /** The running, not yet complete minute of a machine, each second: provisional, never stored. */
  minute: (machinePath: string) => `${LAN_ROOT}/${machinePath}/_minute`,
  /** Commands to a machine, published by local rules. */
  command: (machinePath: string) => `${LAN_ROOT}/${machinePath}/_command`,
  /** Durable batches from a gateway's outbox to the hub. */
  batch: (site: string, gateway: string) => `${LINK_ROOT}/${site}/${gateway}/batch`,
  /** The gateway's greeting after it connected: which outbox it is and what it holds. */
  hello: (site: string, gateway: string) => `${LINK_ROOT}/${site}/${gateway}/hello`,
  /** The hub's durable acknowledgement: everything up to a sequence number is committed. */
  ack: (site: string, gateway: string) => `${LINK_ROOT}/${site}/${gateway}/ack`,
  /** The hub's request to send what follows a sequence number. */
  ask: (site: string, gateway: string) => `${LINK_ROOT}/${site}/${gateway}/ask`,
  /** How far the making of the demo's first history is, retained: `{label, done}`, done 0..1. */
  historyProgress: (site: string) => `${LINK_ROOT}/${site}/history/progress`,
  /** Subscription filters of the hub for a whole site. */
  filters: {
    machines: (site: string) => `${LAN_ROOT}/${site}/+/+`,
    states: (site: string) => `${LAN_ROOT}/${site}/+/+/state`,
    minutes: (site: string) => `${LAN_ROOT}/${site}/+/+/_minute`,
    batches: (site: string) => `${LINK_ROOT}/${site}/+/batch`,
    hellos: (site: string) => `${LINK_ROOT}/${site}/+/hello`,
  },
} as const;

const BASIC_INGEST_ROOT = '$aws/rules';

/**
 * The topics of the cloud: Basic Ingest of AWS IoT Core, straight to a rule and without a messaging charge. The first three levels do not
 * count for a rule's topic(n), so topic(1) is the gateway's thing. The state's topic has the seven slashes that IoT Core allows.
 */
export const cloudTopics = {
  /** Batches of a gateway, to one of its site's rules for batches. */
  batch: (rule: string, gatewayThing: string) => `${BASIC_INGEST_ROOT}/${rule}/${gatewayThing}`,
  /** A machine's state, one message a change `{t, v, q}`, to the site's rule for states. */
  state: (rule: string, gatewayThing: string, machinePath: string) =>
    `${BASIC_INGEST_ROOT}/${rule}/${gatewayThing}/${machinePath}/state`,
} as const;
