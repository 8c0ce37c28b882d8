import type { CheckRule } from '../rule.ts';
import { ENCRYPTION_RULES } from './encryption.ts';
import { EXPOSURE_RULES } from './exposure.ts';
import { FAILURE_RULES } from './failures.ts';
import { FUNCTION_AND_LOG_RULES } from './functions-and-logs.ts';
import { GREENGRASS_RULES } from './greengrass.ts';
import { IAM_RULES } from './iam.ts';
import { IOT_RULES } from './iot.ts';
import { SECRET_RULES } from './secrets.ts';
import { SITEWISE_ASSET_RULES } from './sitewise-assets.ts';
import { SITEWISE_GATEWAY_RULES } from './sitewise-gateways.ts';
import { SITEWISE_MODEL_RULES } from './sitewise-models.ts';
import { STACK_SIZE_RULES } from './stack-size.ts';
import { TRANSPORT_RULES } from './transport.ts';

/** All rules of ours, in the order of docs/checks.md. */
export const RULES: readonly CheckRule[] = [
  ...STACK_SIZE_RULES,
  ...SITEWISE_MODEL_RULES,
  ...SITEWISE_ASSET_RULES,
  ...SITEWISE_GATEWAY_RULES,
  ...GREENGRASS_RULES,
  ...IOT_RULES,
  ...FAILURE_RULES,
  ...ENCRYPTION_RULES,
  ...TRANSPORT_RULES,
  ...EXPOSURE_RULES,
  ...IAM_RULES,
  ...FUNCTION_AND_LOG_RULES,
  ...SECRET_RULES,
];
