import { expression, ordered, signedNumber, typeName } from './expression.ts'
import type { Reader } from './reader.ts'
import { names } from './select.ts'
import { isName, isWord } from './words.ts'

const CONSTRAINT = ['constraint', 'primary', 'unique', 'check', 'foreign']
const CONFLICT = ['rollback', 'abort', 'replace', 'fail', 'ignore']

/** ( columns, constraints ) [WITHOUT ROWID, STRICT] */
export function tableBody(reader: Reader): void {
  reader.parenthesized(() => reader.list(definition))
  if (reader.next === undefined || reader.seesOperator(';')) return
  reader.list(() => {
    if (!reader.accept('without', 'rowid')) reader.expect('strict')
  })
}

/** A column or a constraint; SQLite lets the comma between constraints be left out. */
function definition(reader: Reader): void {
  if (!isWord(reader.next, ...CONSTRAINT)) columnDefinition(reader)
  while (isWord(reader.next, ...CONSTRAINT)) tableConstraint(reader)
}

export function columnDefinition(reader: Reader): void {
  reader.name()
  if (isName(reader.next)) typeName(reader)
  while (columnConstraint(reader));
}

function columnConstraint(reader: Reader): boolean {
  if (reader.accept('constraint')) {
    reader.name()
    return true
  }
  if (reader.accept('primary', 'key')) return primaryKey(reader)
  if (reader.accept('not', 'null') || reader.accept('null') || reader.accept('unique')) {
    return onConflict(reader)
  }
  if (reader.accept('check')) return checkConstraint(reader)
  if (reader.accept('default')) return defaultValue(reader)
  if (reader.accept('collate')) return reader.name() !== undefined
  if (reader.accept('references')) return references(reader)
  if (reader.accept('generated', 'always', 'as') || reader.accept('as')) return generated(reader)
  return deferrable(reader)
}

function primaryKey(reader: Reader): true {
  reader.acceptOneOf('asc', 'desc')
  onConflict(reader)
  reader.accept('autoincrement')
  return true
}

function onConflict(reader: Reader): true {
  if (reader.accept('on', 'conflict') && !reader.acceptOneOf(...CONFLICT)) reader.fail()
  return true
}

function checkConstraint(reader: Reader): true {
  reader.parenthesized(expression)
  return onConflict(reader)
}

function defaultValue(reader: Reader): true {
  if (reader.seesOperator('(')) reader.parenthesized(expression)
  else if (reader.next?.kind === 'operator') signedNumber(reader)
  else if (!reader.accept('null')) reader.take()
  return true
}

function references(reader: Reader): true {
  reader.findings.touch({ schema: undefined, name: reader.name() }, 'read')
  if (reader.seesOperator('(')) reader.parenthesized(names)
  while (referenceAction(reader));
  deferrable(reader)
  return true
}

function referenceAction(reader: Reader): boolean {
  if (reader.accept('match')) return reader.name() !== undefined
  if (!reader.accept('on')) return false
  if (!reader.acceptOneOf('insert', 'delete', 'update')) reader.fail()
  const isKnown =
    reader.accept('set', 'null') ||
    reader.accept('set', 'default') ||
    reader.accept('no', 'action') ||
    reader.acceptOneOf('cascade', 'restrict') !== undefined
  return isKnown || reader.fail()
}

function deferrable(reader: Reader): boolean {
  const isThere = reader.accept('not', 'deferrable') || reader.accept('deferrable')
  if (isThere && reader.accept('initially') && !reader.acceptOneOf('deferred', 'immediate')) {
    reader.fail()
  }
  return isThere
}

function generated(reader: Reader): true {
  reader.parenthesized(expression)
  reader.acceptOneOf('stored', 'virtual')
  return true
}

/** Consumes at least its first word. */
export function tableConstraint(reader: Reader): void {
  if (reader.accept('constraint')) reader.name()
  if (reader.accept('check')) checkConstraint(reader)
  else if (reader.accept('foreign', 'key')) foreignKey(reader)
  else if (reader.accept('unique') || reader.accept('primary', 'key')) uniqueKey(reader)
}

function foreignKey(reader: Reader): void {
  reader.parenthesized(names)
  reader.expect('references')
  references(reader)
}

function uniqueKey(reader: Reader): void {
  reader.parenthesized(() => {
    reader.list(ordered)
    reader.accept('autoincrement')
  })
  onConflict(reader)
}
