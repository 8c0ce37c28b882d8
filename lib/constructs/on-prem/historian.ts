import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import type { Watched } from '../observability/watched.ts';

/** Name of the historian's database and of its user. */
export const HISTORIAN_NAME = 'plantbridge';
/** The port of PostgreSQL. */
export const POSTGRESQL_PORT = 5432;
/** How long backups are kept, days. */
export const BACKUP_RETENTION_DAYS = 14;

/** The hub's PostgreSQL on the Outpost, of whichever kind. */
export interface Historian extends IConstruct {
  /** Connection string without the password: the driver takes that from the environment variable `PGPASSWORD`. */
  readonly connectionString: string;
  readonly password: Secret;
  readonly watched: Watched;
  /** Opens its port for a client, and the client's way to it. */
  allowFrom(client: IConnectable): void;
}
