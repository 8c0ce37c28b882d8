import { describe } from '@jest/globals';
import { PgliteDatabase } from '../../../hub/historian/pglite-database.ts';
import { historianCases } from './historian-cases.ts';

describe('historian on PGlite', () => {
  historianCases(() => PgliteDatabase.open());
});
