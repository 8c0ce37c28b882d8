import { CfnOutput } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { folderOf } from '../functions/bundle.ts';
import { DASHBOARD_LEVELS, oeeDashboards } from './oee/oee-dashboards.ts';
import type { WatchedLake } from './watched.ts';

/** What the {@link OeeDashboardsAsset} is made for. */
export interface OeeDashboardsAssetProps {
  readonly deployment: Deployment;
  readonly lake?: WatchedLake | undefined;
}

/**
 * The site's OEE dashboards as JSON files in one archive of the deployment's asset bucket; the stack's output says where. CloudFormation cannot put
 * dashboards into Grafana: people import them (docs/dashboards-cloud.md).
 */
export class OeeDashboardsAsset extends Construct {
  constructor(scope: Construct, id: string, { deployment, lake }: OeeDashboardsAssetProps) {
    super(scope, id);
    const { site, models, names, scope: deployed } = deployment;
    const dashboards = oeeDashboards({ site: { ...site, lines: deployed.lines }, models, names, lake });
    const files = DASHBOARD_LEVELS.map((level) => [
      `oee-${level}.json`,
      `${JSON.stringify(dashboards[level], null, 2)}\n`,
    ]);
    const { folder, hash } = folderOf(Object.fromEntries(files));
    const asset = new Asset(this, 'Files', { path: folder, assetHash: hash });
    new CfnOutput(this, 'Archive', {
      key: 'OeeDashboards',
      description: 'The OEE dashboards for Grafana: a zip file with one JSON file a dashboard',
      value: asset.s3ObjectUrl,
    });
  }
}
