// What psql asks for by \d, \dt, \dv, \di, \dn, \df and \l, of the one schema of a SQLite file.

import { quoted } from '../../quoted.ts'
import { globOf, isSchemaOfFile, regexpIn } from './name-pattern.ts'

type Columns = Readonly<Record<string, string>>

const RELATION: Columns = {
  Schema: "'main'",
  Name: 'name',
  Type: 'type',
  Table: 'tbl_name',
  Persistence: "'permanent'",
}

/** Kinds that PostgreSQL tells by a letter and SQLite by a word. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['r', 'table'],
  ['v', 'view'],
  ['i', 'index'],
])

/** \d, \dt, \dv, \di, with a pattern or without. */
export function relationList(text: string): string | undefined {
  const kinds = text.match(/WHERE c\.relkind IN \(([^)]*)\)/)?.[1]
  if (kinds === undefined) return undefined
  const types = [...TYPES]
    .filter(([letter]) => kinds.includes(`'${letter}'`))
    .map(([, type]) => type)
  const where = namedLike(text)
  if (where === undefined) return undefined
  const rows = `type IN (${types.map(quoted).join(', ')}) AND ${where} ORDER BY 2`
  return `SELECT ${columnsOf(text, RELATION)} FROM sqlite_schema WHERE ${rows}`
}

/** What \d with a name asks first. psql sends back what it is given as OID: the name itself, so that grants can be seen. */
export function lookUp(text: string): string | undefined {
  const where = namedLike(text)
  if (where === undefined) return undefined
  return `SELECT lower(hex(name)) AS oid, 'main' AS nspname, name AS relname FROM sqlite_schema WHERE type <> 'trigger' AND ${where} ORDER BY 3`
}

/** \l tells of the database that the session is in. */
export function databaseList(text: string, database: string): string {
  const columns = { Name: quoted(database), Encoding: "'UTF8'" }
  return `SELECT ${columnsOf(text, columns)}`
}

export function schemaList(text: string): string {
  return `SELECT ${columnsOf(text, { Name: "'main'" })}`
}

/** Functions, types and the like: a file has none. */
export function nothingOf(text: string): string {
  return `SELECT ${columnsOf(text, {})} WHERE 0`
}

/** As psql heads them; what SQLite doesn't know is empty. */
function columnsOf(text: string, known: Columns): string {
  const heads = [...text.matchAll(/ as "([^"]*)"/gi)].map(([, head = '']) => head)
  return heads.map((head) => `${known[head] ?? "''"} AS "${head}"`).join(', ')
}

const REGEXP = (column: string) =>
  new RegExp(`${column} OPERATOR\\(pg_catalog\\.~\\) (E?'(?:[^']|'')*')`)

/** Undefined where the pattern is more than GLOB can say. */
function namedLike(text: string): string | undefined {
  const schema = text.match(REGEXP('n\\.nspname'))?.[1]
  if (schema !== undefined && !isSchemaOfFile(regexpIn(schema))) return '0'
  const name = text.match(REGEXP('c\\.relname'))?.[1]
  if (name === undefined) return "name NOT GLOB 'sqlite_*'"
  const glob = globOf(regexpIn(name))
  return glob === undefined ? undefined : `lower(name) GLOB ${quoted(glob)}`
}
