import { Stack, type StackProps } from 'aws-cdk-lib';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { OutpostConfig } from '../../core/site/schema.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import { ContainerHistorian } from '../constructs/on-prem/container-historian.ts';
import { ServiceEndpoints } from '../constructs/on-prem/endpoints.ts';
import { HubService } from '../constructs/on-prem/hub-service.ts';
import { OutpostInstances } from '../constructs/on-prem/instances.ts';
import { asVpc } from '../constructs/on-prem/interfaces.ts';
import { HubLoadBalancer } from '../constructs/on-prem/load-balancer.ts';
import { ManagedHistorian } from '../constructs/on-prem/managed-historian.ts';
import { OnPremNetwork } from '../constructs/on-prem/network.ts';
import { OutpostStorage } from '../constructs/on-prem/outpost-storage.ts';
import { onPremSettings } from '../constructs/on-prem/site-faults.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the part of a site on its Outpost is made for. */
export interface OnPremStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  readonly outpost: OutpostConfig;
}

/** The hub on the Outpost in the factory: network, cluster, historian, load balancer, storage. */
export class OnPremStack extends Stack {
  readonly watched: Watched;
  readonly #zone: string;

  constructor(scope: Construct, id: string, props: OnPremStackProps) {
    super(scope, id, props);
    const { deployment, foundation, outpost } = props;
    const { accessLogs } = foundation;
    // By its ARN: grants stand with roles here, and Foundation's template names none of them.
    const key = Key.fromKeyArn(this, 'Key', foundation.key.keyArn);
    this.#zone = outpost.availabilityZone;
    const settings = onPremSettings(deployment, outpost);
    const { otNetworks } = deployment.site.network;
    const { endpointSubnetCidr } = settings;
    const network = new OnPremNetwork(this, 'Network', { outpost, otNetworks, endpointSubnetCidr, key });
    const endpoints = new ServiceEndpoints(this, 'Endpoints', { outpost, network });
    const storage = outpost.s3 ? new OutpostStorage(this, 'Storage', { deployment, outpost, network }) : undefined;
    const cluster = new Cluster(this, 'Cluster', {
      vpc: asVpc(network.vpc),
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const historian =
      outpost.generation === 1
        ? new ManagedHistorian(this, 'Historian', { deployment, outpost, network, key })
        : new ContainerHistorian(this, 'Historian', { deployment, outpost, network, key, cluster, storage });
    const instances = new OutpostInstances(this, 'Instances', {
      outpost,
      network,
      cluster,
      key,
      count: outpost.instances,
      role: 'hub',
    });
    // Instances reach ECS, ECR and their disks' API by the endpoints alone.
    for (const { node } of [historian, instances]) node.addDependency(endpoints);
    const hub = new HubService(this, 'Hub', { deployment, settings, network, cluster, instances, historian, key });
    new HubLoadBalancer(this, 'LoadBalancer', { deployment, settings, network, otNetworks, hub, accessLogs });
    this.watched = {
      databases: historian.watched.databases ?? [],
      services: [
        { clusterName: cluster.clusterName, serviceName: hub.service.serviceName },
        ...(historian.watched.services ?? []),
      ],
    };
  }

  /** The Outpost's own zone: no look-up in the account. */
  override get availabilityZones(): string[] {
    return [this.#zone];
  }
}
