import { withClause } from './common-tables.ts'
import type { Source } from './from.ts'
import { readSources, tableReferences } from './from.ts'
import { into, isIntoAhead } from './into.ts'
import { alias, name, tableName } from './names.ts'
import { orderList } from './order.ts'
import { isQueryTailAhead } from './parentheses.ts'
import type { Reader } from './reader.ts'
import { windowSpecification } from './window.ts'
import { RESERVED, wordSet } from './words.ts'

const SET_OPERATORS = wordSet('union except intersect minus')
const DISTINCTION = wordSet('all distinct')
const OPTIONS =
  wordSet(`all distinct distinctrow high_priority straight_join sql_small_result sql_big_result
  sql_buffer_result sql_no_cache sql_cache sql_calc_found_rows`)

/** `[WITH …] term [UNION term …] [ORDER BY …] [LIMIT …] …`, or, behind a query in parentheses, what is left of that. */
export function query(reader: Reader): void {
  reader.enter()
  const outer = reader.scope
  if (reader.key === 'with') withClause(reader)
  const sources: Source[] = []
  if (!isQueryTailAhead(reader)) term(reader, sources)
  while (reader.acceptAny(SET_OPERATORS)) {
    reader.acceptAny(DISTINCTION)
    term(reader, sources)
  }
  while (tail(reader, sources));
  reader.scope = outer
  reader.leave()
}

function term(reader: Reader, sources: Source[]): void {
  switch (reader.key) {
    case '(':
      reader.next()
      query(reader)
      reader.expect(')')
      return
    case 'select':
      select(reader, sources)
      return
    case 'values':
      values(reader)
      return
    case 'table':
      reader.next()
      table(reader, sources)
      return
    default:
      reader.fail('expected a query')
  }
}

function table(reader: Reader, sources: Source[]): void {
  const source: Source = { ...tableName(reader), alias: undefined }
  sources.push(source)
  reader.found.effects.add('read')
  readSources(reader, [source])
}

/** VALUES (1, 2), (3, 4) of MariaDB, VALUES ROW(1, 2), ROW(3, 4) of MySQL. */
function values(reader: Reader): void {
  reader.next()
  reader.found.effects.add('read')
  reader.list(row)
}

/** The values of one row, each an expression or DEFAULT. */
export function row(reader: Reader): void {
  reader.accept('row')
  reader.expect('(')
  if (reader.accept(')')) return
  reader.list(rowValue)
  reader.expect(')')
}

function rowValue(reader: Reader): void {
  reader.rules.expression(reader)
}

function select(reader: Reader, sources: Source[]): void {
  reader.next()
  reader.found.effects.add('read')
  options(reader)
  reader.list(selected)
  if (isIntoAhead(reader)) into(reader)
  if (reader.accept('from')) from(reader, sources)
  if (reader.accept('where')) reader.rules.expression(reader)
  if (reader.acceptPhrase('group', 'by')) groups(reader)
  if (reader.accept('having')) reader.rules.expression(reader)
  if (reader.accept('window')) reader.list(namedWindow)
}

function options(reader: Reader): void {
  for (;;) {
    if (reader.key === 'sql_calc_found_rows') reader.found.pin('sql_calc_found_rows')
    if (!reader.acceptAny(OPTIONS)) return
  }
}

function selected(reader: Reader): void {
  if (reader.accept('*')) return
  reader.rules.expression(reader)
  alias(reader)
}

function from(reader: Reader, sources: Source[]): void {
  const own: Source[] = []
  tableReferences(reader, own)
  readSources(reader, own)
  for (const source of own) sources.push(source)
}

function groups(reader: Reader): void {
  orderList(reader)
  if (reader.acceptPhrase('with', 'rollup')) return
  reader.acceptPhrase('with', 'cube')
}

function namedWindow(reader: Reader): void {
  name(reader)
  reader.expect('as')
  windowSpecification(reader)
}

/** One of the clauses behind the terms; the server fixes their order, which nothing here depends on. */
function tail(reader: Reader, sources: readonly Source[]): boolean {
  switch (reader.key) {
    case 'order':
      reader.next()
      reader.expect('by')
      orderList(reader)
      return true
    case 'limit':
    case 'offset':
    case 'fetch':
      limit(reader)
      return true
    case 'for':
    case 'lock':
      lock(reader, sources)
      return true
    case 'into':
      into(reader)
      return true
    case 'procedure':
      procedure(reader)
      return true
    default:
      return false
  }
}

const LIMIT_WORDS = wordSet('rows row examined only first next with ties offset , limit fetch')

/** LIMIT 10, LIMIT 5, 10, LIMIT 10 OFFSET 5, LIMIT ROWS EXAMINED 100, OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY. */
export function limit(reader: Reader): void {
  reader.next()
  while (reader.isAny(LIMIT_WORDS) || isLimitValue(reader)) reader.next()
}

function isLimitValue(reader: Reader): boolean {
  const kind = reader.token?.kind
  return (
    kind === 'number' ||
    kind === 'parameter' ||
    kind === 'binary' ||
    (kind === 'word' && isVariableName(reader))
  )
}

/** Inside stored code a limit may be a variable's name. */
function isVariableName(reader: Reader): boolean {
  return reader.keyAfter(-1) === 'limit' && !RESERVED.has(reader.key) && reader.key !== 'rows'
}

/** FOR UPDATE locks the rows of the tables named in FROM, which asks for the right to change them. */
function lock(reader: Reader, sources: readonly Source[]): void {
  reader.found.effects.add('write')
  if (reader.acceptPhrase('lock', 'in', 'share', 'mode')) {
    lockWait(reader)
    return
  }
  reader.expect('for')
  if (reader.accept('share')) {
    lockTail(reader)
    return
  }
  reader.expect('update')
  for (const source of sources) if (!source.isDerived) reader.found.write(source)
  lockTail(reader)
}

function lockTail(reader: Reader): void {
  if (reader.accept('of')) reader.list(tableName)
  lockWait(reader)
}

function lockWait(reader: Reader): void {
  if (reader.accept('nowait') || reader.acceptPhrase('skip', 'locked')) return
  if (reader.accept('wait') && reader.acceptKind('number') === undefined)
    reader.fail('expected seconds')
}

/** PROCEDURE ANALYSE(10, 2000) */
function procedure(reader: Reader): void {
  reader.next()
  name(reader)
  reader.expect('(')
  if (reader.accept(')')) return
  reader.list(reader.rules.expression)
  reader.expect(')')
}
