import { Duration, Stack } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Capability,
  type Cluster,
  ContainerImage,
  Secret as ContainerSecret,
  Ec2Service,
  Ec2TaskDefinition,
  LinuxParameters,
  NetworkMode,
  PlacementStrategy,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SECRET_OPTIONS_VARIABLE } from '../../../core/process-messages.ts';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeHubService } from './acknowledgements.ts';
import { containerLogs } from './container-logs.ts';
import type { Historian } from './historian.ts';
import { BROKER_PASSWORD_VARIABLE, hubImageContext } from './hub-image.ts';
import { HEALTH_PATH, HUB_PORT, hubOptions } from './hub-options.ts';
import type { OutpostInstances } from './instances.ts';
import { asCluster, asSecret, asVpc } from './interfaces.ts';
import type { OnPremNetwork } from './network.ts';
import { letDecryptSecrets } from './secret-key.ts';
import { orderService } from './service-order.ts';
import type { OnPremSettings } from './site-faults.ts';

/** Memory of the hub: what is reserved, and where it ends, MiB. */
const MEMORY_MIB = { reserved: 1024, most: 4096 };

/** What the {@link HubService} is made for. */
export interface HubServiceProps {
  readonly deployment: Deployment;
  readonly settings: OnPremSettings;
  readonly network: OnPremNetwork;
  readonly cluster: Cluster;
  readonly instances: OutpostInstances;
  readonly historian: Historian;
  readonly key: IKey;
}

/**
 * The hub as an ECS service. Exactly one runs: two would both fire the rules of machines and both answer the gateways'
 * outboxes. So a deployment stops the old one first, and the outboxes keep what comes meanwhile. A crashed container is
 * started again by the instance itself, also without the service link.
 */
export class HubService extends Construct {
  readonly service: Ec2Service;
  readonly securityGroup: SecurityGroup;
  /** The access token of API and dashboard, as the hub takes it: `{"token": "..."}`. */
  readonly token: Secret;

  constructor(scope: Construct, id: string, props: HubServiceProps) {
    super(scope, id);
    const { deployment, network, cluster, historian, key } = props;
    this.token = new Secret(this, 'Token', {
      description: `Access token of the hub of ${deployment.site.name}`,
      encryptionKey: key,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'token',
        passwordLength: 48,
        excludePunctuation: true,
      },
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: 'Hub: HTTP from the load balancer, to the historian and the LAN broker alone',
      allowAllOutbound: false,
    });
    this.#allowBroker(props);
    historian.allowFrom(this.securityGroup);
    const taskDefinition = this.#taskDefinition(props);
    this.service = new Ec2Service(this, 'Service', {
      cluster: asCluster(cluster),
      taskDefinition,
      desiredCount: 1,
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      circuitBreaker: { enable: true, rollback: true },
      capacityProviderStrategies: [
        { capacityProvider: props.instances.capacityProvider.capacityProviderName, weight: 1 },
      ],
      placementStrategies: [PlacementStrategy.spreadAcrossInstances()],
      vpcSubnets: network.selection,
      securityGroups: [this.securityGroup],
      enableExecuteCommand: false,
      // The start reads the last days from the historian.
      healthCheckGracePeriod: Duration.minutes(3),
      propagateTags: PropagatedTagSource.SERVICE,
    });
    orderService(this.service, cluster, taskDefinition);
    // A hub that finds no database ends; three of them in a row, and ECS would roll the deployment back.
    this.service.node.addDependency(historian);
    acknowledgeHubService(this);
  }

  /** By its address where it is one, else to wherever in the OT networks its name leads. */
  #allowBroker({ deployment, settings: { broker } }: HubServiceProps): void {
    const isNumeric = /^[\d.]+$/.test(broker.host);
    const places = isNumeric ? [`${broker.host}/32`] : deployment.site.network.otNetworks.map(({ cidr }) => cidr);
    for (const place of places) {
      this.securityGroup.addEgressRule(Peer.ipv4(place), Port.tcp(broker.port), 'MQTT to the LAN broker');
    }
  }

  #taskDefinition({ deployment, settings, historian, key }: HubServiceProps): Ec2TaskDefinition {
    const { folder, siteFile } = hubImageContext(deployment);
    const image = new DockerImageAsset(this, 'Image', { directory: folder, platform: Platform.LINUX_AMD64 });
    const taskDefinition = new Ec2TaskDefinition(this, 'Task', { networkMode: NetworkMode.AWS_VPC });
    const { passwordSecretName } = settings.broker;
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    linuxParameters.addTmpfs({ containerPath: '/tmp', size: 64 });
    taskDefinition.addContainer('hub', {
      containerName: 'hub',
      image: ContainerImage.fromDockerImageAsset(image),
      command: [Stack.of(this).toJsonString(hubOptions(settings, siteFile, historian))],
      secrets: {
        [SECRET_OPTIONS_VARIABLE]: ContainerSecret.fromSecretsManager(asSecret(this.token)),
        PGPASSWORD: historian.password,
        ...(passwordSecretName !== undefined && {
          [BROKER_PASSWORD_VARIABLE]: ContainerSecret.fromSecretsManager(
            Secret.fromSecretNameV2(this, 'BrokerPassword', passwordSecretName),
          ),
        }),
      },
      portMappings: [{ containerPort: HUB_PORT }],
      memoryReservationMiB: MEMORY_MIB.reserved,
      memoryLimitMiB: MEMORY_MIB.most,
      user: '10001:10001',
      readonlyRootFilesystem: true,
      privileged: false,
      linuxParameters,
      logging: containerLogs(this, 'hub', { key, keepsRawValues: deployment.keepsRawValues }),
      enableRestartPolicy: true,
      restartAttemptPeriod: Duration.minutes(1),
      stopTimeout: Duration.seconds(60),
      healthCheck: {
        command: ['CMD', 'node', '-e', healthScript()],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(120),
        retries: 3,
      },
    });
    letDecryptSecrets(taskDefinition, key);
    return taskDefinition;
  }
}

/** Healthy is a hub that answers: one whose broker or database is away says so (`degraded`), and gains nothing by a restart. */
function healthScript(): string {
  const url = `http://127.0.0.1:${HUB_PORT}${HEALTH_PATH}`;
  return `fetch('${url}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
}
