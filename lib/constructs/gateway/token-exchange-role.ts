import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRoleAlias } from 'aws-cdk-lib/aws-iot';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledgeTokenExchangeRole } from './acknowledgements.ts';

/** Whose role it is. */
export interface TokenExchangeRoleProps {
  /** The IoT thing, after which the role alias is named. */
  readonly thingName: string;
  /** The IoT rules that take this gateway's batches, by name. */
  readonly batchRules: readonly string[];
  /** The site, whose machines alone may have states from here. */
  readonly siteId: string;
  /** The IoT rules that take single states, by name: topic levels for site, line and machine follow. */
  readonly stateRules: readonly string[];
  /** Secrets that the gateway's programs read, by name or ARN, see `gatewaySecrets`. */
  readonly secrets: readonly string[];
  /** The site's key, which may encrypt the secrets. */
  readonly key: IKey;
}

/**
 * The role whose credentials the programs on one gateway get by its certificate. It publishes to the rules that take its values
 * and nowhere else: whatever another construct grants later, the denial stands.
 */
export class TokenExchangeRole extends Construct {
  readonly role: Role;
  readonly alias: CfnRoleAlias;

  constructor(scope: Construct, id: string, props: TokenExchangeRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new Role(this, 'Role', {
      description: `Programs on the gateway ${props.thingName}`,
      assumedBy: new ServicePrincipal('credentials.iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      maxSessionDuration: Duration.hours(1),
    });
    this.alias = new CfnRoleAlias(this, 'Alias', {
      roleAlias: props.thingName,
      roleArn: this.role.roleArn,
      credentialDurationSeconds: Duration.hours(1).toSeconds(),
    });
    this.#allowPublishing(props);
    this.#allowSecrets(props);
  }

  #allowPublishing({ thingName, siteId, batchRules, stateRules }: TokenExchangeRoleProps): void {
    const arn = (resource: string, name: string) =>
      Stack.of(this).formatArn({ service: 'iot', resource, resourceName: name });
    const batchTopics = batchRules.map((rule) => arn('topic', `$aws/rules/${rule}/${thingName}`));
    const stateTopics = stateRules.map((rule) => arn('topic', `$aws/rules/${rule}/${thingName}/${siteId}/*`));
    const topics = [...batchTopics, ...stateTopics];
    // The cloud link's own connections; NAME itself is the nucleus', which a program must not push out.
    const connections = arn('client', `${thingName}#*`);
    this.role.addToPolicy(new PolicyStatement({ actions: ['iot:Connect'], resources: [connections] }));
    this.role.addToPolicy(new PolicyStatement({ actions: ['iot:Publish'], resources: topics }));
    this.role.addToPolicy(
      new PolicyStatement({ effect: Effect.DENY, actions: ['iot:Publish', 'iot:RetainPublish'], notResources: topics }),
    );
    acknowledgeTokenExchangeRole(this.role, connections, stateTopics);
  }

  #allowSecrets({ secrets, key }: TokenExchangeRoleProps): void {
    if (secrets.length === 0) return;
    const { region } = Stack.of(this);
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets.map((secret) => this.#secretArn(secret)),
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
      }),
    );
  }

  /** Secrets Manager adds a hyphen and six characters to a name: `NAME-*` would be another secret's name too. */
  #secretArn(secret: string): string {
    if (secret.startsWith('arn:')) return secret;
    return Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${secret}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
