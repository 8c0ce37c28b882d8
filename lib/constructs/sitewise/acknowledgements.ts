import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { AttributeWriter } from './asset-attributes.ts';

/** Findings of cdk-nag that an {@link AttributeWriter} accepts, and why. */
export function acknowledgeAttributeWriter(writer: AttributeWriter): void {
  const { partition, region, account } = Stack.of(writer);
  const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const where = `arn:${shown(partition, 'Partition')}:iotsitewise:${region}:${shown(account, 'AccountId')}`;
  Validations.of(writer).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${where}:asset/*]`,
    reason:
      "Ids of assets are made by SiteWise, for lines that come and go without this stack; a condition allows only assets with the site's tag.",
  });
}
