import type { GatewayConfig } from '../../../core/site/schema.ts';
import { joinedSerialNumbers, SERIAL_NUMBERS_MAX_BYTES } from '../../../lambda/enrolment-hook/contract.ts';
import type { Deployment } from '../../deployment.ts';

/**
 * The serial numbers that may enrol as a gateway.
 * @throws SiteFileError where the list is longer than the hook can hold.
 */
export function checkedSerialNumbers(deployment: Deployment, gateway: GatewayConfig): readonly string[] {
  const { gateways } = deployment.site;
  const path = ['gateways', gateways.indexOf(gateway), 'serialNumbers'] as const;
  const { serialNumbers } = gateway;
  if (Buffer.byteLength(joinedSerialNumbers(serialNumbers)) > SERIAL_NUMBERS_MAX_BYTES)
    deployment.refuse([...path], {
      message: 'are too many for one gateway',
      got: `${serialNumbers.length} serial numbers`,
      allowed: `${SERIAL_NUMBERS_MAX_BYTES} characters in all, with a comma between two`,
      hint: 'Name only devices that are to become this gateway: one, and its spares. Used ones may be taken out',
    });
  return serialNumbers;
}
