import {
  type Expression,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import { foldText } from './values.ts'

type Column<T> = Expression<T> | string

/** How many rows a query has that selects nothing yet. */
export async function totalOf<DB, Tables extends keyof DB>(
  query: SelectQueryBuilder<DB, Tables, object>,
): Promise<number> {
  const { total } = await query
    .select((column) => column.fn.countAll<number>().as('total'))
    .$castTo<{ readonly total: number }>()
    .executeTakeFirstOrThrow()
  return Number(total)
}

/** Whether the folded column (`name_key`, `sql_key`) contains the text, blind to case; `%` and `_` mean themselves. */
export function contains(keyColumn: Column<string>, text: string): RawBuilder<SqlBool> {
  const pattern = `%${escapePattern(foldText(text))}%`
  return sql<SqlBool>`${reference(keyColumn)} LIKE ${pattern} ESCAPE '!'`
}

/** Whether the column begins with the text exactly. */
export function startsWith(column: Column<string>, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${reference(column)} LIKE ${`${escapePattern(text)}%`} ESCAPE '!'`
}

/** A backslash would mean itself on one engine and an escape on another; `!` is plain everywhere. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[!%_]/g, (special) => `!${special}`)
}

export type Direction = 'asc' | 'desc'

/** Orders by a nullable column, nulls at the end in both directions: `query.orderBy(nullsLast('x')).orderBy('x', 'desc')`. */
export function nullsLast(column: Column<unknown>): RawBuilder<number> {
  return sql<number>`CASE WHEN ${reference(column)} IS NULL THEN 1 ELSE 0 END`
}

/** Where the next page begins: after the row of this time and id, in descending order of both. */
export interface Cursor {
  readonly at: string
  readonly id: string
}

export function olderThan(
  { at, id }: Cursor,
  columns: { at: string; id: string },
): RawBuilder<SqlBool> {
  const [atColumn, idColumn] = [sql.ref(columns.at), sql.ref(columns.id)]
  return sql<SqlBool>`(${atColumn} < ${at} OR (${atColumn} = ${at} AND ${idColumn} < ${id}))`
}

export function encodeCursor({ at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

const MAX_CURSOR_CHARACTERS = 400

/** Undefined for what encodeCursor did not make. */
export function decodeCursor(text: string): Cursor | undefined {
  if (text.length > MAX_CURSOR_CHARACTERS) return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(parts) || parts.length !== 2) return undefined
    const [at, id] = parts as unknown[]
    return typeof at === 'string' && typeof id === 'string' ? { at, id } : undefined
  } catch {
    return undefined
  }
}

function reference<T>(column: Column<T>): Expression<T> {
  return typeof column === 'string' ? sql.ref<T>(column) : column
}
