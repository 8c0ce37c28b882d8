import { CustomResource, Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  SITEWISE_SETTINGS_ACTIONS,
  SITEWISE_SETTINGS_TYPE,
  type SitewiseSettingsProperties,
} from '../../../lambda/sitewise-settings/contract.ts';
import { SiteFunction } from '../functions/site-function.ts';
import { acknowledgeSitewiseSettings } from './acknowledgements.ts';

/** What {@link SitewiseSettings} are made of. */
export interface SitewiseSettingsProps {
  readonly key: IKey;
}

/** What SiteWise has once for an account and Region: failed computations are logged, and no stream arises of a wrong alias. */
const SETTINGS: SitewiseSettingsProperties = {
  LoggingLevel: 'ERROR',
  // A value whose alias no asset has is refused, and so lands among the dead letters with its reason. Stored, it would be a
  // stream that is billed, that nobody sees, and that AWS never lets an account disable again.
  DisassociatedDataStorage: 'DISABLED',
};

/**
 * SiteWise's settings of an account and Region, for which CloudFormation has no type: the warm tier, which bulk import needs,
 * and logging. At most one site of an account and Region may set them (`aws.sitewise.manageAccountSettings`).
 */
export class SitewiseSettings extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { key }: SitewiseSettingsProps) {
    super(scope, id);
    const setter = new SiteFunction(this, 'Setter', {
      name: 'sitewise-settings',
      description: "Sets the account's SiteWise storage and logging",
      key,
      // SiteWise takes minutes for a change of storage, and one of somebody else may be under way.
      timeout: Duration.minutes(10),
    });
    this.function = setter.function;
    // A policy of its own: these actions concern the account as a whole, so AWS has no resource to name.
    const rights = new Policy(setter, 'AccountSettings', {
      roles: [setter.role],
      statements: [new PolicyStatement({ actions: [...SITEWISE_SETTINGS_ACTIONS], resources: ['*'] })],
    });
    acknowledgeSitewiseSettings(rights);
    const settings = new CustomResource(this, 'Settings', {
      resourceType: SITEWISE_SETTINGS_TYPE,
      serviceToken: setter.function.functionArn,
      serviceTimeout: Duration.minutes(15),
      properties: { ...SETTINGS },
    });
    settings.node.addDependency(rights);
  }
}
