import { nameAfterDot, nameOrText, tableName } from './names.ts'
import { limit } from './query.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const MODIFIERS = wordSet('extended full')
const SCOPES = wordSet('global session local')
const COLUMNS = wordSet('columns fields')
const INDEXES = wordSet('index indexes keys')
/** What these show is no table's: names of things, settings, counters. */
const PLAIN = wordSet(`databases schemas variables status collation warnings errors engines plugins
  privileges profiles profile events triggers tables open contributors authors count character
  charset locales query_response_time client_statistics function procedure package storage table function code`)
/** Other sessions, accounts, logs, and the server's innards. */
const DANGEROUS =
  wordSet(`grants processlist engine binlog binary master slave slaves replica replicas relaylog all explain analyze
  user_statistics index_statistics table_statistics mutex wsrep_membership wsrep_status host_cache parse_tree`)

/** SHOW …: it reads; what it reads depends on the words behind it. */
export function show(reader: Reader): void {
  reader.next()
  reader.found.kind = 'show'
  reader.found.effects.add('read')
  reader.skipAny(MODIFIERS)
  reader.acceptAny(SCOPES)
  if (reader.accept('create')) {
    created(reader)
    return
  }
  if (reader.acceptAny(COLUMNS) || reader.acceptAny(INDEXES)) {
    ofTable(reader)
    return
  }
  if (reader.isAny(DANGEROUS)) {
    dangerous(reader)
    return
  }
  if (reader.isAny(PLAIN)) {
    plain(reader)
    return
  }
  reader.fail('not a known SHOW')
}

const RELATIONS = wordSet('table view sequence')
const BODIES = wordSet('procedure function trigger event package')
const SCHEMAS = wordSet('database schema')

/** SHOW CREATE TABLE reads the table; bodies of stored code may tell of any. */
function created(reader: Reader): void {
  const { key, start } = reader
  reader.next()
  if (RELATIONS.has(key)) {
    reader.found.read(tableName(reader))
    return
  }
  if (SCHEMAS.has(key)) {
    createdSchema(reader)
    return
  }
  if (!BODIES.has(key)) {
    accountOf(reader, start)
    return
  }
  reader.accept('body')
  tableName(reader)
  reader.found.read({ schema: undefined, name: '*' })
}

function createdSchema(reader: Reader): void {
  if (reader.accept('if')) {
    reader.expect('not')
    reader.expect('exists')
  }
  nameAfterDot(reader)
}

/** SHOW CREATE USER and SHOW CREATE SERVER show credentials. */
function accountOf(reader: Reader, start: number): void {
  reader.found.danger('show create user', start)
  rest(reader)
}

function ofTable(reader: Reader): void {
  if (!reader.accept('from')) reader.expect('in')
  const table = tableName(reader)
  const isNamedLater = reader.key === 'from' || reader.key === 'in'
  if (!isNamedLater) reader.found.read(table)
  else {
    reader.next()
    reader.found.read({ schema: nameAfterDot(reader), name: table.name })
  }
  filter(reader)
}

function dangerous(reader: Reader): void {
  reader.found.danger(`show ${reader.key}`, reader.start)
  rest(reader)
}

/** Names, numbers and texts only: no parenthesis, so no query. */
function rest(reader: Reader): void {
  while (!reader.isAtEnd && reader.key !== '(' && reader.token?.kind !== 'unknown') reader.next()
}

/** Of the connection's previous statement. */
const LEFT_BEHIND = wordSet('warnings errors count profile profiles')

const PLAIN_WORDS =
  wordSet(`${[...PLAIN].join(' ')} set open tables status variables table function procedure body code ( * )
  full engines cpu block io context switches all ipc memory page faults source swaps query for ,`)

function plain(reader: Reader): void {
  if (reader.isAny(LEFT_BEHIND)) reader.found.pin('diagnostics')
  while (!reader.isAtEnd && isPlainWord(reader)) reader.next()
  if (reader.accept('from') || reader.accept('in')) nameAfterDot(reader)
  filter(reader)
}

function isPlainWord(reader: Reader): boolean {
  return reader.isAny(PLAIN_WORDS) || reader.token?.kind === 'number'
}

/** LIKE 'text', WHERE expression, LIMIT 10. */
function filter(reader: Reader): void {
  if (reader.accept('like')) nameOrText(reader)
  if (reader.accept('where')) reader.rules.expression(reader)
  if (reader.key === 'limit') limit(reader)
}
