import { expression, ordered } from './expression.ts'
import type { Name } from './findings.ts'
import type { Reader } from './reader.ts'
import {
  compound,
  indexedBy,
  joins,
  names,
  orderAndLimit,
  resultColumns,
  whereClause,
  withTables,
} from './select.ts'
import { isWord } from './words.ts'

const CONFLICT = ['rollback', 'abort', 'replace', 'fail', 'ignore']

/** What a WITH may stand before: SELECT, VALUES, INSERT, REPLACE, UPDATE, DELETE. */
export function queryOrChange(reader: Reader): void {
  withTables(reader, (inner) => {
    const { next, findings } = inner
    findings.kind = next?.kind === 'word' ? next.value : ''
    if (isWord(next, 'insert', 'replace')) insert(inner)
    else if (isWord(next, 'update')) update(inner)
    else if (isWord(next, 'delete')) deletion(inner)
    else query(inner)
  })
}

/** VALUES reads nothing, but answers. */
function query(reader: Reader): void {
  reader.findings.effect('read')
  compound(reader)
}

function insert(reader: Reader): void {
  if (!reader.accept('replace')) {
    reader.expect('insert')
    orConflict(reader)
  }
  reader.expect('into')
  const table = target(reader)
  if (reader.seesOperator('(')) reader.parenthesized(names)
  if (!reader.accept('default', 'values')) {
    reader.select()
    while (reader.accept('on', 'conflict')) upsert(reader)
  }
  returning(reader, table)
}

function upsert(reader: Reader): void {
  if (reader.seesOperator('(')) {
    reader.parenthesized(() => reader.list(ordered))
    whereClause(reader)
  }
  reader.expect('do')
  if (reader.accept('nothing')) return
  reader.expect('update', 'set')
  reader.list(assignment)
  whereClause(reader)
}

function update(reader: Reader): void {
  reader.expect('update')
  orConflict(reader)
  const table = target(reader)
  indexedBy(reader)
  reader.expect('set')
  reader.list(assignment)
  if (reader.accept('from')) joins(reader)
  whereClause(reader)
  orderAndLimit(reader)
  returning(reader, table)
}

function deletion(reader: Reader): void {
  reader.expect('delete', 'from')
  const table = target(reader)
  indexedBy(reader)
  whereClause(reader)
  orderAndLimit(reader)
  returning(reader, table)
}

function orConflict(reader: Reader): void {
  if (!reader.accept('or')) return
  if (!reader.acceptOneOf(...CONFLICT)) reader.fail()
}

/** The table that is changed: no CTE ever hides it. */
function target(reader: Reader): Name {
  const table = reader.qualifiedName()
  reader.findings.effect('write')
  reader.findings.touch(table, 'write')
  if (reader.accept('as')) reader.name()
  return table
}

/** column = value, or (columns) = row */
function assignment(reader: Reader): void {
  if (reader.seesOperator('(')) reader.parenthesized(names)
  else reader.name()
  reader.expectOperator('=')
  expression(reader)
}

/** What comes back was read. */
function returning(reader: Reader, table: Name): void {
  if (!reader.accept('returning')) return
  reader.findings.effect('read')
  reader.findings.touch(table, 'read')
  resultColumns(reader)
}
