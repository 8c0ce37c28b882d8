import { CfnAsset } from 'aws-cdk-lib/aws-iotsitewise';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { assetRemovalPolicy } from '../../removal.ts';
import { assetName } from './display-names.ts';
import { siteModels } from './site-models.ts';

/** What the root asset is made for. */
export interface FactoryAssetProps {
  readonly deployment: Deployment;
}

/**
 * The root asset of a site. It names its lines by external id, without a reference: so a line can be added or removed without a
 * change in any other line's template. The stack must depend on the lines' stacks.
 */
export class FactoryAsset extends Construct {
  readonly asset: CfnAsset;

  constructor(scope: Construct, id: string, { deployment }: FactoryAssetProps) {
    super(scope, id);
    const { site, names } = deployment;
    const models = siteModels(deployment);
    this.asset = new CfnAsset(this, models.factory.id, {
      assetName: assetName(site.name, site.id),
      assetExternalId: names.externalId('asset'),
      assetModelId: `externalId:${names.externalId('model', models.factory.id)}`,
      assetHierarchies: deployment.scope.lines.map((line) => ({
        logicalId: models.linesHierarchy(line),
        childAssetId: `externalId:${names.externalId('asset', line.id)}`,
      })),
    });
    this.asset.applyRemovalPolicy(assetRemovalPolicy(deployment));
  }
}
