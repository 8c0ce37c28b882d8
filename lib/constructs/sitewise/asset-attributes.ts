import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  ASSET_ATTRIBUTES_TYPE,
  type AssetAttribute,
  type AssetAttributesProperties,
} from '../../../lambda/asset-attributes/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { SiteFunction } from '../functions/site-function.ts';
import { acknowledgeAttributeWriter } from './acknowledgements.ts';

/** What the writer of attributes is made for. */
export interface AttributeWriterProps {
  readonly deployment: Deployment;
  /** The site's key. */
  readonly key: IKey;
}

/** The function that writes attributes of the site's assets: one a site, for all of its lines. */
export class AttributeWriter extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { deployment, key }: AttributeWriterProps) {
    super(scope, id);
    const writer = new SiteFunction(this, 'AssetAttributes', {
      name: 'asset-attributes',
      description: `Writes attributes of the assets of ${deployment.site.id}, which CloudFormation cannot set`,
      key,
      timeout: WRITER_TIMEOUT,
    });
    writer.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['iotsitewise:DescribeAsset', 'iotsitewise:BatchPutAssetPropertyValue'],
        // Ids of assets are made by SiteWise, after the lines' stacks: the tag that every asset of the site has must do.
        resources: [Stack.of(this).formatArn({ service: 'iotsitewise', resource: 'asset', resourceName: '*' })],
        conditions: { StringEquals: { 'aws:ResourceTag/plantbridge:site': deployment.site.id } },
      }),
    );
    this.function = writer.function;
    acknowledgeAttributeWriter(this);
  }
}

const WRITER_TIMEOUT = Duration.minutes(2);

/** What is written. */
export interface AssetAttributesProps {
  readonly writer: IFunction;
  readonly attributes: readonly AssetAttribute[];
}

/** Values of attributes of a line's assets, written when they are made or change; removing it leaves them as they are. */
export class AssetAttributes extends Construct {
  constructor(scope: Construct, id: string, { writer, attributes }: AssetAttributesProps) {
    super(scope, id);
    const properties: AssetAttributesProperties = { attributes };
    new CustomResource(this, 'Resource', {
      resourceType: ASSET_ATTRIBUTES_TYPE,
      serviceToken: writer.functionArn,
      // A function that cannot answer at all (no memory, no code) ends here instead of after an hour.
      serviceTimeout: WRITER_TIMEOUT.plus(Duration.minutes(3)),
      properties: { ...properties },
    });
  }
}
