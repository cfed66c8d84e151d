import type { Insertable, Kysely, Selectable } from 'kysely'
import {
  type BackendRow,
  contains,
  type DatabaseRow,
  foldKey,
  insertAll,
  type Schema,
  type Tx,
  totalOf,
} from '../store/index.ts'

type Db = Kysely<Schema>
export type DatabaseRecord = Selectable<DatabaseRow>
export type BackendRecord = Selectable<BackendRow>

export function findDatabase(db: Db, name: string): Promise<DatabaseRecord | undefined> {
  return db
    .selectFrom('databases')
    .selectAll()
    .where('name_key', '=', foldKey(name))
    .executeTakeFirst()
}

export interface DatabaseSearch {
  readonly search: string
  readonly limit: number
  readonly offset: number
  /** Only what a grant opens to this person, now. */
  readonly grantedTo: { readonly userId: string; readonly now: string } | undefined
}

export async function listDatabases(
  db: Db,
  { search, limit, offset, grantedTo }: DatabaseSearch,
): Promise<{ readonly rows: DatabaseRecord[]; readonly total: number }> {
  const matching = db
    .selectFrom('databases')
    .$if(search !== '', (query) => query.where(contains('name_key', search)))
    .$if(grantedTo !== undefined, (query) =>
      query.where('id', 'in', grantedDatabases(db, grantedTo?.userId ?? '', grantedTo?.now ?? '')),
    )
  const rows = await matching.selectAll().orderBy('name_key').limit(limit).offset(offset).execute()
  return { rows, total: await totalOf(matching) }
}

export function grantedDatabases(db: Db, userId: string, now: string) {
  return db
    .selectFrom('grants')
    .select('database_id')
    .where('principal_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where((grant) => grant.or([grant('valid_until', 'is', null), grant('valid_until', '>', now)]))
}

export function backendsOf(db: Db, ids: readonly string[]): Promise<BackendRecord[]> {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('backends')
    .selectAll()
    .where('database_id', 'in', [...ids])
    .orderBy('database_id')
    .orderBy('position')
    .execute()
}

export async function insertDatabase(tx: Tx, row: Insertable<DatabaseRow>): Promise<void> {
  await tx.insertInto('databases').values(row).execute()
}

export async function replaceBackends(
  tx: Tx,
  databaseId: string,
  rows: readonly Insertable<BackendRow>[],
): Promise<void> {
  await tx.deleteFrom('backends').where('database_id', '=', databaseId).execute()
  if (rows.length > 0) await insertAll(tx, 'backends', rows)
}

export async function deleteDatabase(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('grants').where('database_id', '=', id).execute()
  await tx.deleteFrom('backends').where('database_id', '=', id).execute()
  await tx.deleteFrom('bypasses').where('database_id', '=', id).execute()
  await tx.deleteFrom('masks').where('database_id', '=', id).execute()
  await tx.deleteFrom('habits').where('database_id', '=', id).execute()
  const files = tx.selectFrom('sql_files').select('id').where('database_id', '=', id)
  await tx.deleteFrom('sql_file_runs').where('file_id', 'in', files).execute()
  await tx.deleteFrom('sql_files').where('database_id', '=', id).execute()
  await tx.deleteFrom('rules').where('database_id', '=', id).execute()
  await tx.deleteFrom('databases').where('id', '=', id).execute()
}
