import {
  type Insertable,
  type Kysely,
  MysqlAdapter,
  SqliteAdapter,
  sql,
  type Updateable,
} from 'kysely'
import { NotFound, Outdated } from './faults.ts'
import { insertMany, knownIds } from './many.ts'
import type { Schema, TableName } from './schema.ts'

/** Tables whose id is their only key, so that a conflict can mean nothing else. */
type KeyedTable = 'audit_log' | 'grants' | 'backends'
type VersionedTable = 'users' | 'databases' | 'rules' | 'masks' | 'sql_files'
type Keyed = { readonly id: string }

/** Inserts rows, all with the same columns, by few statements. */
export async function insertAll<T extends TableName>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  const inserting = (some: readonly Insertable<Schema[T]>[]) => db.insertInto(table).values(some)
  await insertMany(db, { table, rows }, { purpose: 'all', inserting })
}

/**
 * Inserts the rows whose id isn't there yet and says which those were; a row that is there stays as it is.
 * Two at once may both name a row as new, unless the transaction holds a lock that both take.
 */
export async function insertNew<T extends KeyedTable>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<readonly string[]> {
  const keyed = rows as readonly (Insertable<Schema[T]> & Keyed)[]
  const known = await knownIds(
    db,
    table,
    keyed.map(({ id }) => id),
  )
  const fresh = [...new Map(keyed.toReversed().map((row) => [row.id, row])).values()]
    .toReversed()
    .filter(({ id }) => !known.has(id))
  const inserting = (some: readonly Insertable<Schema[T]>[]) =>
    insertionUnlessThere(db, { table, rows: some, key: 'id' })
  await insertMany<T>(db, { table, rows: fresh }, { purpose: 'new', inserting })
  return fresh.map(({ id }) => id)
}

/** Makes sure that the row is there; one that is stays as it is. */
export async function ensureRow<T extends 'leases' | 'counters' | 'settings' | 'audit_head'>(
  db: Kysely<Schema>,
  table: T,
  row: Insertable<Schema[T]>,
): Promise<void> {
  await insertionUnlessThere(db, { table, rows: [row], key: 'name' }).execute()
}

interface Insertion<T extends TableName> {
  readonly table: T
  readonly rows: readonly Insertable<Schema[T]>[]
  readonly key: string
}

function insertionUnlessThere<T extends TableName>(
  db: Kysely<Schema>,
  { table, rows, key }: Insertion<T>,
) {
  const insert = db.insertInto(table).values(rows)
  if (!isMysql(db)) {
    return insert.onConflict((conflict) => conflict.column(key as never).doNothing())
  }
  // INSERT IGNORE would also let a value that is too long pass, cut.
  return insert.onDuplicateKeyUpdate({ [key]: sql.ref(`${table}.${key}`) } as never)
}

/** Inserts the row, or overwrites the one with the same `keys`. */
export async function upsert<T extends TableName>(
  db: Kysely<Schema>,
  table: T,
  row: Insertable<Schema[T]>,
  keys: readonly (keyof Schema[T] & string)[],
): Promise<void> {
  const others = Object.keys(row).filter((name) => !keys.some((key) => key === name))
  const insert = db.insertInto(table).values(row)
  if (isMysql(db)) {
    const values = others.map((name) => [name, sql`VALUES(${sql.ref(name)})`])
    await insert.onDuplicateKeyUpdate(Object.fromEntries(values)).execute()
    return
  }
  const excluded = others.map((name) => [name, sql.ref(`excluded.${name}`)])
  await insert
    .onConflict((conflict) =>
      conflict.columns(keys as never).doUpdateSet(Object.fromEntries(excluded) as never),
    )
    .execute()
}

/** Changes the row that is still at `version`; Outdated when someone was faster, NotFound when it is gone. */
export async function updateVersion<T extends VersionedTable>(
  db: Kysely<Schema>,
  table: T,
  { id, version }: { readonly id: string; readonly version: number },
  changes: Updateable<Schema[T]>,
): Promise<void> {
  const assignments = Object.entries({ ...changes, version: version + 1 }).map(
    ([name, value]) => sql`${sql.ref(name)} = ${value}`,
  )
  const { numAffectedRows = 0n } =
    await sql`UPDATE ${sql.table(table)} SET ${sql.join(assignments)} WHERE id = ${id} AND version = ${version}`.execute(
      db,
    )
  if (numAffectedRows > 0n) return
  const { rows } = await sql`SELECT id FROM ${sql.table(table)} WHERE id = ${id}`.execute(db)
  throw rows.length > 0 ? new Outdated(`${table} ${id}`) : new NotFound(`${table} ${id}`)
}

/** Holds the rows until the transaction ends. On SQLite a transaction holds everything already. */
export function locked<Q>(db: Kysely<Schema>, query: Q & LockableQuery<Q>): Q {
  return isSqlite(db) ? query : query.forUpdate()
}

interface LockableQuery<Q> {
  forUpdate(): Q
}

function isMysql(db: Kysely<Schema>): boolean {
  return db.getExecutor().adapter instanceof MysqlAdapter
}

function isSqlite(db: Kysely<Schema>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter
}
