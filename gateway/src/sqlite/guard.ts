import { constants } from 'node:sqlite'
import type { Permits } from './permits.ts'
import { fold } from './schema.ts'

/** SQLite asks before it compiles each access: https://sqlite.org/c3ref/set_authorizer.html */
export type Authorizer = (action: number, ...names: readonly (string | null)[]) => number

export interface Guarded {
  readonly permits: Permits
  readonly isDefinition: boolean
  /** A description must not set anything: a PRAGMA takes effect while it is compiled. */
  readonly isDescription: boolean
  /** Called when the statement leaves something behind on its connection. */
  marks(): void
}

const { SQLITE_OK, SQLITE_DENY, SQLITE_IGNORE } = constants

// Whoever asks: files, code, memory addresses, the process's log, tables by a name in a text.
const FORBIDDEN_FUNCTIONS = new Set(
  'edit eval fsdir fts3_tokenizer fts5 geopoly_debug load_extension readfile rtreecheck sqlite_log writefile zipfile'.split(
    ' ',
  ),
)

const TABLE_PRAGMAS = words('table_info table_xinfo index_list foreign_key_list foreign_key_check')
const SCHEMA_PRAGMAS = words('table_list index_info index_xinfo')
const SETTINGS =
  words(`analysis_limit automatic_index busy_timeout cache_size cache_spill case_sensitive_like
count_changes defer_foreign_keys empty_result_callbacks full_column_names legacy_alter_table query_only
read_uncommitted recursive_triggers reverse_unordered_selects short_column_names threads`)
const OF_FILE = words(
  'application_id auto_vacuum encoding incremental_vacuum optimize page_size user_version wal_checkpoint',
)
const OF_ALL = words('database_list integrity_check quick_check foreign_key_check')
const ALWAYS_ACTS = words('incremental_vacuum optimize wal_checkpoint')

/** The second lock: the verdict was the first. What it doesn't know, it denies. */
export function guard(guarded: Guarded): Authorizer {
  return (action, ...[first, second, , via]) => {
    const asked = { first: foldOf(first), second: foldOf(second), via: foldOf(via) }
    return RULES[action]?.(asked, guarded) ?? SQLITE_DENY
  }
}

interface Asked {
  readonly first: string | undefined
  readonly second: string | undefined
  readonly via: string | undefined
}

type Rule = (asked: Asked, guarded: Guarded) => number

const DIRECTLY = { via: undefined, isRowsOnly: false }

const yes: Rule = () => SQLITE_OK

const read: Rule = ({ first, second, via }, { permits, isDefinition }) => {
  if (first === undefined) return SQLITE_DENY
  const isReadable = permits.mayRead(first, { via, isRowsOnly: second === '' })
  return verdict(isReadable || (isDefinition && first.startsWith('sqlite_')))
}

const write: Rule = ({ first, via }, { permits }) => {
  if (first === undefined) return SQLITE_DENY
  // SQLite's own bookkeeping: a client's own change of these tables is refused by SQLite (defensive mode).
  return verdict(first.startsWith('sqlite_') || permits.mayWrite(first, via))
}

/** A temporary object hides the file's own of that name from whoever comes next. */
const writeTemporary: Rule = (asked, guarded) => {
  if (!guarded.isDescription) guarded.marks()
  return write(asked, guarded)
}

const writeTemporarySecond: Rule = (asked, guarded) =>
  writeTemporary({ ...asked, first: asked.second }, guarded)

const writeSecond: Rule = (asked, guarded) => write({ ...asked, first: asked.second }, guarded)

const all: Rule = (_asked, { permits }) => verdict(permits.mayWrite('*', undefined))

/** Also the end of a CREATE INDEX, whose table was asked for before. */
const reindex: Rule = (_asked, { permits }) => verdict(permits.isWriter)

const callFunction: Rule = ({ second }, { isDefinition }) => {
  if (second === undefined || FORBIDDEN_FUNCTIONS.has(second)) return SQLITE_DENY
  const isInternal = /^sqlite_(?:rename|drop|add|fail|find)_/.test(second)
  return verdict(!isInternal || isDefinition)
}

const pragma: Rule = (asked, guarded) => {
  const { first: name = '', second: value } = asked
  if (TABLE_PRAGMAS.has(name) && value !== undefined)
    return read({ ...asked, first: value }, guarded)
  if (SCHEMA_PRAGMAS.has(name)) return read({ ...asked, first: 'sqlite_master' }, guarded)
  if (OF_ALL.has(name)) return verdict(guarded.permits.mayRead('*', DIRECTLY))
  if (value === undefined && !ALWAYS_ACTS.has(name)) return SQLITE_OK
  if (guarded.isDescription) return SQLITE_IGNORE
  if (OF_FILE.has(name)) return all(asked, guarded)
  if (name === 'foreign_keys' && isOn(value)) return SQLITE_OK
  guarded.marks()
  return verdict(SETTINGS.has(name))
}

const RULES: Readonly<Record<number, Rule>> = {
  [constants.SQLITE_SELECT]: yes,
  [constants.SQLITE_RECURSIVE]: yes,
  [constants.SQLITE_TRANSACTION]: yes,
  [constants.SQLITE_SAVEPOINT]: yes,
  [constants.SQLITE_READ]: read,
  [constants.SQLITE_INSERT]: write,
  [constants.SQLITE_UPDATE]: write,
  [constants.SQLITE_DELETE]: write,
  [constants.SQLITE_FUNCTION]: callFunction,
  [constants.SQLITE_PRAGMA]: pragma,
  [constants.SQLITE_CREATE_TABLE]: write,
  [constants.SQLITE_CREATE_TEMP_TABLE]: writeTemporary,
  [constants.SQLITE_CREATE_VIEW]: write,
  [constants.SQLITE_CREATE_TEMP_VIEW]: writeTemporary,
  [constants.SQLITE_CREATE_INDEX]: writeSecond,
  [constants.SQLITE_CREATE_TEMP_INDEX]: writeTemporarySecond,
  [constants.SQLITE_CREATE_TRIGGER]: writeSecond,
  [constants.SQLITE_CREATE_TEMP_TRIGGER]: writeTemporarySecond,
  [constants.SQLITE_DROP_TABLE]: write,
  [constants.SQLITE_DROP_TEMP_TABLE]: write,
  [constants.SQLITE_DROP_VIEW]: write,
  [constants.SQLITE_DROP_TEMP_VIEW]: write,
  [constants.SQLITE_DROP_INDEX]: writeSecond,
  [constants.SQLITE_DROP_TEMP_INDEX]: writeSecond,
  [constants.SQLITE_DROP_TRIGGER]: writeSecond,
  [constants.SQLITE_DROP_TEMP_TRIGGER]: writeSecond,
  [constants.SQLITE_ALTER_TABLE]: writeSecond,
  [constants.SQLITE_REINDEX]: reindex,
  [constants.SQLITE_ANALYZE]: all,
  [constants.SQLITE_CREATE_VTABLE]: all,
  [constants.SQLITE_DROP_VTABLE]: all,
}

function verdict(isPermitted: boolean): number {
  return isPermitted ? SQLITE_OK : SQLITE_DENY
}

function isOn(value: string | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(value ?? '')
}

function foldOf(name: string | null | undefined): string | undefined {
  return typeof name === 'string' ? fold(name) : undefined
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}
