import { isCommonTable } from './common-tables.ts'
import type { TableName } from './findings.ts'
import { jsonTable } from './json-table.ts'
import { alias, columnName, name, nameList, tableName } from './names.ts'
import { isQueryAhead, isQueryTailAhead } from './parentheses.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

/** What FROM, UPDATE or USING names: a table, or something made on the spot. */
export interface Source extends TableName {
  readonly alias: string | undefined
  /** No table of the server's: a derived table, or a common table expression. */
  readonly isDerived?: boolean
}

const JOIN_WORDS = wordSet('natural inner cross left right full outer join straight_join')
const HINT_WORDS = wordSet('use force ignore')

/** Adds what it names to `sources`; whether that is read or written is for the caller to say. */
export function tableReferences(reader: Reader, sources: Source[]): void {
  reader.list(() => joined(reader, sources))
}

/** Tables are read; common table expressions were read where they were defined. */
export function readSources(reader: Reader, sources: readonly Source[]): void {
  for (const source of sources) if (source.isDerived !== true) reader.found.read(source)
}

function joined(reader: Reader, sources: Source[]): void {
  factor(reader, sources)
  joinTail(reader, sources)
}

/** Joins nest to the right too (`a JOIN b JOIN c ON … ON …`): each ON and USING belongs to some join before it. */
function joinTail(reader: Reader, sources: Source[]): void {
  for (;;) {
    if (isJoinAhead(reader)) join(reader, sources)
    else if (isCondition(reader)) condition(reader)
    else if (reader.key === 'using' && reader.keyAfter(1) === '(') using(reader)
    else return
  }
}

/** INSERT … SELECT may end in ON DUPLICATE KEY UPDATE, which is no join's condition. */
function isCondition(reader: Reader): boolean {
  return (
    reader.key === 'on' && !(reader.keyAfter(1) === 'duplicate' && reader.keyAfter(2) === 'key')
  )
}

function condition(reader: Reader): void {
  reader.next()
  reader.rules.expression(reader)
}

function isJoinAhead(reader: Reader): boolean {
  return reader.isAny(JOIN_WORDS)
}

function join(reader: Reader, sources: Source[]): void {
  if (!reader.accept('straight_join')) {
    while (reader.key !== 'join') if (!reader.acceptAny(JOIN_WORDS)) reader.fail('expected JOIN')
    reader.next()
  }
  factor(reader, sources)
}

function using(reader: Reader): void {
  reader.next()
  nameList(reader)
}

function factor(reader: Reader, sources: Source[]): void {
  reader.enter()
  if (reader.key === '(') parenthesised(reader, sources)
  else if (reader.key === '{') odbcJoin(reader, sources)
  else if (reader.key === 'lateral') lateral(reader, sources)
  else if (reader.key === 'json_table' && reader.keyAfter(1) === '(') columnsOf(reader, sources)
  else table(reader, sources)
  reader.leave()
}

function parenthesised(reader: Reader, sources: Source[]): void {
  if (parentheses(reader, sources)) derived(reader, sources)
}

/** A derived table or a join in parentheses, both of which nest; returns whether it was a query. */
function parentheses(reader: Reader, sources: Source[]): boolean {
  reader.expect('(')
  reader.enter()
  const isQuery = isQueryAhead(reader) || isValues(reader) ? query(reader) : nested(reader, sources)
  reader.leave()
  reader.expect(')')
  return isQuery
}

function isValues(reader: Reader): boolean {
  return reader.key === 'values' && reader.keyAfter(1) === '('
}

function query(reader: Reader): true {
  reader.rules.query(reader)
  return true
}

function nested(reader: Reader, sources: Source[]): boolean {
  if (reader.key !== '(') factor(reader, sources)
  else if (parentheses(reader, sources)) {
    if (reader.isAt(')')) return true
    if (isQueryTailAhead(reader)) return query(reader)
    derived(reader, sources)
  }
  joinTail(reader, sources)
  while (reader.accept(',')) joined(reader, sources)
  return false
}

function lateral(reader: Reader, sources: Source[]): void {
  reader.next()
  reader.expect('(')
  reader.rules.query(reader)
  reader.expect(')')
  derived(reader, sources)
}

function columnsOf(reader: Reader, sources: Source[]): void {
  jsonTable(reader)
  derived(reader, sources)
}

function derived(reader: Reader, sources: Source[]): void {
  const known = alias(reader)
  nameList(reader)
  sources.push({ schema: undefined, name: known ?? '', alias: known, isDerived: true })
}

/** ODBC: `{ OJ a LEFT OUTER JOIN b ON … }` */
function odbcJoin(reader: Reader, sources: Source[]): void {
  reader.next()
  name(reader)
  joined(reader, sources)
  reader.expect('}')
}

function table(reader: Reader, sources: Source[]): void {
  if (isDual(reader)) {
    reader.next()
    return
  }
  const named = tableName(reader)
  if (reader.accept('partition')) nameList(reader)
  if (reader.isPhrase('for', 'system_time')) systemTime(reader)
  const isDerived = named.schema === undefined && isCommonTable(reader, named.name)
  sources.push({ ...named, alias: tableAlias(reader), isDerived })
  indexHints(reader)
}

function tableAlias(reader: Reader): string | undefined {
  if (reader.isAny(JOIN_WORDS)) return undefined
  return alias(reader)
}

/** The reserved word; in quotes, or behind a schema, it is a table of that name. */
function isDual(reader: Reader): boolean {
  return reader.key === 'dual' && reader.keyAfter(1) !== '.'
}

/** MariaDB: FOR SYSTEM_TIME AS OF …, BETWEEN … AND …, FROM … TO …, ALL. */
function systemTime(reader: Reader): void {
  reader.next()
  reader.next()
  if (reader.accept('all')) return
  if (reader.acceptPhrase('as', 'of')) {
    instant(reader)
    return
  }
  if (!reader.accept('between')) reader.expect('from')
  instant(reader)
  if (!reader.accept('and')) reader.expect('to')
  instant(reader)
}

function instant(reader: Reader): void {
  if (reader.key === 'transaction' || isPlainTimestamp(reader)) reader.next()
  reader.rules.bits(reader)
}

function isPlainTimestamp(reader: Reader): boolean {
  return (
    reader.key === 'timestamp' &&
    reader.keyAfter(1) !== '(' &&
    reader.tokenAfter(1)?.kind !== 'string'
  )
}

/** USE INDEX FOR JOIN (a, b), FORCE KEY (PRIMARY), IGNORE INDEX (c). */
function indexHints(reader: Reader): void {
  while (reader.isAny(HINT_WORDS) && isIndexWord(reader.keyAfter(1))) {
    reader.next()
    reader.next()
    if (reader.accept('for')) hintScope(reader)
    reader.expect('(')
    if (reader.key !== ')') reader.list(indexName)
    reader.expect(')')
  }
}

function isIndexWord(word: string): boolean {
  return word === 'index' || word === 'key'
}

function hintScope(reader: Reader): void {
  if (reader.accept('join') || reader.acceptPhrase('order', 'by')) return
  if (!reader.acceptPhrase('group', 'by')) reader.fail('expected JOIN, ORDER BY or GROUP BY')
}

function indexName(reader: Reader): void {
  if (!reader.accept('primary')) columnName(reader)
}
