import { IoTSiteWiseClient } from '@aws-sdk/client-iotsitewise';
import { customResource } from '../shared/custom-resource.ts';
import { parseProperties } from './properties.ts';
import { writeAttributes } from './write-attributes.ts';

const client = new IoTSiteWiseClient({});

/**
 * Writes what the site file says of machines into attributes of their assets, since CloudFormation cannot. At a deletion nothing
 * is to be done: the values go with the assets. A rollback is an update with the values before.
 */
export const handler = customResource(async ({ RequestType, ResourceProperties }) => {
  if (RequestType !== 'Delete')
    await writeAttributes(client, parseProperties(ResourceProperties).attributes, Date.now());
  return {};
});
