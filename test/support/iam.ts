import { runSimulation } from '@cloud-copilot/iam-simulate';
import { CfnElement, type Stage } from 'aws-cdk-lib';
import { listOf, objectOf } from '../../lib/checks/json.ts';
import { MANAGED_POLICIES } from './iam-managed.ts';
import { ACCOUNT, ResolvedNames } from './iam-names.ts';
import type { SynthesizedResource, SynthesizedSite, SynthesizedTemplate } from './synth.ts';

/** Somebody with permissions: a role of IAM, or a policy of IoT Core with the device's certificate that has it. */
export interface Actor {
  /** Path of its construct below the site: `Ingest/Normalize/Function/ServiceRole`. */
  readonly path: string;
  readonly kind: 'role' | 'iot-policy';
  readonly policies: readonly { readonly name: string; readonly policy: unknown }[];
}

/** What somebody asks for. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, e.g. `cloudwatch:namespace`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A synthesized stage whose name the stacks' names begin with. */
export type PermittedSite = Pick<SynthesizedSite, 'stackIds' | 'json'> & { readonly stage: Stage };

/** The key policy that every key of an account has unless it says otherwise: the account's policies decide. */
const OPEN_KEY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** Actions that the simulator's list of actions lacks, and one of the same kind of resource that it can reckon with. */
const STAND_INS: Readonly<Record<string, string>> = {
  'iot:AssumeRoleWithCertificate': 'iot:DescribeRoleAlias',
  'greengrass:GetDeploymentConfiguration': 'greengrass:ListDeployments',
  'greengrass:ListThingGroupsForCoreDevice': 'greengrass:ListCoreDevices',
  'greengrass:VerifyClientDeviceIoTCertificateAssociation': 'iot:DescribeThing',
};

/** The types of policies that stand at a resource, and the property that names it. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'Bucket',
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
};

/** The roles and policies of a synthesized site, with all names filled in, to ask what they allow. */
export class SitePermissions {
  readonly names: ResolvedNames;
  readonly actors: readonly Actor[];
  readonly #templates: ReadonlyMap<string, SynthesizedTemplate>;
  readonly #paths: ReadonlyMap<string, string>;
  readonly #resourcePolicies: ReadonlyMap<string, unknown>;

  constructor(site: PermittedSite) {
    this.#templates = new Map(site.stackIds.map((id) => [id, site.json(id)]));
    this.names = new ResolvedNames(site.stage.stageName, this.#templates);
    this.#paths = pathsOf(site);
    this.actors = [...this.#templates.keys()].flatMap((stackId) => [
      ...this.#roles(stackId),
      ...this.#iotPolicies(stackId),
    ]);
    this.#resourcePolicies = new Map([...this.#policiesOfResources()]);
  }

  /**
   * The ARN of the one resource of a type whose construct's path begins so: `Ingest/Lake`.
   * @throws Error where there is none or more than one.
   */
  arn(type: string, path: string): string {
    const found = [...this.#all([type])].filter(([stackId, id]) => {
      const place = this.#paths.get(`${stackId} ${id}`) ?? '';
      return place === path || place.startsWith(`${path}/`);
    });
    const [only] = found;
    if (only === undefined || found.length > 1)
      throw new Error(`${found.length} resources of type ${type} are at ${path}; it must be one.`);
    return this.names.arn(only[0], only[1]);
  }

  /** Whether the site has this role or IoT policy. */
  has(path: string): boolean {
    return this.actors.some((actor) => actor.path === path);
  }

  /** Whether a stack has a resource of a type. */
  holds(type: string, stackId: string): boolean {
    return [...this.#all([type])].some(([id]) => id === stackId);
  }

  /** The properties of a stack's resources of a type, with names filled in. */
  properties(type: string, stackId: string): Readonly<Record<string, string>>[] {
    return [...this.#all([type])]
      .filter(([id]) => id === stackId)
      .map(([, , { Properties = {} }]) =>
        Object.fromEntries(
          Object.entries(Properties).map(([name, value]) => [name, JSON.stringify(this.names.resolve(stackId, value))]),
        ),
      );
  }

  /** The policy variables of a device's certificate filled in, as IoT Core does when it connects as this thing. */
  asThing(actor: Actor, thingName: string): Actor {
    const filled = JSON.stringify(actor.policies).replaceAll(
      /\$\{iot:(Connection\.Thing\.ThingName|ClientId)\}/g,
      thingName,
    );
    return { ...actor, policies: JSON.parse(filled) };
  }

  /**
   * Whether it may, by its own policies and those of the resource.
   * @throws Error where the simulator does not know the action or the resource, or a policy is none.
   */
  async allows(actor: Actor, { action, resource, context = {} }: Request): Promise<boolean> {
    const owner = resource.replace(/^(arn:aws:s3:::[^/]+)\/.*$/, '$1');
    const standIn = STAND_INS[action];
    if (standIn !== undefined) {
      const policies = JSON.parse(JSON.stringify(actor.policies).replaceAll(`"${action}"`, `"${standIn}"`));
      return this.allows({ ...actor, policies }, { action: standIn, resource, context });
    }
    const resourcePolicy = this.#resourcePolicies.get(owner) ?? (resource.includes(':key/') ? OPEN_KEY : undefined);
    const result = await runSimulation(
      {
        request: {
          principal: `arn:aws:iam::${ACCOUNT}:role/${actor.path.replaceAll(/[^\w+=,.@-]/g, '-').slice(-64)}`,
          action,
          resource: { resource, accountId: resource.split(':')[4] || ACCOUNT },
          contextVariables: { 'aws:SecureTransport': 'true', 'aws:PrincipalAccount': ACCOUNT, ...context },
        },
        identityPolicies: [...actor.policies],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(resourcePolicy !== undefined && { resourcePolicy }),
      },
      {},
    );
    if (result.resultType === 'error')
      throw new Error(`${actor.path}: ${action} on ${resource} cannot be simulated: ${JSON.stringify(result.errors)}`);
    return result.overallResult === 'Allowed';
  }

  *#all(types: readonly string[]): Generator<readonly [string, string, SynthesizedResource]> {
    for (const [stackId, template] of this.#templates)
      for (const [id, resource] of Object.entries(template.Resources ?? {}))
        if (types.includes(resource.Type)) yield [stackId, id, resource];
  }

  *#roles(ofStack: string): Generator<Actor> {
    for (const [stackId, id, { Properties }] of this.#all(['AWS::IAM::Role'])) {
      if (stackId !== ofStack) continue;
      const path = this.#path(stackId, id);
      const inline = listOf(Properties?.Policies).map(objectOf);
      yield {
        path,
        kind: 'role',
        policies: [
          ...inline.map(({ PolicyName, PolicyDocument }) => this.#policy(stackId, String(PolicyName), PolicyDocument)),
          ...this.#attached(this.names.resolve(stackId, { Ref: id })),
          ...listOf(Properties?.ManagedPolicyArns).map((arn) => this.#managed(path, this.names.resolve(stackId, arn))),
        ],
      };
    }
  }

  *#iotPolicies(ofStack: string): Generator<Actor> {
    for (const [stackId, id, { Properties }] of this.#all(['AWS::IoT::Policy']))
      if (stackId === ofStack) {
        const policy = this.#policy(stackId, id, Properties?.PolicyDocument);
        yield { path: this.#path(stackId, id), kind: 'iot-policy', policies: [policy] };
      }
  }

  /** Policies of any stack of the site that are attached to a role. */
  *#attached(roleName: unknown): Generator<Actor['policies'][number]> {
    for (const [stackId, id, { Properties }] of this.#all([
      'AWS::IAM::Policy',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::RolePolicy',
    ])) {
      const roles = [...listOf(Properties?.Roles), ...listOf(Properties?.RoleName)];
      if (roles.some((role) => this.names.resolve(stackId, role) === roleName))
        yield this.#policy(stackId, id, Properties?.PolicyDocument);
    }
  }

  #managed(role: string, arn: unknown): Actor['policies'][number] {
    const name = String(arn).split(':policy/')[1] ?? '';
    if (String(arn).startsWith(`arn:aws:iam::${ACCOUNT}:`)) {
      for (const [stackId, id, { Properties }] of this.#all(['AWS::IAM::ManagedPolicy']))
        if (this.names.arn(stackId, id) === arn) return this.#policy(stackId, id, Properties?.PolicyDocument);
    }
    const policy = MANAGED_POLICIES[name];
    if (policy === undefined)
      throw new Error(
        `${role} has AWS's policy ${name}, which nobody looked at: add it to test/support/iam-managed.ts.`,
      );
    return { name, policy };
  }

  #policy(stackId: string, name: string, document: unknown): Actor['policies'][number] {
    return { name, policy: { Version: '2012-10-17', ...objectOf(this.names.resolve(stackId, document)) } };
  }

  *#policiesOfResources(): Generator<readonly [string, unknown]> {
    for (const [stackId, id, { Properties }] of this.#all(['AWS::KMS::Key']))
      yield [this.names.arn(stackId, id), this.names.resolve(stackId, Properties?.KeyPolicy)];
    for (const [type, key] of Object.entries(RESOURCE_POLICIES))
      for (const [stackId, , { Properties }] of this.#all([type]))
        for (const target of listOf(Properties?.[key])) {
          const [logicalId] = [objectOf(target).Ref].map(String);
          if (this.#templates.get(stackId)?.Resources[logicalId ?? ''] !== undefined)
            yield [this.names.arn(stackId, logicalId ?? ''), this.names.resolve(stackId, Properties?.PolicyDocument)];
        }
  }

  #path(stackId: string, logicalId: string): string {
    return (this.#paths.get(`${stackId} ${logicalId}`) ?? `${stackId}/${logicalId}`).replace(/\/Resource$/, '');
  }
}

/** Construct paths below the site, by stack and logical id. */
function pathsOf({ stage }: PermittedSite): Map<string, string> {
  const root = `${stage.node.path}/`;
  return new Map(
    stage.node.findAll().flatMap((construct) => {
      if (!CfnElement.isCfnElement(construct)) return [];
      const { stack } = construct;
      const path = construct.node.path.slice(root.length);
      return [[`${stack.node.path.slice(root.length)} ${stack.resolve(construct.logicalId)}`, path] as const];
    }),
  );
}
