import { readFileSync } from 'node:fs';
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { RAW_RULE_KINDS, type SiteNames } from '../names.ts';

/** A resource that would carry raw values out of a site that keeps them. */
export interface ResidencyFault {
  readonly logicalId: string;
  /** `Residency-<what>`: what an acknowledgement would name, if there were a reason for one. */
  readonly rule: string;
  readonly message: string;
  /** Where in the resource. */
  readonly location: string;
}

type Json = Readonly<Record<string, unknown>>;
type Found = Omit<ResidencyFault, 'logicalId'>;

/** Services that copy or take in data as a whole: none of their resources has a place in such a site. */
const FORBIDDEN: readonly (readonly [prefix: string, rule: string, message: string])[] = [
  ['AWS::Backup::', 'Residency-Backup', 'AWS Backup copies disks and databases to the Region'],
  ['AWS::DLM::', 'Residency-Backup', 'Data Lifecycle Manager makes snapshots of disks in the Region'],
  ['AWS::IoTSiteWise::Gateway', 'Residency-SiteWiseEdge', 'a SiteWise Edge gateway publishes raw values to the Region'],
  ['AWS::SageMaker::', 'Residency-Training', 'SageMaker trains models in the Region from raw values'],
];

/** What of a template would let a raw value leave the site. Empty if nothing does. */
export function residencyFaults(template: Json, names: SiteNames): ResidencyFault[] {
  return Object.entries(objectOf(template.Resources)).flatMap(([logicalId, resource]) => {
    const { Type: type, Properties: properties } = objectOf(resource);
    const found = [...faultsOfType(String(type)), ...faultsOf(String(type), objectOf(properties), names)];
    return found.map((fault) => ({ logicalId, ...fault }));
  });
}

/**
 * Refuses, at synthesis, whatever in a site's templates would let raw values leave it. To be added to the stage of a site with
 * `residency: aggregates`: the second look after what the constructs themselves leave out.
 */
export class ResidencyChecks implements IPolicyValidationPlugin {
  readonly name = 'Plantbridge residency';
  readonly #names: SiteNames;

  constructor(names: SiteNames) {
    this.#names = names;
  }

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const own = stackTemplates.filter(
      ({ stackConstructPath }) => stackConstructPath.split('/')[0] === this.#names.siteId,
    );
    const violations = own.flatMap(({ templatePath }) =>
      residencyFaults(JSON.parse(readFileSync(templatePath, 'utf8')) as Json, this.#names).map(
        ({ logicalId, rule, message, location }) => ({
          ruleName: rule,
          description: `${message}, but residency: aggregates keeps raw values in the site`,
          severity: 'error',
          violatingResources: [{ resourceLogicalId: logicalId, templatePath, locations: [location] }],
        }),
      ),
    );
    return { success: violations.length === 0, violations };
  }
}

function faultsOfType(type: string): Found[] {
  return FORBIDDEN.filter(([prefix]) => type.startsWith(prefix)).map(([, rule, message]) => ({
    rule,
    message,
    location: 'Type',
  }));
}

function faultsOf(type: string, properties: Json, names: SiteNames): Found[] {
  switch (type) {
    case 'AWS::IoT::TopicRule':
      return topicRuleFaults(properties, names);
    case 'AWS::RDS::DBInstance':
      return databaseFaults(properties);
    case 'AWS::ECS::TaskDefinition':
      return containerFaults(properties);
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::IAM::RolePolicy':
    case 'AWS::IoT::Policy':
      return publishFaults(properties.PolicyDocument, 'Properties/PolicyDocument', names);
    case 'AWS::IAM::Role':
      return listOf(properties.Policies).flatMap((policy, index) =>
        publishFaults(objectOf(policy).PolicyDocument, `Properties/Policies/${index}/PolicyDocument`, names),
      );
    default:
      return [];
  }
}

function topicRuleFaults({ RuleName: name, TopicRulePayload: payload }: Json, names: SiteNames): Found[] {
  const { Sql: sql } = objectOf(payload);
  const isRaw = RAW_RULE_KINDS.some((kind) => names.rule(kind) === name);
  // Rules of Basic Ingest read no topic; one that reads those of the plant would take what a broker bridges.
  const readsAll = typeof sql === 'string' && /\bFROM\s+'(#|\+|plant\/)/i.test(sql);
  if (!isRaw && !readsAll) return [];
  const location = isRaw ? 'Properties/RuleName' : 'Properties/TopicRulePayload/Sql';
  return [{ rule: 'Residency-RawRule', message: 'an IoT rule takes raw values', location }];
}

function databaseFaults(properties: Json): Found[] {
  const found: Found[] = [];
  if (properties.BackupTarget !== 'outposts') {
    const message = 'a database keeps its backups in the Region (BackupTarget is not outposts)';
    found.push({ rule: 'Residency-Backup', message, location: 'Properties/BackupTarget' });
  }
  if (listOf(properties.EnableCloudwatchLogsExports).length > 0) {
    const message = 'a database sends its logs to the Region, and they may repeat values';
    found.push({ rule: 'Residency-Logs', message, location: 'Properties/EnableCloudwatchLogsExports' });
  }
  if (properties.EnablePerformanceInsights === true) {
    const message = 'a database sends its statements to the Region';
    found.push({ rule: 'Residency-Logs', message, location: 'Properties/EnablePerformanceInsights' });
  }
  return found;
}

function containerFaults(properties: Json): Found[] {
  return listOf(properties.ContainerDefinitions).flatMap((container, index) => {
    const { LogDriver: driver } = objectOf(objectOf(container).LogConfiguration);
    if (driver === undefined || driver === 'json-file' || driver === 'journald') return [];
    const location = `Properties/ContainerDefinitions/${index}/LogConfiguration`;
    const message = 'a container on the Outpost sends its logs to the Region, and they may repeat values';
    return [{ rule: 'Residency-Logs', message, location }];
  });
}

function publishFaults(document: unknown, location: string, names: SiteNames): Found[] {
  const statements = objectOf(typeof document === 'string' ? JSON.parse(document) : document).Statement;
  return listOf(statements).flatMap((each, index) => {
    const statement = objectOf(each);
    if (statement.Effect !== 'Allow' || !mayPublish(statement)) return [];
    const raw = RAW_RULE_KINDS.filter((kind) => reaches(statement, names, kind)).map((kind) => names.rule(kind));
    if (raw.length === 0) return [];
    const message = `a role or device may publish to raw rules (${raw.join(', ')})`;
    return [{ rule: 'Residency-Publish', message, location: `${location}/Statement/${index}` }];
  });
}

function mayPublish(statement: Json): boolean {
  // All but some actions is everything that somebody forgot.
  if (statement.NotAction !== undefined) return true;
  const patterns = listOf(statement.Action).map((action) => String(action).toLowerCase());
  return ['iot:publish', 'iot:retainpublish'].some((action) => patterns.some((pattern) => matches(pattern, action)));
}

function reaches(statement: Json, names: SiteNames, kind: (typeof RAW_RULE_KINDS)[number]): boolean {
  if (statement.NotResource !== undefined) return true;
  const topic = `topic/$aws/rules/${names.rule(kind)}/${names.siteId}/line/machine`;
  return listOf(statement.Resource)
    .map(patternOf)
    .some((pattern) => {
      // Which partition, Region and account does not matter.
      const ofIot = /^arn:[^:]*:iot:[^:]*:[^:]*:(.+)$/.exec(pattern)?.[1];
      return ofIot === undefined ? matches(pattern, `arn:aws:iot:r:a:${topic}`) : matches(ofIot, topic);
    });
}

/** A resource of a policy as a pattern: what CloudFormation or IoT fills in later may be anything. */
function patternOf(resource: unknown): string {
  const text = textOf(resource);
  return text.replace(/\$\{[^}]*\}/g, '*');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, content] = Object.entries(objectOf(value))[0] ?? [];
  if (name === 'Fn::Join') {
    const [separator, parts] = listOf(content);
    return listOf(parts).map(textOf).join(String(separator));
  }
  if (name === 'Fn::Sub') return String(Array.isArray(content) ? content[0] : content);
  return '*';
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
