import type { TableName } from './findings.ts'
import { name, nameList, nameOrText, tableName } from './names.ts'
import { administration, skipStatement, storedCode } from './opaque.ts'
import { deallocate } from './prepared.ts'
import type { Reader } from './reader.ts'
import { alterTable, createTable } from './table-definition.ts'
import { wordSet } from './words.ts'

const PREFIXES = wordSet(
  'temporary unique fulltext spatial online offline ignore aggregate undo recursive',
)
const STORED = wordSet('procedure function trigger event package library')
const TABLES = wordSet('table tables view sequence')
const SCHEMAS = wordSet('database schema')

export function create(reader: Reader): void {
  reader.next()
  reader.found.effects.add('define')
  if (reader.key === 'temporary') reader.found.pin('temporary table')
  prefixes(reader)
  const { key } = reader
  reader.found.kind = `create ${key}`
  reader.next()
  if (STORED.has(key)) storedCode(reader)
  else if (key === 'table') created(reader, createTable)
  else if (key === 'view') created(reader, view)
  else if (key === 'sequence') created(reader, sequence)
  else if (key === 'index') index(reader)
  else if (SCHEMAS.has(key)) schema(reader)
  else administration(reader)
}

/** OR REPLACE, TEMPORARY, ALGORITHM = …, DEFINER = …, SQL SECURITY … */
function prefixes(reader: Reader): void {
  for (;;) {
    if (reader.acceptPhrase('or', 'replace') || reader.acceptAny(PREFIXES)) continue
    if (reader.acceptPhrase('algorithm', '=')) name(reader)
    else if (reader.acceptPhrase('definer', '=')) account(reader)
    else if (reader.acceptPhrase('sql', 'security')) name(reader)
    else return
  }
}

/** CURRENT_USER, CURRENT_USER(), name, 'name'@'host', name@host. */
function account(reader: Reader): void {
  if (reader.accept('current_user')) {
    if (reader.accept('(')) reader.expect(')')
    return
  }
  nameOrText(reader)
  reader.acceptKind('variable')
}

function ifExists(reader: Reader): void {
  if (reader.acceptPhrase('if', 'not', 'exists')) return
  reader.acceptPhrase('if', 'exists')
}

function created(reader: Reader, body: (reader: Reader, table: TableName) => void): void {
  ifExists(reader)
  const table = tableName(reader)
  reader.found.write(table)
  body(reader, table)
}

function view(reader: Reader): void {
  nameList(reader)
  reader.expect('as')
  reader.rules.query(reader)
  if (!reader.accept('with')) return
  if (!reader.accept('cascaded')) reader.accept('local')
  if (!reader.acceptPhrase('check', 'option')) reader.fail('expected CHECK OPTION')
}

/** Options are words and numbers. */
function sequence(reader: Reader): void {
  skipStatement(reader)
}

function index(reader: Reader): void {
  ifExists(reader)
  while (!reader.isAtEnd && reader.key !== 'on') reader.next()
  reader.expect('on')
  created(reader, alterTable)
}

/** All that the schema holds, or will hold, is reached. */
function schema(reader: Reader): void {
  ifExists(reader)
  const isNamed = reader.token?.kind === 'quoted' || !reader.isAny(SCHEMA_OPTIONS)
  reader.found.write({ schema: isNamed ? name(reader) : undefined, name: '*' })
  skipStatement(reader)
}

const SCHEMA_OPTIONS = wordSet('default character charset collate comment upgrade encryption read')

export function alter(reader: Reader): void {
  reader.next()
  reader.found.effects.add('define')
  prefixes(reader)
  const { key } = reader
  reader.found.kind = `alter ${key}`
  reader.next()
  if (STORED.has(key)) storedCode(reader)
  else if (key === 'table') created(reader, alterTable)
  else if (key === 'view') created(reader, view)
  else if (key === 'sequence') created(reader, sequence)
  else if (SCHEMAS.has(key)) schema(reader)
  else administration(reader)
}

export function drop(reader: Reader): void {
  reader.next()
  if (reader.key === 'prepare') {
    deallocate(reader)
    return
  }
  reader.found.effects.add('define').add('write')
  prefixes(reader)
  const { key } = reader
  reader.found.kind = `drop ${key}`
  reader.next()
  if (TABLES.has(key)) dropTables(reader)
  else if (key === 'index') index(reader)
  else if (SCHEMAS.has(key)) schema(reader)
  else administration(reader)
}

const DROP_WORDS = wordSet('restrict cascade nowait wait')

function dropTables(reader: Reader): void {
  ifExists(reader)
  reader.list(() => reader.found.write(tableName(reader)))
  while (reader.acceptAny(DROP_WORDS)) reader.acceptKind('number')
}

/** RENAME TABLE a TO b, c TO d */
export function rename(reader: Reader): void {
  reader.next()
  reader.found.effects.add('define').add('write')
  reader.found.kind = `rename ${reader.key}`
  if (!reader.acceptAny(TABLES)) {
    administration(reader)
    return
  }
  ifExists(reader)
  reader.list(renamed)
}

function renamed(reader: Reader): void {
  reader.found.write(tableName(reader))
  if (reader.accept('wait')) reader.acceptKind('number')
  else reader.accept('nowait')
  reader.expect('to')
  reader.found.write(tableName(reader))
}

export function truncate(reader: Reader): void {
  reader.next()
  reader.accept('table')
  reader.found.effects.add('define').add('write')
  reader.found.write(tableName(reader))
  while (reader.acceptAny(DROP_WORDS)) reader.acceptKind('number')
}
