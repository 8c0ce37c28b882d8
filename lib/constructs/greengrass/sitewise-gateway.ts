import { Stack } from 'aws-cdk-lib';
import { type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnGateway } from 'aws-cdk-lib/aws-iotsitewise';
import { Construct } from 'constructs';
import type { GatewayConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeSitewiseGateway } from './acknowledgements.ts';
import { opcUaCollectorSchema, publisherSchema } from './capability-schema.ts';
import { collectorConfiguration, collectorTopics, type NativeSource, publisherConfiguration } from './sitewise-edge.ts';

/** Which gateway AWS's own collector runs on, and what it reads. */
export interface SitewiseGatewayProps {
  readonly deployment: Deployment;
  readonly gateway: GatewayConfig;
  readonly sources: readonly NativeSource[];
  /** The role of the programs on the gateway, the publisher among them. */
  readonly tokenExchangeRole: IRole;
  /** The ARN of a secret by its name. */
  readonly secretArn: (name: string) => string;
}

const OPERATING_SYSTEM = { x86_64: 'LINUX_AMD64', arm64: 'LINUX_AARCH64' } as const;

/** A gateway of AWS IoT SiteWise Edge (MQTT-enabled, V3), for sources with `collector: sitewise-edge`. */
export class SitewiseGateway extends Construct {
  readonly gateway: CfnGateway;

  constructor(scope: Construct, id: string, props: SitewiseGatewayProps) {
    super(scope, id);
    const { deployment, gateway, sources, secretArn } = props;
    const thingName = deployment.names.gateway(gateway.id);
    const topics = collectorTopics(deployment, gateway);
    const collector = collectorConfiguration(deployment.site.id, sources, secretArn);
    const publisher = publisherConfiguration(topics);
    // SiteWise takes any text, and the gateway then stays out of sync: what is wrong is to be known here.
    opcUaCollectorSchema.parse(collector);
    publisherSchema.parse(publisher);
    this.gateway = new CfnGateway(this, 'Gateway', {
      gatewayName: thingName,
      gatewayVersion: '3',
      gatewayPlatform: {
        greengrassV2: {
          coreDeviceThingName: thingName,
          coreDeviceOperatingSystem: OPERATING_SYSTEM[gateway.architecture],
        },
      },
      gatewayCapabilitySummaries: [
        {
          capabilityNamespace: 'iotsitewise:opcuacollector:3',
          capabilityConfiguration: Stack.of(this).toJsonString(collector),
        },
        { capabilityNamespace: 'iotsitewise:publisher:3', capabilityConfiguration: JSON.stringify(publisher) },
      ],
    });
    this.#allow(props.tokenExchangeRole);
  }

  /** What of AWSIoTSiteWiseEdgeAccess the collector and the publisher need: values, and the gateway's own configuration. */
  #allow(role: IRole): void {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'iotsitewise', resource, resourceName });
    // Streams have ids of SiteWise's own making, and no action takes their alias as a condition.
    const targets = [arn('asset', '*'), arn('time-series', '*')];
    const policy = new Policy(this, 'Publisher', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['iotsitewise:BatchPutAssetPropertyValue'], resources: targets }),
        new PolicyStatement({
          actions: ['iotsitewise:DescribeGateway', 'iotsitewise:DescribeGatewayCapabilityConfiguration'],
          resources: [arn('gateway', this.gateway.attrGatewayId)],
        }),
      ],
    });
    acknowledgeSitewiseGateway(policy, targets);
  }
}
