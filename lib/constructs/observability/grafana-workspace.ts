import { Stack } from 'aws-cdk-lib';
import { CfnWorkspace } from 'aws-cdk-lib/aws-grafana';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeGrafanaWorkspace } from './acknowledgements.ts';
import { LakeReader } from './lake-reader.ts';
import type { WatchedLake } from './watched.ts';

/** What a {@link GrafanaWorkspace} is made for. */
export interface GrafanaWorkspaceProps {
  readonly deployment: Deployment;
  /** The site's key. */
  readonly key: IKey;
  /** What it may ask for losses and data gaps. @default AWS IoT SiteWise alone */
  readonly lake?: WatchedLake | undefined;
}

/** The version of Grafana that the dashboards are written for. */
const GRAFANA_VERSION = '10.4';

/**
 * An Amazon Managed Grafana workspace for the OEE dashboards. People sign in by IAM Identity Center, and see nothing until somebody assigns them
 * to it. Its role reads OEE and lake, of this account alone; SiteWise's queries know no narrower right than the account's assets.
 */
export class GrafanaWorkspace extends Construct {
  readonly workspace: CfnWorkspace;

  constructor(scope: Construct, id: string, props: GrafanaWorkspaceProps) {
    super(scope, id);
    const { deployment, key, lake } = props;
    const { partition, region, account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: `What Grafana may read of ${deployment.site.id}`,
      assumedBy: new ServicePrincipal('grafana.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          StringLike: { 'aws:SourceArn': `arn:${partition}:grafana:${region}:${account}:/workspaces/*` },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['iotsitewise:ExecuteQuery', 'iotsitewise:ListAssetModels'],
        // Neither has resources; the dashboards ask for this site's assets by their external ids.
        resources: ['*'],
      }),
    );
    if (lake !== undefined) role.addManagedPolicy(new LakeReader({ lake, key }));
    this.workspace = new CfnWorkspace(this, 'Workspace', {
      name: deployment.names.prefix,
      description: `OEE of ${deployment.site.name}`,
      accountAccessType: 'CURRENT_ACCOUNT',
      authenticationProviders: ['AWS_SSO'],
      permissionType: 'CUSTOMER_MANAGED',
      roleArn: role.roleArn,
      grafanaVersion: GRAFANA_VERSION,
      // From version 9 on the data sources for SiteWise and Athena are plugins that an administrator of the workspace adds.
      pluginAdminEnabled: true,
    });
    acknowledgeGrafanaWorkspace(this);
  }
}
