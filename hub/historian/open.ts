import type { Database } from './database.ts';
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
    throw error;
  }
}
