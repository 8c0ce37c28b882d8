import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IConnectable, InstanceType, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CfnDBInstance,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { CfnOutpostResolver } from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import type { Watched } from '../observability/watched.ts';
import { acknowledgeManagedHistorian } from './acknowledgements.ts';
import { BACKUP_RETENTION_DAYS, HISTORIAN_NAME, type Historian, POSTGRESQL_PORT } from './historian.ts';
import { RDS_CERTIFICATES } from './hub-image.ts';
import { asVpc } from './interfaces.ts';
import type { OnPremNetwork } from './network.ts';

/** Outposts of generation 1: the smallest type that a resolver takes, and how many it needs at least. */
const RESOLVER = { instanceType: 'm5.large', instances: 4 };

/** What a historian on the Outpost is made for. */
export interface HistorianProps {
  readonly deployment: Deployment;
  readonly outpost: OutpostConfig;
  readonly network: OnPremNetwork;
  readonly key: IKey;
}

/**
 * PostgreSQL on an Outpost of generation 1: RDS on Outposts, one instance, with its backups on the Outpost where that has S3.
 * Its name is resolved by a resolver on the Outpost, which answers from its cache while the service link is lost.
 */
export class ManagedHistorian extends Construct implements Historian {
  readonly database: DatabaseInstance;
  readonly connectionString: string;
  readonly password: ContainerSecret;
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: HistorianProps) {
    super(scope, id);
    const { deployment, outpost, network, key } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: 'Historian: PostgreSQL from the hub alone',
      allowAllOutbound: false,
    });
    const credentials = Credentials.fromGeneratedSecret(HISTORIAN_NAME, { encryptionKey: key });
    const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16_10 });
    this.database = new DatabaseInstance(this, 'Database', {
      engine,
      instanceType: new InstanceType(outpost.databaseInstanceClass.replace(/^db\./, '')),
      credentials,
      databaseName: HISTORIAN_NAME,
      vpc: asVpc(network.vpc),
      subnetGroup: new SubnetGroup(this, 'Subnets', {
        description: 'The subnet on the Outpost',
        vpc: asVpc(network.vpc),
        vpcSubnets: network.selection,
      }),
      securityGroups: [securityGroup],
      port: POSTGRESQL_PORT,
      publiclyAccessible: false,
      multiAz: false,
      allocatedStorage: outpost.databaseStorageGigabytes,
      storageType: StorageType.GP2,
      storageEncrypted: true,
      storageEncryptionKey: key,
      backupRetention: Duration.days(BACKUP_RETENTION_DAYS),
      deleteAutomatedBackups: deployment.deletesData,
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: !deployment.deletesData,
      // An instance that stayed would go on costing, and would hold the VPC. A snapshot lies where `backupTarget` says: with residency
      // aggregates on the Outpost.
      removalPolicy: deployment.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: 'TLS only; no values in logs',
        parameters: PARAMETERS,
      }),
      // A message of PostgreSQL may repeat a value that it refuses.
      ...(!deployment.keepsRawValues && { cloudwatchLogsExports: ['postgresql', 'upgrade'] }),
      enablePerformanceInsights: false,
    });
    const { defaultChild } = this.database.node;
    // Not to be changed later: RDS would make a new instance of it.
    if (defaultChild instanceof CfnDBInstance) defaultChild.backupTarget = outpost.s3 ? 'outposts' : 'region';
    new CfnOutpostResolver(this, 'Resolver', {
      name: deployment.names.prefix,
      outpostArn: outpost.arn,
      preferredInstanceType: RESOLVER.instanceType,
      instanceCount: RESOLVER.instances,
    });
    const { hostname } = this.database.instanceEndpoint;
    this.connectionString = `postgres://${HISTORIAN_NAME}@${hostname}:${POSTGRESQL_PORT}/${HISTORIAN_NAME}?sslmode=verify-full&sslrootcert=${RDS_CERTIFICATES}`;
    const { secret } = this.database;
    if (secret === undefined) throw new Error(`${Stack.of(this).stackName} has a database without a password.`);
    this.password = ContainerSecret.fromSecretsManager(secret, 'password');
    this.watched = { databases: [this.database.instanceIdentifier] };
    acknowledgeManagedHistorian(this, deployment);
  }

  allowFrom(client: IConnectable): void {
    this.database.connections.allowFrom(client, Port.tcp(POSTGRESQL_PORT), 'PostgreSQL from the hub');
  }
}

const PARAMETERS: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  // Neither the statement that failed nor the row that it was about.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};
