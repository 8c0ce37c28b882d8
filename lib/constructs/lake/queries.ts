import { Duration } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import type { LakeCatalog } from './catalog.ts';
import { DataBucket, type DataFoundation } from './data-bucket.ts';
import { downtimeParetoSql } from './queries/downtime-pareto.ts';
import { freshnessSql } from './queries/freshness.ts';
import { oeeByShiftSql } from './queries/oee-by-shift.ts';

/** What {@link LakeQueries} are made for. */
export interface LakeQueriesProps {
  readonly deployment: Deployment;
  readonly foundation: DataFoundation;
  readonly catalog: LakeCatalog;
}

/** Results can be had again by asking again. */
const RESULT_RETENTION = Duration.days(30);
/** The most that one query may read, 100 GB: a mistake (no day in the WHERE) costs some 50 cents, not a fortune. */
const BYTES_SCANNED_CUTOFF = 100 * 1000 ** 3;

/** Who asks the lake: a workgroup with limits that nobody can set aside, and the questions that every factory has. */
export class LakeQueries extends Construct {
  readonly workGroup: CfnWorkGroup;
  /** Where results go, for a while. */
  readonly results: DataBucket;

  constructor(scope: Construct, id: string, props: LakeQueriesProps) {
    super(scope, id);
    const { deployment, foundation, catalog } = props;
    const { site, scope: deployed, names } = deployment;
    this.results = new DataBucket(this, 'Results', {
      deployment,
      foundation,
      lifecycleRules: [{ id: 'results', expiration: RESULT_RETENTION }],
    });
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: names.prefix,
      // A workgroup with a history of queries could else never be removed; results lie in their bucket.
      recursiveDeleteOption: true,
      description: `Queries over the lake of the Plantbridge site ${site.id}`,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        bytesScannedCutoffPerQuery: BYTES_SCANNED_CUTOFF,
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: `s3://${this.results.bucket.bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: foundation.key.keyArn },
        },
      },
    });
    const queried = { timeZone: site.timeZone, lines: deployed.lines };
    this.#named('OeeByShift', catalog, {
      name: `${names.prefix}-oee-by-shift`,
      description: 'Availability, performance, quality and OEE of machines and lines by shift, last week',
      sql: oeeByShiftSql({ ...queried, shifts: site.shifts, qualityFeedback: deployment.confirmsQuality }),
    });
    // States are raw values: a site that keeps those has no downtime by reason in the cloud, but in its hub.
    if (!deployment.keepsRawValues) {
      this.#named('DowntimePareto', catalog, {
        name: `${names.prefix}-downtime-pareto`,
        description: 'Unplanned downtime by machine, state and reason, last week',
        sql: downtimeParetoSql(queried),
      });
    }
    this.#named('Freshness', catalog, {
      name: `${names.prefix}-freshness`,
      description: "Each machine's newest value in the lake, the most silent machine first",
      sql: freshnessSql(queried),
    });
  }

  #named(id: string, catalog: LakeCatalog, query: { name: string; description: string; sql: string }): void {
    const named = new CfnNamedQuery(this, id, {
      name: query.name,
      description: query.description,
      database: catalog.database.databaseName,
      workGroup: this.workGroup.name,
      queryString: query.sql,
    });
    named.addResourceDependency(this.workGroup);
    named.addResourceDependency(catalog.view);
  }
}
