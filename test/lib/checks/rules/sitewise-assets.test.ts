import { describe, expect, test } from '@jest/globals';
import { checkedStack } from '../../../../lib/checks/plantbridge-checks.ts';
import { foundBy, stackOf } from '../../../support/rules.ts';

const asset = (alias: string, externalId: string) => ({
  Asset: {
    Type: 'AWS::IoTSiteWise::Asset',
    Properties: {
      AssetExternalId: externalId,
      AssetProperties: [{ LogicalId: 'run' }, { LogicalId: 'run', Alias: alias }],
    },
  },
});

describe('the assets of all stacks', () => {
  test('share no alias and no external id', () => {
    const stacks = [stackOf(asset('/a', 'a'), 'one/Line-a'), stackOf(asset('/a', 'a'), 'two/Line-b')];
    expect(foundBy('Plantbridge-AliasOnce', ...stacks)).toEqual([
      'AWS::IoTSiteWise::Asset AssetProperties[1].Alias must be an alias that no other property has, got: that of one/Line-a/Asset',
    ]);
    expect(foundBy('Plantbridge-ExternalIdOnce', ...stacks)).toEqual([
      'AWS::IoTSiteWise::Asset AssetExternalId must be an id that no other has, got: that of one/Line-a/Asset',
    ]);
  });

  test('may have the same names in another Region', () => {
    const template = JSON.stringify({ Resources: asset('/a', 'a') });
    const stacks = ['eu-central-1', 'eu-west-1'].map((region) => checkedStack(region, template, `aws://1/${region}`));
    for (const rule of ['Plantbridge-AliasOnce', 'Plantbridge-ExternalIdOnce'])
      expect(foundBy(rule, ...stacks)).toEqual([]);
  });
});
