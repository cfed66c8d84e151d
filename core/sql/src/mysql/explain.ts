import { Findings } from './findings.ts'
import { maintain } from './maintenance.ts'
import { nameOrText, tableName } from './names.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const STATEMENT_WORDS = wordSet('select with insert replace update delete table values (')
const MODIFIERS = wordSet('extended partitions')
const TABLE_WORDS = wordSet('table tables local no_write_to_binlog')

/** EXPLAIN, DESCRIBE and DESC are one: of a table, or of a statement. */
export function explain(reader: Reader): void {
  reader.next()
  reader.found.kind = 'explain'
  reader.found.effects.add('read')
  const isExecuted = options(reader)
  if (reader.isPhrase('for', 'connection')) otherConnection(reader)
  else if (!reader.isAny(STATEMENT_WORDS)) table(reader)
  else if (isExecuted) executed(reader, 'explain')
  else planned(reader)
}

/** Returns whether ANALYZE is among them. */
function options(reader: Reader): boolean {
  let isExecuted = false
  for (;;) {
    if (reader.accept('analyze')) isExecuted = true
    else if (reader.acceptPhrase('format', '=')) nameOrText(reader)
    else if (reader.key === 'into') into(reader)
    else if (!isModifier(reader)) return isExecuted
    else reader.next()
  }
}

/** `DESCRIBE extended` names a table. */
function isModifier(reader: Reader): boolean {
  return reader.isAny(MODIFIERS) && STATEMENT_WORDS.has(reader.keyAfter(1))
}

/** MySQL: EXPLAIN FORMAT = JSON INTO @plan SELECT … */
function into(reader: Reader): void {
  reader.next()
  if (reader.acceptKind('variable') === undefined) reader.fail('expected a variable')
  reader.found.pin('user variable')
}

function otherConnection(reader: Reader): void {
  reader.found.danger('explain for connection', reader.start)
  reader.next()
  reader.next()
  if (reader.acceptKind('number') === undefined) reader.fail('expected a number')
}

/** DESCRIBE t, DESCRIBE t column, DESCRIBE t 'pattern%' */
function table(reader: Reader): void {
  reader.found.read(tableName(reader))
  if (!reader.isAtEnd) nameOrText(reader)
}

/** Planned only: what it would change is read. Parts of it may be evaluated all the same, so its functions count. */
function planned(reader: Reader): void {
  const own = reader.found
  const inner = new Findings()
  reader.found = inner
  reader.rules.statement(reader)
  reader.found = own
  for (const relation of inner.relations) own.read(relation)
  for (const called of inner.functions) own.functions.push(called)
  for (const effect of inner.session) {
    if (effect.kind === 'pin') own.pin(effect.reason)
    if (effect.kind === 'variables') own.readsVariables()
  }
}

function executed(reader: Reader, kind: string): void {
  reader.rules.statement(reader)
  reader.found.kind = kind
}

/** ANALYZE TABLE gathers statistics; MariaDB's ANALYZE statement runs the statement. */
export function analyze(reader: Reader): void {
  if (TABLE_WORDS.has(reader.keyAfter(1))) {
    maintain(reader)
    return
  }
  reader.next()
  if (reader.acceptPhrase('format', '=')) nameOrText(reader)
  if (!reader.isAny(STATEMENT_WORDS)) reader.fail('expected a statement')
  executed(reader, 'analyze')
}
