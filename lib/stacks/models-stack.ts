import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Watched } from '../constructs/observability/watched.ts';
import { AttributeWriter } from '../constructs/sitewise/asset-attributes.ts';
import { AssetModels } from '../constructs/sitewise/asset-models.ts';
import { needsAttributes } from '../constructs/sitewise/machine-attributes.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the asset models are made for. */
export interface ModelsStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/** The site's asset models in AWS IoT SiteWise, from assets/asset-models. */
export class ModelsStack extends Stack {
  /** Writes attributes of assets, for the lines that have some. */
  readonly attributeWriter: IFunction | undefined;
  readonly watched: Watched = {};

  constructor(scope: Construct, id: string, props: ModelsStackProps) {
    super(scope, id, props);
    const { deployment, foundation } = props;
    new AssetModels(this, 'AssetModels', { deployment });
    // Lines without attributes need no function, and the site none as long as it has no other lines.
    if (needsAttributes(deployment)) {
      this.attributeWriter = new AttributeWriter(this, 'Attributes', { deployment, key: foundation.key }).function;
      this.watched = { functions: [this.attributeWriter] };
    }
  }
}
