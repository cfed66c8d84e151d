import { constants, type DatabaseSync } from 'node:sqlite'
import type { Allowed } from './messages.ts'
import { fold, type Schema } from './schema.ts'

/** What one statement may touch, consequences included. */
export interface Permits {
  /** Something may be written at all. */
  readonly isWriter: boolean
  mayRead(table: string, read: ReadHow): boolean
  mayWrite(table: string, via: string | undefined): boolean
}

export interface ReadHow {
  /** The view, trigger or subquery that reads. */
  readonly via: string | undefined
  /** Rows are counted, no column is read: SQLite then no longer says by which view. */
  readonly isRowsOnly: boolean
}

export const EVERYTHING: Permits = { isWriter: true, mayRead: () => true, mayWrite: () => true }

const SCHEMA_TABLES = new Map([
  ['sqlite_schema', 'sqlite_master'],
  ['sqlite_temp_schema', 'sqlite_temp_master'],
])
/** Virtual tables that need no CREATE and read nothing but their arguments. */
const ARGUMENT_TABLES = /^(?:json_each|json_tree|jsonb_each|jsonb_tree|fts3tokenize|pragma_\w+)$/

/** Call it with no authorizer set. */
export function permitsOf(database: DatabaseSync, allowed: Allowed, schema: Schema): Permits {
  if (allowed === 'everything' || mayWriteAll(allowed)) return EVERYTHING
  const written = closure(namesOf(allowed, 'write'), (name) => consequences(schema, name))
  const named = new Set([...namesOf(allowed, 'read'), ...written])
  const readsAll = named.has('*')
  const linked = new Set([...written].flatMap((name) => schema.parents.get(name) ?? []))
  const shadows = new Set([...named].flatMap((name) => schema.shadows.get(name) ?? []))
  const behindViews = readBehind(database, named, schema)
  // A CTE may bear a trigger's name, but what it reads was named in the verdict all the same.
  const isTrigger = (via: string | undefined) =>
    via !== undefined && written.size > 0 && schema.triggers.has(via)
  // SQLite names a CTE too when its rows are counted; one that bears a table's name is denied with the table.
  const isCommonTable = (table: string) => !schema.tables.has(table) && !schema.views.has(table)
  const isArguments = (table: string) => !schema.tables.has(table) && ARGUMENT_TABLES.test(table)

  return {
    isWriter: written.size > 0,
    mayRead: (table, { via, isRowsOnly }) =>
      readsAll ||
      named.has(table) ||
      linked.has(table) ||
      shadows.has(table) ||
      isArguments(table) ||
      isTrigger(via) ||
      (isRowsOnly && isCommonTable(table)) ||
      ((via !== undefined || isRowsOnly) && behindViews.has(table)),
    mayWrite: (table, via) => written.has(table) || isTrigger(via),
  }
}

function mayWriteAll(allowed: Exclude<Allowed, 'everything'>): boolean {
  return allowed.some(({ name, access }) => name === '*' && access === 'write')
}

function namesOf(
  allowed: Exclude<Allowed, 'everything'>,
  access: 'read' | 'write',
): readonly string[] {
  return allowed
    .filter((permitted) => permitted.access === access)
    .map(({ name }) => SCHEMA_TABLES.get(fold(name)) ?? fold(name))
}

/** Rows that go with a row: by a foreign key's cascade, or because a virtual table keeps them elsewhere. */
function consequences(schema: Schema, name: string): readonly string[] {
  return [...(schema.children.get(name) ?? []), ...(schema.shadows.get(name) ?? [])]
}

function closure(
  start: readonly string[],
  next: (name: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(start)
  for (const name of found) for (const follower of next(name)) found.add(follower)
  return found
}

/** Everything that the named views read, however deep: SQLite itself tells while it compiles them. */
function readBehind(
  database: DatabaseSync,
  named: ReadonlySet<string>,
  schema: Schema,
): ReadonlySet<string> {
  const seen = new Set<string>()
  const views = [...named].filter((name) => schema.views.has(name))
  if (views.length === 0) return seen
  database.setAuthorizer((action, table) => {
    if (action === constants.SQLITE_READ && table !== null) seen.add(fold(table))
    return constants.SQLITE_OK
  })
  for (const view of views) compile(database, view)
  database.setAuthorizer(null)
  return seen
}

function compile(database: DatabaseSync, view: string): void {
  try {
    database.prepare(`SELECT * FROM "${view.replaceAll('"', '""')}"`)
  } catch {
    // A view that no longer compiles can't be read either.
  }
}
