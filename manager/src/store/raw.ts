import { type Kysely, sql } from 'kysely'
import type { Row } from './engine.ts'
import type { Schema } from './schema.ts'

/** One statement in an engine's own words: for its administration and for tests, never for a feature. */
export async function ask(db: Kysely<Schema>, statement: string): Promise<readonly Row[]> {
  const { rows } = await sql.raw<Row>(statement).execute(db)
  return rows
}
