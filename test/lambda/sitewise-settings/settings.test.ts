import {
  type DescribeStorageConfigurationResponse,
  type IoTSiteWiseClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-iotsitewise';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomResourceEvent } from '../../../lambda/shared/custom-resource.ts';
import { applySettings } from '../../../lambda/sitewise-settings/settings.ts';

type Storage = Partial<DescribeStorageConfigurationResponse>;

/** An account's SiteWise: its storage, and what was asked of it. */
class FakeSiteWise {
  storage: Storage | undefined;
  /** How often it still says that a change is under way. */
  busyLooks = 0;
  /** What becomes of a change. */
  outcome: 'ACTIVE' | 'UPDATE_FAILED' = 'ACTIVE';
  readonly puts: unknown[] = [];
  readonly loggingLevels: unknown[] = [];

  async send(command: { constructor: { name: string }; input: Record<string, unknown> }): Promise<unknown> {
    switch (command.constructor.name) {
      case 'DescribeStorageConfigurationCommand':
        if (this.storage === undefined)
          throw new ResourceNotFoundException({ message: 'none', $metadata: {} } as never);
        if (this.busyLooks > 0) {
          this.busyLooks -= 1;
          return { ...this.storage, configurationStatus: { state: 'UPDATE_IN_PROGRESS' } };
        }
        return this.storage;
      case 'PutStorageConfigurationCommand':
        if (this.busyLooks > 0) throw new Error('ConflictingOperationException');
        this.puts.push(command.input);
        this.storage = {
          ...command.input,
          configurationStatus: {
            state: this.outcome,
            ...(this.outcome === 'UPDATE_FAILED' && { error: { code: 'INTERNAL_FAILURE', message: 'No room' } }),
          },
        };
        this.busyLooks = 2;
        return {};
      case 'PutLoggingOptionsCommand':
        this.loggingLevels.push(command.input.loggingOptions);
        return {};
      default:
        throw new Error(`Nobody allowed ${command.constructor.name}`);
    }
  }
}

let sitewise = new FakeSiteWise();
let said: string[] = [];
let pauses = 0;
beforeEach(() => {
  sitewise = new FakeSiteWise();
  said = [];
  pauses = 0;
});

const apply = (type: CustomResourceEvent['RequestType'], properties: Record<string, string> = {}) =>
  applySettings(
    {
      RequestType: type,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Settings',
      ResourceProperties: { LoggingLevel: 'ERROR', DisassociatedDataStorage: 'DISABLED', ...properties },
    },
    {
      client: sitewise as unknown as Pick<IoTSiteWiseClient, 'send'>,
      logger: { info: (message) => said.push(message) },
      pause: async () => {
        pauses += 1;
      },
    },
  );

const ACTIVE = { configurationStatus: { state: 'ACTIVE' } } as const;

describe("the account's SiteWise settings", () => {
  test('give an account that has none a warm tier, no storage for unknown aliases, and logs', async () => {
    await expect(apply('Create')).resolves.toEqual({ physicalResourceId: 'sitewise-account-settings' });
    expect(sitewise.puts).toEqual([
      { storageType: 'SITEWISE_DEFAULT_STORAGE', disassociatedDataStorage: 'DISABLED', warmTier: 'ENABLED' },
    ]);
    expect(sitewise.loggingLevels).toEqual([{ level: 'ERROR' }]);
  });

  test('are done only when SiteWise is, and wait for a change of somebody else', async () => {
    sitewise.storage = { storageType: 'SITEWISE_DEFAULT_STORAGE', ...ACTIVE };
    sitewise.busyLooks = 3;
    await apply('Create');
    expect(pauses).toBe(3 + 2);
  });

  test('keep what the account has: its cold tier, retention and stored streams', async () => {
    const before = {
      storageType: 'MULTI_LAYER_STORAGE',
      multiLayerStorage: {
        customerManagedS3Storage: { s3ResourceArn: 'arn:aws:s3:::cold', roleArn: 'arn:aws:iam::1:role/r' },
      },
      disassociatedDataStorage: 'ENABLED',
      retentionPeriod: { numberOfDays: 90 },
      warmTierRetentionPeriod: { numberOfDays: 400 },
      disallowIngestNullNaN: true,
    } as const;
    sitewise.storage = { ...before, warmTier: 'DISABLED', ...ACTIVE };
    await apply('Update');
    expect(sitewise.puts).toEqual([{ ...before, warmTier: 'ENABLED' }]);
  });

  test('change no storage that is as wanted: each request may come twice', async () => {
    await apply('Create');
    sitewise.busyLooks = 0;
    await apply('Create');
    await apply('Update', { LoggingLevel: 'INFO' });
    expect(sitewise.puts).toHaveLength(1);
    expect(sitewise.loggingLevels).toEqual([{ level: 'ERROR' }, { level: 'ERROR' }, { level: 'INFO' }]);
  });

  test('go back by the properties of before, when an update is rolled back', async () => {
    await apply('Create');
    await apply('Update', { LoggingLevel: 'OFF' });
    await expect(apply('Update')).resolves.toEqual({ physicalResourceId: 'sitewise-account-settings' });
    expect(sitewise.loggingLevels.at(-1)).toEqual({ level: 'ERROR' });
  });

  test('fail with the reason of SiteWise, and try again next time', async () => {
    sitewise.outcome = 'UPDATE_FAILED';
    await expect(apply('Create')).rejects.toThrow('SiteWise could not change its storage: No room');
    sitewise.outcome = 'ACTIVE';
    sitewise.busyLooks = 0;
    await apply('Update');
    expect(sitewise.puts).toHaveLength(2);
  });

  test('stay when the stack is removed, which is said', async () => {
    await expect(apply('Delete')).resolves.toEqual({ physicalResourceId: 'sitewise-account-settings' });
    expect(sitewise.puts).toEqual([]);
    expect(sitewise.loggingLevels).toEqual([]);
    expect(said).toEqual([expect.stringContaining('stay as they are')]);
  });

  test('refuse a value that SiteWise does not know, before anything is changed', async () => {
    await expect(apply('Create', { LoggingLevel: 'DEBUG' })).rejects.toThrow(
      'LoggingLevel must be one of ERROR, INFO, OFF, got: DEBUG.',
    );
    expect(sitewise.puts).toEqual([]);
  });
});
