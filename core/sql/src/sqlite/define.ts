import { queryOrChange } from './change.ts'
import { expression, ordered } from './expression.ts'
import { ANY, type Name } from './findings.ts'
import type { Reader } from './reader.ts'
import { names, whereClause } from './select.ts'
import { columnDefinition, tableBody, tableConstraint } from './table.ts'
import { isWord } from './words.ts'

const CREATE: Readonly<Record<string, (reader: Reader) => void>> = { table, view, trigger }

export function create(reader: Reader): void {
  reader.expect('create')
  reader.findings.effect('define', 'write')
  if (reader.sees('virtual')) virtualTable(reader)
  else if (reader.accept('unique') || reader.sees('index')) index(reader)
  else createNamed(reader)
}

function createNamed(reader: Reader): void {
  const isMarked = reader.acceptOneOf('temp', 'temporary') !== undefined
  const kind = reader.acceptOneOf('table', 'view', 'trigger') ?? reader.fail()
  reader.findings.kind = `create ${kind}`
  reader.accept('if', 'not', 'exists')
  const named = reader.qualifiedName()
  const isTemporary = isMarked || named.schema === 'temp'
  if (isTemporary) reader.findings.session({ kind: 'pin', reason: 'temporary object' })
  const created = isTemporary ? { schema: 'temp', name: named.name } : named
  if (kind !== 'trigger') reader.findings.touch(created, 'write')
  CREATE[kind]?.(reader)
}

function table(reader: Reader): void {
  if (reader.accept('as')) {
    reader.findings.effect('write')
    reader.select()
  } else tableBody(reader)
}

function view(reader: Reader): void {
  if (reader.seesOperator('(')) reader.parenthesized(names)
  reader.expect('as')
  reader.select()
}

function index(reader: Reader): void {
  reader.findings.kind = 'create index'
  reader.expect('index')
  reader.accept('if', 'not', 'exists')
  const { schema } = reader.qualifiedName()
  reader.expect('on')
  reader.findings.touch({ schema, name: reader.name() }, 'write')
  reader.parenthesized(() => reader.list(ordered))
  whereClause(reader)
}

/** Its body runs later, with the rights of whoever touches the table: what it does is done now, by its author. */
function trigger(reader: Reader): void {
  if (!reader.accept('instead', 'of')) reader.acceptOneOf('before', 'after')
  const event = reader.acceptOneOf('delete', 'insert', 'update') ?? reader.fail()
  if (event === 'update' && reader.accept('of')) names(reader)
  reader.expect('on')
  reader.findings.touch(reader.qualifiedName(), 'write')
  reader.accept('for', 'each', 'row')
  if (reader.accept('when')) expression(reader)
  reader.expect('begin')
  do triggerStep(reader)
  while (!reader.accept('end'))
  reader.findings.kind = 'create trigger'
}

function triggerStep(reader: Reader): void {
  if (!isWord(reader.next, 'select', 'values', 'with', 'insert', 'replace', 'update', 'delete')) {
    reader.fail()
  }
  queryOrChange(reader)
  reader.expectOperator(';')
}

/** What a module reads or writes is its own affair: another table (fts5), a file (csv). */
function virtualTable(reader: Reader): void {
  reader.expect('virtual', 'table')
  reader.findings.kind = 'create virtual table'
  reader.accept('if', 'not', 'exists')
  reader.findings.touch(reader.qualifiedName(), 'write')
  reader.findings.mayTouchAnything()
  reader.expect('using')
  reader.name()
  if (reader.seesOperator('(')) balanced(reader)
}

function balanced(reader: Reader): void {
  let depth = 0
  do {
    if (reader.acceptOperator('(')) depth += 1
    else if (reader.acceptOperator(')')) depth -= 1
    else reader.take()
  } while (depth > 0)
}

export function drop(reader: Reader): void {
  reader.expect('drop')
  const kind = reader.acceptOneOf('table', 'view', 'index', 'trigger') ?? reader.fail()
  reader.findings.kind = `drop ${kind}`
  reader.findings.effect('define', 'write')
  reader.accept('if', 'exists')
  const named = reader.qualifiedName()
  // An index or trigger doesn't say here whose it is.
  const isTable = kind === 'table' || kind === 'view'
  reader.findings.touch(isTable ? named : ANY, 'write')
}

export function alter(reader: Reader): void {
  reader.expect('alter', 'table')
  reader.findings.kind = 'alter table'
  reader.findings.effect('define', 'write')
  const altered = reader.qualifiedName()
  reader.findings.touch(altered, 'write')
  if (reader.accept('rename')) rename(reader, altered)
  else if (reader.accept('add')) add(reader)
  else if (reader.accept('drop')) dropPart(reader)
  else alterColumn(reader)
}

function dropPart(reader: Reader): void {
  reader.acceptOneOf('column', 'constraint')
  reader.name()
}

function rename(reader: Reader, altered: Name): void {
  if (reader.accept('to')) {
    reader.findings.touch({ schema: altered.schema, name: reader.name() }, 'write')
    return
  }
  reader.accept('column')
  reader.name()
  reader.expect('to')
  reader.name()
}

function add(reader: Reader): void {
  if (isWord(reader.next, 'constraint', 'check')) tableConstraint(reader)
  else {
    reader.accept('column')
    columnDefinition(reader)
  }
}

function alterColumn(reader: Reader): void {
  reader.expect('alter')
  reader.accept('column')
  reader.name()
  if (!reader.acceptOneOf('set', 'drop')) reader.fail()
  reader.expect('not', 'null')
}
