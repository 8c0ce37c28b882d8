import {
  BatchPutAssetPropertyValueCommand,
  DescribeAssetCommand,
  type IoTSiteWiseClient,
  type PutAssetPropertyValueEntry,
} from '@aws-sdk/client-iotsitewise';
import type { AssetAttribute } from './contract.ts';

/** Entries of one BatchPutAssetPropertyValue request, a fixed limit. */
const ENTRIES_PER_REQUEST = 10;
/** Assets that are looked up at once. */
const LOOK_UPS_AT_ONCE = 5;

/** An attribute with the id that its asset gave it. */
interface FoundAttribute extends AssetAttribute {
  readonly propertyId: string;
}

/** What the domain needs of the client: replaced in tests. */
export type SiteWise = Pick<IoTSiteWiseClient, 'send'>;

/**
 * Writes values of attributes, all with one time. Writing again changes nothing but the time.
 * @throws Error that says which asset has no such attribute, or which values SiteWise refused and why; values before that are written.
 */
export async function writeAttributes(
  client: SiteWise,
  attributes: readonly AssetAttribute[],
  nowMs: number,
): Promise<void> {
  const found: FoundAttribute[] = [];
  for (const some of inParts(attributes, LOOK_UPS_AT_ONCE)) {
    found.push(...(await Promise.all(some.map((attribute) => find(client, attribute)))));
  }
  for (const some of inParts(found, ENTRIES_PER_REQUEST)) await put(client, some, nowMs);
}

async function find(client: SiteWise, attribute: AssetAttribute): Promise<FoundAttribute> {
  const { assetId, propertyExternalId } = attribute;
  const { assetName, assetProperties = [] } = await client.send(new DescribeAssetCommand({ assetId }));
  const property = assetProperties.find(({ externalId }) => externalId === propertyExternalId);
  if (property?.id === undefined)
    throw new Error(`The asset ${assetName ?? assetId} has no attribute ${propertyExternalId}.`);
  return { ...attribute, propertyId: property.id };
}

async function put(client: SiteWise, attributes: readonly FoundAttribute[], nowMs: number): Promise<void> {
  const entries = attributes.map(
    ({ assetId, propertyId, value }, index): PutAssetPropertyValueEntry => ({
      entryId: String(index),
      assetId,
      propertyId,
      propertyValues: [
        {
          value: { doubleValue: Number(value) },
          timestamp: { timeInSeconds: Math.floor(nowMs / 1000), offsetInNanos: (nowMs % 1000) * 1_000_000 },
          quality: 'GOOD',
        },
      ],
    }),
  );
  const { errorEntries = [] } = await client.send(new BatchPutAssetPropertyValueCommand({ entries }));
  if (errorEntries.length === 0) return;
  const refused = errorEntries.map(({ entryId, errors = [] }) => {
    const { assetId, propertyExternalId } = attributes[Number(entryId)] ?? {};
    return `${propertyExternalId} of ${assetId}: ${errors.map(({ errorCode, errorMessage }) => `${errorCode} ${errorMessage}`).join(', ')}`;
  });
  throw new Error(`AWS IoT SiteWise refused ${refused.join('; ')}`);
}

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
