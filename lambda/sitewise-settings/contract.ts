/** The properties of the custom resource that sets an account's SiteWise settings, as CloudFormation passes them on. */
export interface SitewiseSettingsProperties {
  /** What SiteWise logs: `ERROR`, `INFO` or `OFF`. */
  readonly LoggingLevel: string;
  /** `ENABLED` or `DISABLED`: whether values with an alias that no asset has are stored. Once enabled, AWS never disables it. */
  readonly DisassociatedDataStorage: string;
}

/** The type of the custom resource. */
export const SITEWISE_SETTINGS_TYPE = 'Custom::PlantbridgeSitewiseSettings';

/** What the function must be allowed; AWS has no resource-level permission for them, they concern the account as a whole. */
export const SITEWISE_SETTINGS_ACTIONS = [
  'iotsitewise:DescribeStorageConfiguration',
  'iotsitewise:PutStorageConfiguration',
  'iotsitewise:PutLoggingOptions',
] as const;
