import type { DatabaseSync } from 'node:sqlite'

/** What follows from touching a table: triggers, foreign keys, the tables behind a virtual one. */
export interface Schema {
  readonly version: string
  readonly tables: ReadonlySet<string>
  readonly views: ReadonlySet<string>
  readonly triggers: ReadonlySet<string>
  /** Tables that a virtual table keeps its rows in, by its name. */
  readonly shadows: ReadonlyMap<string, readonly string[]>
  readonly parents: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
}

const OBJECTS = `SELECT name, type FROM sqlite_schema UNION ALL SELECT name, type FROM sqlite_temp_schema`
const SHADOWS = `SELECT v.name, s.name FROM pragma_table_list AS v JOIN pragma_table_list AS s
  ON s.type = 'shadow' AND v.type = 'virtual' AND substr(s.name, 1, length(v.name) + 1) = v.name || '_'`
const KEYS = `SELECT t.name, k."table" FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS k
  WHERE t.type = 'table'`

export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Changes whenever an object of the file, or a temporary one, comes or goes. */
export function schemaVersion(database: DatabaseSync): string {
  return ['main', 'temp'].map((name) => versionOf(database, name)).join('.')
}

function versionOf(database: DatabaseSync, name: string): string {
  const row = database.prepare(`PRAGMA ${name}.schema_version`).all()[0]
  return JSON.stringify(Object.values(row ?? {}).map(String))
}

/** Call it with no authorizer set: what it reads is not the client's doing. */
export function readSchema(database: DatabaseSync): Schema {
  const objects = pairs(database, OBJECTS)
  const named = (type: string) =>
    new Set(objects.filter(([, kind]) => kind === type).map(([name]) => name))
  const keys = pairs(database, KEYS)
  return {
    version: schemaVersion(database),
    tables: named('table'),
    views: named('view'),
    triggers: named('trigger'),
    shadows: grouped(pairs(database, SHADOWS)),
    parents: grouped(keys),
    children: grouped(keys.map(([child, parent]) => [parent, child])),
  }
}

function pairs(database: DatabaseSync, sql: string): readonly (readonly [string, string])[] {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  const rows = statement.all() as unknown as readonly (readonly unknown[])[]
  return rows.map(([first, second]) => [fold(String(first)), fold(String(second))])
}

function grouped(rows: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const [key, value] of rows) groups.set(key, [...(groups.get(key) ?? []), value])
  return groups
}
