import { dangerOf } from './functions.ts'
import { nameOrText, tableName } from './names.ts'
import { skipToken } from './opaque.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

/** Options by which a table reaches files, other servers or other tables. */
const FAR_OPTIONS = wordSet('connection directory tablespace server wrapper import discard')
const FAR_ENGINES = wordSet(
  'connect federated federatedx spider merge mrg_myisam s3 sphinx ndb ndbcluster',
)
const NO_NEW_NAME = wordSet('column index key constraint partition')

/** Behind the name: LIKE, columns, options, and the query that fills it. */
export function createTable(reader: Reader): void {
  if (reader.accept('like')) reader.found.read(tableName(reader))
  else if (reader.acceptPhrase('(', 'like')) {
    reader.found.read(tableName(reader))
    reader.expect(')')
  } else while (!reader.isAtEnd) createPart(reader)
}

function createPart(reader: Reader): void {
  if (isQueryAhead(reader)) filling(reader)
  else part(reader)
}

/** Columns and options hold neither word; WITH is followed by a name only where it begins a query. */
function isQueryAhead(reader: Reader): boolean {
  if (reader.key === 'select' || reader.key === 'table') return true
  if (reader.key !== 'with') return false
  return (
    reader.keyAfter(1) === 'recursive' || reader.keyAfter(2) === 'as' || reader.keyAfter(2) === '('
  )
}

function filling(reader: Reader): void {
  reader.found.effects.add('write')
  reader.rules.query(reader)
}

export function alterTable(reader: Reader): void {
  while (!reader.isAtEnd) alterPart(reader)
}

function alterPart(reader: Reader): void {
  if (reader.accept('rename')) newName(reader)
  else if (reader.accept('table')) reader.found.write(tableName(reader))
  else if (reader.key === 'select') reader.fail('not expected')
  else part(reader)
}

/** RENAME [TO | AS] name moves the table; the other forms rename what belongs to it. */
function newName(reader: Reader): void {
  if (reader.isAny(NO_NEW_NAME)) return
  if (!reader.accept('to') && !reader.accept('as')) reader.accept('=')
  reader.found.write(tableName(reader))
}

function part(reader: Reader): void {
  if (reader.accept('references')) reader.found.read(tableName(reader))
  else if (reader.accept('engine')) engine(reader)
  else word(reader)
}

function engine(reader: Reader): void {
  reader.accept('=')
  if (reader.isAtEnd || reader.key === ',') return
  if (FAR_ENGINES.has(nameOrText(reader).toLowerCase())) reader.found.opaque()
}

function word(reader: Reader): void {
  if (reader.isAny(FAR_OPTIONS) || isMergeUnion(reader)) reader.found.opaque()
  if (reader.keyAfter(1) === '(') noteCall(reader)
  skipToken(reader)
}

/** UNION = (a, b) of a MERGE table, not the UNION between the queries that fill it. */
function isMergeUnion(reader: Reader): boolean {
  if (reader.key !== 'union') return false
  return (
    reader.keyAfter(1) === '=' || (reader.keyAfter(1) === '(' && !isTermAhead(reader.keyAfter(2)))
  )
}

function isTermAhead(word: string): boolean {
  return (
    word === 'select' || word === 'with' || word === 'values' || word === 'table' || word === '('
  )
}

/** A type's name before its size looks like a call: only what is known to be harmful counts. */
function noteCall(reader: Reader): void {
  const { token } = reader
  if (token?.kind !== 'word' && token?.kind !== 'quoted') return
  const name = token.value.toLowerCase()
  const danger = dangerOf(name)
  if (danger === 'write' || danger === 'danger') {
    reader.found.call({ schema: undefined, name, danger, start: token.start })
  }
}
