import { FOUNDATION_ROLES } from './foundation.ts';
import { GATEWAY_ROLES } from './gateway.ts';
import { INGEST_ROLES } from './ingest.ts';
import { ON_PREM_ROLES } from './on-prem.ts';
import { PRODUCTION_ROLES } from './production.ts';
import type { RoleRow } from './row.ts';

/** All roles of all sites; a role without a row fails the test. */
export const ROLE_ROWS: readonly RoleRow[] = [
  ...FOUNDATION_ROLES,
  ...GATEWAY_ROLES,
  ...INGEST_ROLES,
  ...ON_PREM_ROLES,
  ...PRODUCTION_ROLES,
];
