import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { CfnNetworkInterface, type IConnectable, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  type Cluster,
  type ContainerDefinitionOptions,
  ContainerImage,
  Secret as ContainerSecret,
  Ec2Service,
  Ec2TaskDefinition,
  LinuxParameters,
  NetworkMode,
  PlacementConstraint,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Watched } from '../observability/watched.ts';
import { acknowledgeContainerHistorian } from './acknowledgements.ts';
import { lastUsableAddress } from './addresses.ts';
import { containerLogs } from './container-logs.ts';
import { BACKUP_RETENTION_DAYS, HISTORIAN_NAME, type Historian, POSTGRESQL_PORT } from './historian.ts';
import { HistorianDisks } from './historian-disks.ts';
import { OutpostInstances, ROLE_ATTRIBUTE } from './instances.ts';
import { asCluster, asSecret, asVpc } from './interfaces.ts';
import type { HistorianProps } from './managed-historian.ts';
import type { OutpostStorage } from './outpost-storage.ts';
import { letDecryptSecrets } from './secret-key.ts';
import { orderService } from './service-order.ts';

const IMAGE_FOLDER = join(import.meta.dirname, '../../../assets/container/postgresql');
/** The user `postgres` in the official image. */
const POSTGRES_USER = '999:999';
/** The hour of a day at which the backup begins, UTC. */
const BACKUP_HOUR_UTC = 1;

/** What the {@link ContainerHistorian} is made for. */
export interface ContainerHistorianProps extends HistorianProps {
  readonly cluster: Cluster;
  /** S3 on Outposts, for copies of the backups. @default they stay on a disk of the Outpost */
  readonly storage: OutpostStorage | undefined;
}

/**
 * PostgreSQL on an Outpost of generation 2, which has no RDS: a container on an instance of its own. Its data and its backups lie
 * on two disks that outlive the instance, and its address is a network interface that does, too: clients need no name.
 */
export class ContainerHistorian extends Construct implements Historian {
  readonly service: Ec2Service;
  readonly connectionString: string;
  readonly password: ContainerSecret;
  readonly watched: Watched;
  readonly disks: HistorianDisks;
  readonly #securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: ContainerHistorianProps) {
    super(scope, id);
    const { deployment, outpost, network, cluster, key } = props;
    const secret = new Secret(this, 'Password', {
      description: `Password of the historian of ${deployment.site.name}`,
      encryptionKey: key,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: HISTORIAN_NAME }),
        generateStringKey: 'password',
        passwordLength: 48,
        excludePunctuation: true,
      },
    });
    this.password = ContainerSecret.fromSecretsManager(asSecret(secret), 'password');
    this.#securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: 'Historian: PostgreSQL from the hub alone',
      allowAllOutbound: false,
    });
    const address = lastUsableAddress(outpost.subnetCidr);
    const networkInterface = new CfnNetworkInterface(this, 'Address', {
      subnetId: network.subnet.subnetId,
      privateIpAddress: address,
      groupSet: [this.#securityGroup.securityGroupId],
      description: `Historian of ${deployment.site.id}: its address outlives its instance`,
    });
    this.disks = new HistorianDisks(this, 'Disks', { deployment, outpost, key });
    const instances = new OutpostInstances(this, 'Instance', {
      outpost,
      network,
      cluster,
      key,
      count: 1,
      role: 'historian',
      commands: this.disks.attachCommands(networkInterface.attrId),
    });
    this.disks.grantAttach(instances.instanceRole, networkInterface.attrId);
    this.service = this.#serviceOn(instances, props);
    this.connectionString = `postgres://${HISTORIAN_NAME}@${address}:${POSTGRESQL_PORT}/${HISTORIAN_NAME}?uselibpqcompat=true&sslmode=require`;
    this.watched = {
      services: [{ clusterName: cluster.clusterName, serviceName: this.service.serviceName }],
    };
    acknowledgeContainerHistorian(this);
  }

  allowFrom(client: IConnectable): void {
    this.#securityGroup.connections.allowFrom(client, Port.tcp(POSTGRESQL_PORT), 'PostgreSQL from the hub');
  }

  #serviceOn(instances: OutpostInstances, props: ContainerHistorianProps): Ec2Service {
    const { deployment, cluster, storage, key } = props;
    const taskDefinition = new Ec2TaskDefinition(this, 'Task', {
      // The address belongs to the instance, so its network is the container's.
      networkMode: NetworkMode.HOST,
      volumes: [
        { name: 'data', host: { sourcePath: this.disks.dataFolder } },
        { name: 'backups', host: { sourcePath: this.disks.backupFolder } },
      ],
    });
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true, sharedMemorySize: 256 });
    linuxParameters.addTmpfs({ containerPath: '/tmp', size: 64 }, { containerPath: '/var/run/postgresql', size: 1 });
    const common = {
      image: ContainerImage.fromDockerImageAsset(
        new DockerImageAsset(this, 'Image', { directory: IMAGE_FOLDER, platform: Platform.LINUX_AMD64 }),
      ),
      user: POSTGRES_USER,
      readonlyRootFilesystem: true,
      privileged: false,
      linuxParameters,
      logging: containerLogs(this, 'historian', { key, keepsRawValues: deployment.keepsRawValues }),
      enableRestartPolicy: true,
      restartAttemptPeriod: Duration.minutes(1),
    } satisfies Partial<ContainerDefinitionOptions>;
    const database = taskDefinition.addContainer('postgresql', {
      ...common,
      containerName: 'postgresql',
      memoryReservationMiB: 2048,
      environment: { POSTGRES_USER: HISTORIAN_NAME, POSTGRES_DB: HISTORIAN_NAME },
      secrets: { POSTGRES_PASSWORD: this.password },
      // PostgreSQL ends in good order within this time, and needs no recovery then.
      stopTimeout: Duration.seconds(120),
      healthCheck: {
        command: ['CMD', 'pg_isready', '--quiet', '--host', '127.0.0.1', '--username', HISTORIAN_NAME],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(300),
        retries: 3,
      },
    });
    const backup = taskDefinition.addContainer('backup', {
      ...common,
      containerName: 'backup',
      essential: false,
      memoryReservationMiB: 256,
      entryPoint: ['/usr/local/bin/backup.sh'],
      environment: {
        PGHOST: '127.0.0.1',
        PGUSER: HISTORIAN_NAME,
        PGDATABASE: HISTORIAN_NAME,
        PGSSLMODE: 'require',
        BACKUP_HOUR_UTC: String(BACKUP_HOUR_UTC),
        BACKUP_RETENTION_DAYS: String(BACKUP_RETENTION_DAYS),
        ...(storage !== undefined && { BACKUP_BUCKET: storage.accessPointArn }),
      },
      secrets: { PGPASSWORD: this.password },
    });
    letDecryptSecrets(taskDefinition, key);
    storage?.grantPut(taskDefinition.taskRole, 'historian');
    database.addMountPoints({ sourceVolume: 'data', containerPath: '/var/lib/postgresql/data', readOnly: false });
    backup.addMountPoints({ sourceVolume: 'backups', containerPath: '/backups', readOnly: false });
    const service = new Ec2Service(this, 'Service', {
      cluster: asCluster(cluster),
      taskDefinition,
      desiredCount: 1,
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      circuitBreaker: { enable: true, rollback: true },
      capacityProviderStrategies: [{ capacityProvider: instances.capacityProvider.capacityProviderName, weight: 1 }],
      placementConstraints: [PlacementConstraint.memberOf(`attribute:${ROLE_ATTRIBUTE} == historian`)],
      enableExecuteCommand: false,
      propagateTags: PropagatedTagSource.SERVICE,
    });
    orderService(service, cluster, taskDefinition);
    return service;
  }
}
