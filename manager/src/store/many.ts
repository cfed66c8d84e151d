// Many rows or ids at once. What a statement says depends on how many there are: each number's is built once.
import {
  type CompiledQuery,
  type DialectAdapter,
  type Insertable,
  type Kysely,
  SqliteAdapter,
  sql,
} from 'kysely'
import type { Schema, TableName } from './schema.ts'

/** Below what any engine takes: SQLite 32,766, PostgreSQL 65,535. */
const MAX_PARAMETERS = 30_000
/** Where a statement is no round trip, short ones are better: they stay prepared. */
const MAX_SQLITE_PARAMETERS = 1_200

type Row<T extends TableName> = Insertable<Schema[T]>

/** Makes the statement for so many rows; its text is the same whatever they hold. */
export type Inserting<T extends TableName> = (rows: readonly Row<T>[]) => {
  compile(): CompiledQuery
}

/** Inserts the rows, all of which have the same columns. `purpose` names what `inserting` says beside the values. */
export async function insertMany<T extends TableName>(
  db: Kysely<Schema>,
  { table, rows }: { readonly table: T; readonly rows: readonly Row<T>[] },
  { purpose, inserting }: { readonly purpose: string; readonly inserting: Inserting<T> },
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  for (const piece of pieces(rows, largest(db, columns.length))) {
    const key = [purpose, table, piece.length, ...columns].join(' ')
    const template = compiledOnce(db, key, () =>
      inserting(piece.map(() => blank<T>(columns))).compile(),
    )
    const parameters = piece.flatMap((row) => valuesOf(row, columns))
    await db.executeQuery({ ...template, parameters })
  }
}

/** Which of the ids are there. */
export async function knownIds(
  db: Kysely<Schema>,
  table: TableName,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (const parameters of pieces(ids, largest(db, 1))) {
    const select = () =>
      sql`SELECT id FROM ${sql.table(table)} WHERE id IN (${sql.join(parameters.map(() => ''))})`.compile(
        db,
      )
    const template = compiledOnce(db, `ids ${table} ${parameters.length}`, select)
    const { rows } = await db.executeQuery<{ id: string }>({ ...template, parameters })
    for (const { id } of rows) known.add(id)
  }
  return known
}

/** What is kept holds nothing of the rows that it was made for. */
function blank<T extends TableName>(columns: readonly string[]): Row<T> {
  return Object.fromEntries(columns.map((name) => [name, ''])) as Row<T>
}

const compiled = new WeakMap<DialectAdapter, Map<string, CompiledQuery>>()

function compiledOnce<R>(
  db: Kysely<Schema>,
  key: string,
  compile: () => CompiledQuery<R>,
): CompiledQuery<R> {
  const { adapter } = db.getExecutor()
  const known = compiled.get(adapter) ?? new Map<string, CompiledQuery>()
  compiled.set(adapter, known)
  const found = known.get(key) ?? compile()
  known.set(key, found)
  return found as CompiledQuery<R>
}

function valuesOf(row: object, columns: readonly string[]): readonly unknown[] {
  const values = row as Readonly<Record<string, unknown>>
  return columns.map((name) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`a row to insert has no ${name}`)
    return value
  })
}

function largest(db: Kysely<Schema>, columns: number): number {
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  return Math.max(1, Math.floor((isSqlite ? MAX_SQLITE_PARAMETERS : MAX_PARAMETERS) / columns))
}

/** Powers of two: few numbers that come again and again. */
function pieces<R>(all: readonly R[], atMost: number): readonly R[][] {
  const found: R[][] = []
  let start = 0
  while (start < all.length) {
    const size = 2 ** Math.floor(Math.log2(Math.min(atMost, all.length - start)))
    found.push(all.slice(start, start + size))
    start += size
  }
  return found
}
