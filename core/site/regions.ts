/** The Region where the site file names none. */
export const DEFAULT_REGION = 'eu-central-1';

/** Services that a site can't do without, or may ask for, and that not every AWS Region has. */
export type RegionalService = 'AWS IoT SiteWise' | 'Amazon Managed Grafana';

/**
 * The Regions of each such service, by the "endpoints and quotas" pages of the AWS General Reference. AWS adds Regions: if
 * yours has the service by now, add it here.
 */
export const REGIONS_OF_SERVICE: Readonly<Record<RegionalService, readonly string[]>> = {
  'AWS IoT SiteWise': [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ca-central-1',
    'cn-north-1',
    'eu-central-1',
    'eu-west-1',
    'us-east-1',
    'us-east-2',
    'us-gov-west-1',
    'us-west-2',
  ],
  'Amazon Managed Grafana': [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-southeast-1',
    'ap-southeast-2',
    'eu-central-1',
    'eu-west-1',
    'eu-west-2',
    'us-east-1',
    'us-east-2',
    'us-gov-west-1',
    'us-west-2',
  ],
};
