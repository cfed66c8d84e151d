import {
  type Insertable,
  type Kysely,
  MysqlAdapter,
  SqliteAdapter,
  sql,
  type Updateable,
} from 'kysely'
import { NotFound, Outdated } from './faults.ts'
import type { Schema, TableName } from './schema.ts'

/** Below what any engine takes: SQLite 32,766, PostgreSQL 65,535. */
const MAX_PARAMETERS = 30_000

/** Tables whose id is their only key, so that a conflict can mean nothing else. */
type KeyedTable = 'audit_log' | 'grants' | 'backends'
type VersionedTable = 'users' | 'databases'
type Keyed = { readonly id: string }

/** Inserts rows as few statements as their number of values allows. */
export async function insertAll<T extends TableName>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  for (const batch of batches(rows)) await db.insertInto(table).values(batch).execute()
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
  for (const batch of batches<Insertable<Schema[T]>>(fresh)) await insertIgnoring(db, table, batch)
  return fresh.map(({ id }) => id)
}

async function knownIds(
  db: Kysely<Schema>,
  table: KeyedTable,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let start = 0; start < ids.length; start += MAX_PARAMETERS) {
    const rows = await sql<Keyed>`SELECT id FROM ${sql.table(table)} WHERE id IN (${sql.join(
      ids.slice(start, start + MAX_PARAMETERS),
    )})`.execute(db)
    for (const { id } of rows.rows) known.add(id)
  }
  return known
}

function insertIgnoring<T extends KeyedTable>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
): Promise<void> {
  return insertUnlessThere(db, table, rows, 'id')
}

/** Makes sure that the row is there; one that is stays as it is. */
export function ensureRow<T extends 'leases' | 'counters' | 'settings' | 'audit_head'>(
  db: Kysely<Schema>,
  table: T,
  row: Insertable<Schema[T]>,
): Promise<void> {
  return insertUnlessThere(db, table, [row], 'name')
}

async function insertUnlessThere<T extends TableName>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Insertable<Schema[T]>[],
  key: string,
): Promise<void> {
  const insert = db.insertInto(table).values([...rows])
  if (isMysql(db)) {
    // INSERT IGNORE would also let a value that is too long pass, cut.
    await insert.onDuplicateKeyUpdate({ [key]: sql.ref(`${table}.${key}`) } as never).execute()
  } else {
    await insert.onConflict((conflict) => conflict.column(key as never).doNothing()).execute()
  }
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

function batches<R extends object>(rows: readonly R[]): readonly R[][] {
  const columns = Object.keys(rows[0] ?? {}).length
  const size = Math.max(1, Math.floor(MAX_PARAMETERS / Math.max(1, columns)))
  const found: R[][] = []
  for (let start = 0; start < rows.length; start += size)
    found.push(rows.slice(start, start + size))
  return found
}

function isMysql(db: Kysely<Schema>): boolean {
  return db.getExecutor().adapter instanceof MysqlAdapter
}

function isSqlite(db: Kysely<Schema>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter
}
