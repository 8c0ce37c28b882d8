import { GATEWAY_ROWS } from './gateway-rows.ts';
import type { RoleRow } from './row.ts';

/** All roles of all sites; one file a stack. A role without a row fails the test. */
export const ROLE_ROWS: readonly RoleRow[] = [...GATEWAY_ROWS];
