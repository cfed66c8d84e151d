import { ANY, type Name } from './findings.ts'
import { fold } from './lex.ts'
import type { Reader } from './reader.ts'
import { isName } from './words.ts'

const SCHEMA = 'sqlite_schema'

/** Their argument names the table they describe. */
const OF_TABLE = words('table_info table_xinfo index_list foreign_key_list')
/** They describe the schema as sqlite_schema does, or what an index belongs to. */
const OF_SCHEMA = words('table_list index_info index_xinfo')
/** They read every row there is, or tell where the file is. */
const OF_ALL = words('database_list integrity_check quick_check foreign_key_check')
const OF_ENGINE = words('collation_list compile_options function_list module_list pragma_list')

/** A session may set these for itself. */
const SETTINGS =
  words(`analysis_limit automatic_index busy_timeout cache_size cache_spill case_sensitive_like
count_changes defer_foreign_keys empty_result_callbacks full_column_names legacy_alter_table query_only
read_uncommitted recursive_triggers reverse_unordered_selects short_column_names threads`)

/** They change the file, within what its owner may change. */
const OF_FILE = words(
  'application_id auto_vacuum encoding incremental_vacuum optimize page_size user_version wal_checkpoint',
)

/** Harmless to ask, harmful to set: corruption, lost guarantees, paths, the memory of the whole process. */
const HARMFUL =
  words(`cell_size_check checkpoint_fullfsync data_version default_cache_size foreign_keys freelist_count
fullfsync hard_heap_limit ignore_check_constraints journal_mode journal_size_limit locking_mode max_page_count
mmap_size page_count schema_version secure_delete soft_heap_limit synchronous temp_store trusted_schema wal_autocheckpoint
writable_schema`)

/** They act even when no value is given. */
const ACTS_ALONE = words('incremental_vacuum optimize wal_checkpoint')

interface Pragma {
  readonly schema: string | undefined
  readonly name: string
  readonly start: number
  /** Undefined: none given. */
  readonly value: string | undefined
}

/** PRAGMA [schema .] name [= value | ( value )] */
export function pragma(reader: Reader): void {
  reader.findings.kind = 'pragma'
  const start = reader.next?.start ?? 0
  reader.expect('pragma')
  const { schema, name } = reader.qualifiedName()
  judgePragma(reader, { schema, name, start, value: pragmaValue(reader) })
}

/** pragma_table_info('t') in FROM. SQLite offers there only the pragmas that change nothing. */
export function readPragmaTable(
  reader: Reader,
  { name, start }: { readonly name: string; readonly start: number },
  argument: string | undefined,
): void {
  const bare = name.slice('pragma_'.length)
  const isKnown = [OF_TABLE, OF_SCHEMA, OF_ALL, OF_ENGINE].some((names) => names.has(bare))
  if (isKnown) judgePragma(reader, { schema: undefined, name: bare, start, value: argument })
  const isGetter = SETTINGS.has(bare) || HARMFUL.has(bare) || OF_FILE.has(bare)
  const isSafe = isKnown || (isGetter && !ACTS_ALONE.has(bare))
  reader.findings.callAs(name, isSafe ? 'safe' : 'unknown', start)
}

function judgePragma(reader: Reader, pragma: Pragma): void {
  const { schema, name, value } = pragma
  if (OF_TABLE.has(name)) reads(reader, value === undefined ? ANY : { schema, name: value })
  else if (OF_SCHEMA.has(name)) reads(reader, { schema, name: SCHEMA })
  else if (OF_ALL.has(name)) reads(reader, ANY)
  else if (OF_ENGINE.has(name)) reader.findings.effect('read')
  else if (name === 'shrink_memory') reader.findings.effect('control')
  else if (ACTS_ALONE.has(name)) changesFile(reader, pragma)
  else if (value === undefined) getter(reader, pragma)
  else setter(reader, pragma)
}

function reads(reader: Reader, relation: Name): void {
  reader.findings.effect('read')
  reader.findings.touch(relation, 'read')
}

function getter(reader: Reader, { name, start }: Pragma): void {
  const isKnown = SETTINGS.has(name) || HARMFUL.has(name) || OF_FILE.has(name)
  if (isKnown) reader.findings.effect('read')
  else reader.findings.callAs(`pragma ${name}`, 'danger', start)
}

function setter(reader: Reader, pragma: Pragma): void {
  const { name, value, start } = pragma
  reader.findings.effect('control')
  if (OF_FILE.has(name)) changesFile(reader, pragma)
  else if (SETTINGS.has(name) || (name === 'foreign_keys' && isOn(value))) {
    reader.findings.session({ kind: 'set', scope: 'session', name, value })
  } else {
    // Harmful, or unknown: a key, a path, what an extension made of it.
    reader.findings.callAs(`pragma ${name}`, 'danger', start)
  }
}

function changesFile(reader: Reader, { name, value }: Pragma): void {
  reader.findings.effect('control')
  reader.findings.mayTouchAnything()
  reader.findings.session({ kind: 'set', scope: 'global', name, value })
}

function pragmaValue(reader: Reader): string | undefined {
  if (reader.acceptOperator('=')) return value(reader)
  if (!reader.acceptOperator('(')) return undefined
  const found = value(reader)
  reader.expectOperator(')')
  return found
}

function value(reader: Reader): string {
  const isNegative = reader.acceptOperator('-')
  if (!isNegative) reader.acceptOperator('+')
  const { next } = reader
  const isWritten = next?.kind === 'number' || isName(next) || reader.sees('on')
  if (!isWritten && !reader.sees('delete') && !reader.sees('default')) reader.fail()
  return `${isNegative ? '-' : ''}${fold(reader.take().value)}`
}

function isOn(value: string | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(value ?? '')
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}
