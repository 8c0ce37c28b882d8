import { UserFault } from '../../core/process.ts';
import { type Database, DatabaseError } from './database.ts';
import { PgliteDatabase } from './pglite-database.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { type HistorianOptions, SqlHistorian } from './sql-historian.ts';

/** Where the historian lives: a PostgreSQL connection string, or a folder for PGlite. */
export type HistorianPlace = { readonly connectionString: string } | { readonly folder: string };

/** @throws {UserFault} in one clear sentence where it cannot be opened. */
export async function openHistorian(place: HistorianPlace, options: HistorianOptions): Promise<SqlHistorian> {
  const database: Database =
    'folder' in place ? await PgliteDatabase.open(place.folder) : await PostgresDatabase.open(place.connectionString);
  try {
    return await SqlHistorian.open(database, options);
  } catch (error) {
    await database.close();
    throw isCorruption(error) && 'folder' in place
      ? new UserFault(
          `The historian's data in ${place.folder} is damaged (${error.message}). Nothing was changed: move the folder aside and start again, and the gateways send what their outboxes still hold.`,
        )
      : error;
  }
}

/** SQLSTATE class XX: the data contradict themselves (PostgreSQL, appendix A). */
function isCorruption(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.code?.startsWith('XX') === true;
}
