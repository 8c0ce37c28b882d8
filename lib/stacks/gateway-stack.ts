import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnThingGroup, CfnThingType } from 'aws-cdk-lib/aws-iot';
import type { Construct } from 'constructs';
import type { GatewayConfig } from '../../core/site/schema.ts';
import { checkedSerialNumbers } from '../constructs/gateway/checked-serial-numbers.ts';
import { CorePolicies } from '../constructs/gateway/core-policies.ts';
import { GatewayDefender } from '../constructs/gateway/gateway-defender.ts';
import { GatewayEnrolment } from '../constructs/gateway/gateway-enrolment.ts';
import { GatewayLogs } from '../constructs/gateway/gateway-logs.ts';
import { gatewayRules } from '../constructs/gateway/gateway-rules.ts';
import { gatewaySecrets } from '../constructs/gateway/gateway-secrets.ts';
import { SERIAL_NUMBER_ATTRIBUTE } from '../constructs/gateway/provisioning-template-body.ts';
import { TokenExchangeRole } from '../constructs/gateway/token-exchange-role.ts';
import { GatewaySoftware } from '../constructs/greengrass/gateway-software.ts';
import { localClientThing } from '../constructs/greengrass/local-broker.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import { dataRemovalPolicy } from '../removal.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What a gateway's cloud side is made for. */
export interface GatewayStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  readonly gateway: GatewayConfig;
}

/** One gateway: its enrolment, its rights, and what runs on it. */
export class GatewayStack extends Stack {
  /** The IoT thing, which is also the Greengrass core device; the provisioning template makes it. */
  readonly thingName: string;
  /** The group that the gateway's software is deployed to; the gateway alone is in it. */
  readonly thingGroup: CfnThingGroup;
  /** The role of the programs on the gateway. */
  readonly tokenExchangeRole: Role;
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, props);
    const { deployment, foundation, gateway } = props;
    const { names, site } = deployment;
    const { key } = foundation;
    this.thingName = names.gateway(gateway.id);
    const thingType = new CfnThingType(this, 'ThingType', {
      thingTypeName: this.thingName,
      thingTypeProperties: { searchableAttributes: [SERIAL_NUMBER_ATTRIBUTE, 'site', 'gateway'] },
    });
    this.thingGroup = new CfnThingGroup(this, 'ThingGroup', {
      thingGroupName: this.thingName,
      thingGroupProperties: { thingGroupDescription: `Gateway ${gateway.id} of the site ${site.id}` },
    });
    const secrets = gatewaySecrets(deployment, gateway);
    const { role, alias } = new TokenExchangeRole(this, 'TokenExchange', {
      thingName: this.thingName,
      siteId: site.id,
      ...gatewayRules(deployment),
      secrets,
      key,
    });
    this.tokenExchangeRole = role;
    const policies = new CorePolicies(this, 'CorePolicies', {
      thingName: this.thingName,
      localClientThing: localClientThing(deployment, gateway.id),
      roleAlias: alias,
    });
    const enrolment = new GatewayEnrolment(this, 'Enrolment', {
      templateName: names.provisioningTemplate(gateway.id),
      thing: {
        thingName: this.thingName,
        thingGroupName: this.thingName,
        thingTypeName: this.thingName,
        policyNames: policies.names,
        attributes: { site: site.id, gateway: gateway.id },
      },
      serialNumbers: checkedSerialNumbers(deployment, gateway),
      key,
      removalPolicy: dataRemovalPolicy(deployment),
    });
    enrolment.node.addDependency(thingType, this.thingGroup);
    new CfnOutput(this, 'ProvisioningTemplateArn', {
      description: 'Who enrols this gateway needs iot:CreateProvisioningClaim on it',
      value: this.formatArn({
        service: 'iot',
        resource: 'provisioningtemplate',
        resourceName: names.provisioningTemplate(gateway.id),
      }),
    });
    new GatewaySoftware(this, 'Software', {
      deployment,
      gateway,
      thingGroupArn: this.thingGroup.attrArn,
      tokenExchangeRole: role,
      secrets,
    });
    const ownComponents = ['connector', ...(deployment.scope.hubGatewayBeforeOutpostId === gateway.id ? ['hub'] : [])];
    new GatewayLogs(this, 'Logs', {
      thingName: this.thingName,
      // What a program logs may hold values: where these stay in the factory, its logs do too.
      componentNames: deployment.keepsRawValues ? [] : ownComponents.map((name) => names.component(gateway.id, name)),
      key,
    }).grantWrite(role);
    new GatewayDefender(this, 'Defender', {
      thingGroupArn: this.thingGroup.attrArn,
      alarmTopic: foundation.alarmTopic,
      key,
    });
    this.watched = {
      gateways: [{ gatewayId: gateway.id, thingName: this.thingName }],
      functions: [enrolment.hook],
    };
  }
}
