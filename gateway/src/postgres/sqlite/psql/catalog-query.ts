// psql's \d, \dt, \l and kin arrive as queries on PostgreSQL's catalog. Their texts are the same from release to release for
// one server version, and this door tells one; what isn't one of them is left to SQLite, which has no such tables.
import { detail } from './details.ts'
import { databaseList, lookUp, nothingOf, relationList, schemaList } from './lists.ts'

const MAX_LENGTH = 4_000

type Maker = (text: string, database: string) => string | undefined

const LISTS: readonly (readonly [RegExp, Maker])[] = [
  [
    /^SELECT n\.nspname as "Schema", c\.relname as "Name", .* FROM pg_catalog\.pg_class c /,
    relationList,
  ],
  [/^SELECT c\.oid, n\.nspname, c\.relname FROM pg_catalog\.pg_class c /, lookUp],
  [/^SELECT d\.datname as "Name", .* FROM pg_catalog\.pg_database d /, databaseList],
  [/^SELECT n\.nspname AS "Name", .* FROM pg_catalog\.pg_namespace n /, schemaList],
  [/^SELECT n\.nspname as "Schema", .* FROM pg_catalog\.pg_\w+ /, nothingOf],
]

/** The query on SQLite's catalog that answers it; undefined: it is none of psql's. */
export function catalogQuery(text: string, database: string): string | undefined {
  if (text.length > MAX_LENGTH || !text.includes('pg_catalog.')) return undefined
  const plain = text.trim().replace(/\s*;$/, '').replace(/\s+/g, ' ')
  const [, make] = LISTS.find(([pattern]) => pattern.test(plain)) ?? []
  return make ? make(plain, database) : detail(plain)
}
