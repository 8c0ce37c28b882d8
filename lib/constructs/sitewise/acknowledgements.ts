import { Stack } from 'aws-cdk-lib';
import { acknowledgeResources } from '../acknowledge.ts';
import type { AttributeWriter } from './asset-attributes.ts';

/** Findings of cdk-nag that an {@link AttributeWriter} accepts, and why. */
export function acknowledgeAttributeWriter(writer: AttributeWriter): void {
  const assets = Stack.of(writer).formatArn({ service: 'iotsitewise', resource: 'asset', resourceName: '*' });
  acknowledgeResources(
    writer,
    [assets],
    "Ids of assets are made by SiteWise, for lines that come and go without this stack; a condition allows only assets with the site's tag.",
  );
}
