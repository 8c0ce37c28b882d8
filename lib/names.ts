import { createHash } from 'node:crypto';

export { DEFAULT_REGION } from '../core/site/regions.ts';

/** The IoT rules of a site, one for each way of a value into the cloud (docs/architecture.md). */
export const RULE_KINDS = ['live-raw', 'live-aggregates', 'backlog-raw', 'backlog-aggregates', 'state'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** Rules that carry raw values; with `residency: aggregates` they do not exist. */
export const RAW_RULE_KINDS: readonly RuleKind[] = ['live-raw', 'backlog-raw', 'state'];

/**
 * A name that several stacks must agree on and AWS limits in length: the parts joined, and where that is too long, cut and
 * told apart by a hash of the whole.
 */
export function boundedName(longest: number, separator: string, ...parts: readonly string[]): string {
  const whole = parts.join(separator);
  if (whole.length <= longest) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${whole.slice(0, longest - 9).replace(/[^A-Za-z0-9]+$/, '')}${separator}${hash}`;
}

/**
 * The names that a site's stacks and its gateways share: none of them needs a reference from stack to stack, so each stack
 * can be deployed and removed by itself. Everything else is named by CloudFormation.
 */
export class SiteNames {
  readonly siteId: string;

  constructor(siteId: string) {
    this.siteId = siteId;
  }

  /** `plantbridge-demo`: stage, stacks and whatever a person looks for in the console begin with it. */
  get prefix(): string {
    return `plantbridge-${this.siteId}`;
  }

  /** An IoT rule: `plantbridge_demo_live_raw`; rule names know no hyphen. */
  rule(kind: RuleKind): string {
    return boundedName(128, '_', 'plantbridge', this.siteId.replaceAll('-', '_'), kind.replaceAll('-', '_'));
  }

  /**
   * The IoT thing, thing group, core device and role alias of a gateway: `plantbridge-demo--gateway-1`. Ids have single hyphens
   * alone, so two tell where the site's ends: `demo` and `north-gw` is never `demo-north` and `gw`.
   */
  gateway(gatewayId: string): string {
    return boundedName(100, '-', 'plantbridge', `${this.siteId}--${gatewayId}`);
  }

  /** The fleet provisioning template that enrols a gateway, named as it is, at most 36 characters: `plantbridge-demo--gateway-1`. */
  provisioningTemplate(gatewayId: string): string {
    return boundedName(36, '-', 'plantbridge', `${this.siteId}--${gatewayId}`);
  }

  /** A Greengrass component of one gateway: `plantbridge.demo.gateway-1.connector`. */
  component(gatewayId: string, component: string): string {
    return boundedName(128, '.', 'plantbridge', this.siteId, gatewayId, component);
  }

  /**
   * The external id of an asset or asset model of SiteWise, from its path or model id: `plantbridge:demo:asset:bottling:filler`.
   * Letters, digits, `-`, `_`, `.` and `:` are allowed, 128 characters.
   */
  externalId(kind: 'model' | 'asset', ...ids: readonly string[]): string {
    return boundedName(128, ':', 'plantbridge', this.siteId, kind, ...ids);
  }

  /** The Athena database of the site's lake: `plantbridge_demo`; Athena knows no hyphen. */
  get database(): string {
    return boundedName(100, '_', 'plantbridge', this.siteId.replaceAll('-', '_'));
  }

  /** An alarm: `plantbridge-demo-data-stale`, at most 255 characters. */
  alarm(...parts: readonly string[]): string {
    return boundedName(255, '-', 'plantbridge', this.siteId, ...parts);
  }
}
