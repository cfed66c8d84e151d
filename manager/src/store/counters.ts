import type { Kysely } from 'kysely'
import type { Tx } from './open-store.ts'
import type { Schema } from './schema.ts'

const REVISION = 'revision'

/** Counts a change that a snapshot shows, in the transaction that makes it; returns the new revision. */
export async function nextRevision(tx: Tx): Promise<number> {
  await tx
    .updateTable('counters')
    .set((column) => ({ value: column('value', '+', 1) }))
    .where('name', '=', REVISION)
    .executeTakeFirst()
  return currentRevision(tx)
}

export async function currentRevision(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', REVISION)
    .executeTakeFirstOrThrow()
  return Number(row.value)
}
