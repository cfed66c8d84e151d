import { expression, expressions, orderBy, ordered, window } from './expression.ts'
import type { Reader } from './reader.ts'
import { readTable } from './relation.ts'
import { isAlias, isJoinWord, isName, isOperator } from './words.ts'

/** [WITH …] SELECT or VALUES, with all that is compounded to it. */
export function select(reader: Reader): void {
  withTables(reader, compound)
}

/** WITH names cover each other's bodies, whatever their order, and `body`. */
export function withTables(reader: Reader, body: (reader: Reader) => void): void {
  if (reader.accept('with')) reader.scoped(() => commonTables(reader, body))
  else body(reader)
}

function commonTables(reader: Reader, body: (reader: Reader) => void): readonly string[] {
  const names: string[] = []
  reader.accept('recursive')
  reader.list(() => names.push(commonTable(reader)))
  body(reader)
  return names
}

function commonTable(reader: Reader): string {
  const name = reader.name()
  if (reader.seesOperator('(')) reader.parenthesized(() => reader.list(ordered))
  reader.expect('as')
  if (!reader.accept('materialized')) reader.accept('not', 'materialized')
  reader.parenthesized(() => reader.select())
  return name
}

export function compound(reader: Reader): void {
  do oneSelect(reader)
  while (compoundOperator(reader))
}

function compoundOperator(reader: Reader): boolean {
  const operator = reader.acceptOneOf('union', 'intersect', 'except')
  if (operator === 'union') reader.accept('all')
  return operator !== undefined
}

function oneSelect(reader: Reader): void {
  if (reader.accept('values')) values(reader)
  else selection(reader)
}

function selection(reader: Reader): void {
  reader.expect('select')
  reader.findings.effect('read')
  if (!reader.accept('distinct')) reader.accept('all')
  resultColumns(reader)
  if (reader.accept('from')) joins(reader)
  whereClause(reader)
  if (reader.accept('group', 'by')) expressions(reader)
  if (reader.accept('having')) expression(reader)
  if (reader.sees('window') && isName(reader.ahead(1))) windows(reader)
  orderAndLimit(reader)
}

function values(reader: Reader): void {
  reader.list(() => reader.parenthesized(expressions))
}

export function whereClause(reader: Reader): void {
  if (reader.accept('where')) expression(reader)
}

export function orderAndLimit(reader: Reader): void {
  orderBy(reader)
  if (!reader.accept('limit')) return
  expression(reader)
  if (reader.accept('offset') || reader.acceptOperator(',')) expression(reader)
}

export function resultColumns(reader: Reader): void {
  reader.list(resultColumn)
}

function resultColumn(reader: Reader): void {
  if (reader.acceptOperator('*')) return
  if (isOperator(reader.ahead(1), '.') && isOperator(reader.ahead(2), '*')) {
    reader.name()
    reader.acceptOperator('.')
    reader.acceptOperator('*')
    return
  }
  expression(reader)
  alias(reader)
}

function alias(reader: Reader): void {
  if (reader.accept('as')) reader.name()
  else if (isAlias(reader.next)) reader.name()
}

function windows(reader: Reader): void {
  reader.expect('window')
  reader.list(() => {
    reader.name()
    reader.expect('as')
    reader.parenthesized(window)
  })
}

/** table [join table [ON … | USING (…)]] … */
export function joins(reader: Reader): void {
  do joined(reader)
  while (joinOperator(reader))
}

function joinOperator(reader: Reader): boolean {
  if (reader.acceptOperator(',')) return true
  if (!isJoinWord(reader.next)) return reader.accept('join')
  for (let words = 0; words < 3 && isJoinWord(reader.next); words += 1) reader.take()
  reader.expect('join')
  return true
}

function joined(reader: Reader): void {
  source(reader)
  if (reader.accept('on')) expression(reader)
  if (reader.accept('using')) reader.parenthesized(names)
}

export function names(reader: Reader): void {
  reader.list(() => reader.name())
}

function source(reader: Reader): void {
  if (reader.seesOperator('(')) reader.nested(() => reader.parenthesized(inParentheses))
  else readTable(reader, expressions)
  // WINDOW names an alias unless a window's definition follows.
  const isClause = reader.sees('window') && isName(reader.ahead(1))
  if (!isClause) alias(reader)
  indexedBy(reader)
}

function inParentheses(reader: Reader): void {
  if (reader.seesSelect()) reader.select()
  else joins(reader)
}

export function indexedBy(reader: Reader): void {
  if (reader.accept('indexed', 'by')) reader.name()
  else reader.accept('not', 'indexed')
}
