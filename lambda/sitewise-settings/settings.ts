import {
  type ConfigurationState,
  DescribeStorageConfigurationCommand,
  type DescribeStorageConfigurationResponse,
  type DisassociatedDataStorageState,
  type IoTSiteWiseClient,
  type LoggingLevel,
  PutLoggingOptionsCommand,
  PutStorageConfigurationCommand,
  type PutStorageConfigurationRequest,
  ResourceNotFoundException,
} from '@aws-sdk/client-iotsitewise';
import type { CustomResourceEvent, CustomResourceResult } from '../shared/custom-resource.ts';

/** What the settings are made with. */
export interface SettingsSurroundings {
  readonly client: Pick<IoTSiteWiseClient, 'send'>;
  readonly logger: { info(message: string): void };
  /** Waits between two looks at how far SiteWise is. */
  readonly pause: () => Promise<void>;
}

/**
 * Sets what SiteWise has once for an account and Region: the warm tier, which bulk import needs, values of unknown aliases, and
 * logging. All else that the account has set stays: a cold tier, retention, what others stored. So Create, Update and a
 * rolled-back Update do the same: they bring the account to what the properties say. Delete leaves the account as it is, since
 * other sites and systems of the account use it, and says so.
 *
 * Storage is a managed database and service-managed warm tier, not a bucket of the customer's as cold tier: the lake holds
 * every value in a bucket already, and SiteWise's own copy would be a second one.
 * @throws Error with the reason of SiteWise.
 */
export async function applySettings(
  event: CustomResourceEvent,
  surroundings: SettingsSurroundings,
): Promise<CustomResourceResult> {
  const { client, logger } = surroundings;
  // Of the account and Region, not of the properties: an update must never become a replacement.
  const result = { physicalResourceId: 'sitewise-account-settings' };
  if (event.RequestType === 'Delete') {
    logger.info("The account's SiteWise settings stay as they are: other systems of the account may rely on them.");
    return result;
  }
  const { ResourceProperties: properties } = event;
  const level = oneOf<LoggingLevel>(properties, 'LoggingLevel', ['ERROR', 'INFO', 'OFF']);
  const disassociated = oneOf<DisassociatedDataStorageState>(properties, 'DisassociatedDataStorage', [
    'ENABLED',
    'DISABLED',
  ]);
  // SiteWise refuses a change while another is under way.
  const before = await settled(surroundings);
  const wanted = wantedStorage(before, disassociated);
  if (wanted === undefined) logger.info('The storage is set as wanted already.');
  else {
    await client.send(new PutStorageConfigurationCommand(wanted));
    const { state, error } = (await settled(surroundings))?.configurationStatus ?? {};
    if (state === FAILED)
      throw new Error(`SiteWise could not change its storage: ${error?.message ?? 'it says not why'}`);
  }
  await client.send(new PutLoggingOptionsCommand({ loggingOptions: { level } }));
  return result;
}

/** The storage with the warm tier, and with everything that was set before; undefined where nothing is to be changed. */
function wantedStorage(
  before: DescribeStorageConfigurationResponse | undefined,
  disassociated: DisassociatedDataStorageState,
): PutStorageConfigurationRequest | undefined {
  const stored = before?.disassociatedDataStorage === 'ENABLED' ? 'ENABLED' : disassociated;
  const isFailed = before?.configurationStatus?.state === FAILED;
  if (!isFailed && before?.warmTier === 'ENABLED' && before.disassociatedDataStorage === stored) return undefined;
  return {
    storageType: before?.storageType ?? 'SITEWISE_DEFAULT_STORAGE',
    disassociatedDataStorage: stored,
    warmTier: 'ENABLED',
    ...(before?.multiLayerStorage !== undefined && { multiLayerStorage: before.multiLayerStorage }),
    ...(before?.retentionPeriod !== undefined && { retentionPeriod: before.retentionPeriod }),
    ...(before?.warmTierRetentionPeriod !== undefined && { warmTierRetentionPeriod: before.warmTierRetentionPeriod }),
    ...(before?.disallowIngestNullNaN !== undefined && { disallowIngestNullNaN: before.disallowIngestNullNaN }),
  };
}

const FAILED = 'UPDATE_FAILED' satisfies ConfigurationState;

/** The storage once no change of it is under way; undefined where none was ever set. */
async function settled({
  client,
  pause,
}: SettingsSurroundings): Promise<DescribeStorageConfigurationResponse | undefined> {
  // The function's own time ends it: `customResource` then says so.
  for (;;) {
    try {
      const storage = await client.send(new DescribeStorageConfigurationCommand({}));
      if (storage.configurationStatus?.state !== 'UPDATE_IN_PROGRESS') return storage;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
    await pause();
  }
}

function oneOf<Choice extends string>(
  properties: CustomResourceEvent['ResourceProperties'],
  name: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === properties[name]);
  if (found !== undefined) return found;
  throw new Error(`The property ${name} must be one of ${choices.join(', ')}, got: ${String(properties[name])}.`);
}
