import { BatchPutAssetPropertyValueCommand, DescribeAssetCommand } from '@aws-sdk/client-iotsitewise';
import { describe, expect, test } from '@jest/globals';
import type { AssetAttribute } from '../../../lambda/asset-attributes/contract.ts';
import { parseProperties } from '../../../lambda/asset-attributes/properties.ts';
import { type SiteWise, writeAttributes } from '../../../lambda/asset-attributes/write-attributes.ts';

const NOW_MS = 1_700_000_000_250;

/** A SiteWise whose assets all have the attribute `ideal` under a property id of their own. */
function fakeSiteWise(refused: readonly string[] = []): { client: SiteWise; puts: unknown[][] } {
  const puts: unknown[][] = [];
  const send = async (command: unknown) => {
    if (command instanceof DescribeAssetCommand) {
      const { assetId } = command.input;
      return {
        assetName: `asset ${assetId}`,
        assetProperties: [
          { id: `state-of-${assetId}`, externalId: 'state' },
          { id: `ideal-of-${assetId}`, externalId: 'ideal' },
        ],
      };
    }
    if (!(command instanceof BatchPutAssetPropertyValueCommand)) throw new Error('an unexpected call');
    const entries = command.input.entries ?? [];
    puts.push(entries);
    return {
      errorEntries: entries
        .filter(({ assetId }) => refused.includes(assetId ?? ''))
        .map(({ entryId }) => ({ entryId, errors: [{ errorCode: 'AccessDeniedException', errorMessage: 'no' }] })),
    };
  };
  return { client: { send } as unknown as SiteWise, puts };
}
const attribute = (assetId: string, value = '0.5', propertyExternalId = 'ideal'): AssetAttribute => ({
  assetId,
  propertyExternalId,
  value,
});

describe('attributes of assets', () => {
  test("are written to the asset's property, as a number, with the time of now", async () => {
    const { client, puts } = fakeSiteWise();
    await writeAttributes(client, [attribute('a')], NOW_MS);
    expect(puts).toEqual([
      [
        {
          entryId: '0',
          assetId: 'a',
          propertyId: 'ideal-of-a',
          propertyValues: [
            {
              value: { doubleValue: 0.5 },
              timestamp: { timeInSeconds: 1_700_000_000, offsetInNanos: 250_000_000 },
              quality: 'GOOD',
            },
          ],
        },
      ],
    ]);
  });

  test('go ten a request, which is all that SiteWise takes', async () => {
    const { client, puts } = fakeSiteWise();
    const attributes = Array.from({ length: 23 }, (_, index) => attribute(`asset-${index}`));
    await writeAttributes(client, attributes, NOW_MS);
    expect(puts.map((entries) => entries.length)).toEqual([10, 10, 3]);
  });

  test('that the model does not have are an error by name', async () => {
    const { client, puts } = fakeSiteWise();
    await expect(writeAttributes(client, [attribute('a', '1', 'other')], NOW_MS)).rejects.toThrow(
      'The asset asset a has no attribute other.',
    );
    expect(puts).toEqual([]);
  });

  test('that SiteWise refuses are an error with its reason, though the request succeeds', async () => {
    const { client } = fakeSiteWise(['b']);
    await expect(writeAttributes(client, [attribute('a'), attribute('b')], NOW_MS)).rejects.toThrow(
      'AWS IoT SiteWise refused ideal of b: AccessDeniedException no',
    );
  });
});

describe('the properties of the custom resource', () => {
  test('are what the construct gives, as texts', () => {
    const properties = { ServiceToken: 'arn', ServiceTimeout: '300', attributes: [attribute('a')] };
    expect(parseProperties(properties)).toEqual({ attributes: [attribute('a')] });
  });

  test.each(['', 'fast', 'Infinity'])('%j is no value of an attribute', (value) => {
    expect(() => parseProperties({ attributes: [attribute('a', value)] })).toThrow('attributes.0.value: is no number');
  });
});
