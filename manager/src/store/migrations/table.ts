// How a migration describes a table once, and what each engine is told.
import type { StoreType } from '../store-config.ts'

export type Column =
  | { readonly kind: 'text'; readonly maxCharacters: number; readonly isNullable: boolean }
  | { readonly kind: 'whole' | 'real' | 'flag'; readonly isNullable: boolean }

export const text = (maxCharacters: number): Column => ({
  kind: 'text',
  maxCharacters,
  isNullable: false,
})
export const id = text(64)
export const instant = text(24)
export const whole: Column = { kind: 'whole', isNullable: false }
export const real: Column = { kind: 'real', isNullable: false }
export const flag: Column = { kind: 'flag', isNullable: false }
export const nullable = <C extends Column>(column: C): C & { readonly isNullable: true } => ({
  ...column,
  isNullable: true,
})

export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, Column>>
  readonly primary: readonly string[]
  readonly unique?: readonly (readonly string[])[]
  readonly indexes?: readonly (readonly string[])[]
}

/** A column that a table gets later: rows that are there already have null in it. */
export interface Addition {
  readonly table: string
  readonly name: string
  readonly column: Column & { readonly isNullable: true }
}

export interface Ddl {
  readonly type: StoreType
  /** Of MySQL and MariaDB: binary and without padding, so that `a` and `a ` are two. */
  readonly collation: string
}

/** Statements that may be repeated: after a crash the migration starts again from its first one. */
export function createStatements(table: Table, ddl: Ddl): readonly string[] {
  const isMysql = ddl.type === 'mysql' || ddl.type === 'galera'
  const columns = Object.entries(table.columns).map(([name, column]) => define(name, column, ddl))
  const keys = keysOf(table)
  const indexes = (table.indexes ?? []).map((names) => ({
    name: `${table.name}_${names.join('_')}_index`,
    list: listed(names, ddl),
  }))
  const inline = isMysql ? indexes.map(({ name, list }) => `KEY ${name} (${list})`) : []
  const parts = [...columns, ...keys.map((key) => key(ddl)), ...inline]
  const create = `CREATE TABLE IF NOT EXISTS ${quoted(table.name, ddl)} (${parts.join(', ')})${ending(ddl)}`
  if (isMysql) return [create]
  const separate = indexes.map(
    ({ name, list }) =>
      `CREATE INDEX IF NOT EXISTS ${name} ON ${quoted(table.name, ddl)} (${list})`,
  )
  return [create, ...separate]
}

/** To be run only where the column isn't there: not every engine may repeat it. */
export function addStatement({ table, name, column }: Addition, ddl: Ddl): string {
  return `ALTER TABLE ${quoted(table, ddl)} ADD COLUMN ${define(name, column, ddl)}`
}

function keysOf(table: Table): readonly ((ddl: Ddl) => string)[] {
  const primary = (ddl: Ddl): string =>
    `CONSTRAINT ${table.name}_primary PRIMARY KEY (${listed(table.primary, ddl)})`
  const unique = (table.unique ?? []).map(
    (names) => (ddl: Ddl) =>
      `CONSTRAINT ${table.name}_${names.join('_')}_unique UNIQUE (${listed(names, ddl)})`,
  )
  // SQLite checks its newest key first: so every engine names the primary key when several are violated.
  return [...unique, primary]
}

function define(name: string, column: Column, ddl: Ddl): string {
  const column_ = quoted(name, ddl)
  const null_ = column.isNullable ? '' : ' NOT NULL'
  return `${column_} ${typeOf(column, ddl)}${null_}${checkOf(column_, column, ddl)}`
}

const MAX_VARCHAR = 1_000

function typeOf(column: Column, { type, collation }: Ddl): string {
  if (column.kind !== 'text') return NUMBER_TYPES[column.kind][type]
  if (type === 'sqlite') return 'TEXT'
  if (type === 'postgres') return 'text COLLATE "C"'
  // One more than allowed: MySQL cuts trailing blanks silently, and the CHECK must see that there was more.
  const size =
    column.maxCharacters <= MAX_VARCHAR ? `VARCHAR(${column.maxCharacters + 1})` : 'MEDIUMTEXT'
  return `${size} CHARACTER SET utf8mb4 COLLATE ${collation}`
}

const NUMBER_TYPES: Record<'whole' | 'real' | 'flag', Record<StoreType, string>> = {
  whole: { sqlite: 'INTEGER', postgres: 'bigint', mysql: 'BIGINT', galera: 'BIGINT' },
  real: { sqlite: 'REAL', postgres: 'double precision', mysql: 'DOUBLE', galera: 'DOUBLE' },
  flag: { sqlite: 'INTEGER', postgres: 'smallint', mysql: 'SMALLINT', galera: 'SMALLINT' },
}

function checkOf(name: string, column: Column, { type }: Ddl): string {
  if (column.kind === 'flag') return ` CHECK (${name} IN (0, 1))`
  if (column.kind !== 'text') return ''
  const length = type === 'sqlite' ? 'length' : 'char_length'
  return ` CHECK (${length}(${name}) <= ${column.maxCharacters})`
}

function ending({ type, collation }: Ddl): string {
  if (type === 'sqlite') return ' STRICT'
  if (type === 'postgres') return ''
  return ` ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`
}

function listed(names: readonly string[], ddl: Ddl): string {
  return names.map((name) => quoted(name, ddl)).join(', ')
}

function quoted(name: string, { type }: Ddl): string {
  return type === 'mysql' || type === 'galera' ? `\`${name}\`` : `"${name}"`
}
