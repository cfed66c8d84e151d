import type { Token } from '../statement.ts'
import { call, isCallAhead } from './call.ts'
import { isName, nameAfterDot } from './names.ts'
import { isQueryAhead, parenthesised } from './parentheses.ts'
import type { Reader } from './reader.ts'
import { systemVariable } from './variables.ts'
import { wordSet } from './words.ts'

/** Words that are values by themselves, with or without parentheses behind them. */
const VALUE_WORDS =
  wordSet(`null true false default current_date current_time current_timestamp current_user
  localtime localtimestamp utc_date utc_time utc_timestamp`)
const TEMPORAL = wordSet('date time timestamp')
const FRACTION_CALL =
  wordSet(`current_date current_time current_timestamp current_user localtime localtimestamp
  utc_date utc_time utc_timestamp`)

/** One operand; returns whether it was a query in parentheses. */
export function primary(reader: Reader): boolean {
  const { token } = reader
  if (token === undefined) return reader.fail('expected an expression')
  switch (token.kind) {
    case 'string':
      strings(reader)
      return false
    case 'number':
    case 'binary':
    case 'parameter':
      reader.next()
      return false
    case 'variable':
      variable(reader, token)
      return false
    case 'operator':
      return operator(reader)
    case 'word':
    case 'quoted':
      word(reader, token)
      return false
    case 'comment':
    case 'unknown':
      return reader.fail('not readable')
  }
}

/** Adjacent texts are one text. */
function strings(reader: Reader): void {
  while (reader.acceptKind('string') !== undefined);
}

/** Elsewhere a user variable may be what is written, as an OUT parameter of CALL is. */
const MERE_READERS = wordSet('select values table with insert replace update delete')

function variable(reader: Reader, token: Token): void {
  reader.next()
  if (token.value.startsWith('@@')) {
    systemVariable(reader, token)
    return
  }
  if (reader.accept(':=')) {
    reader.found.pin('user variable')
    reader.rules.expression(reader)
  } else if (MERE_READERS.has(reader.found.kind)) reader.found.readsVariables()
  else reader.found.pin('user variable')
}

function operator(reader: Reader): boolean {
  if (reader.key === '(') return parenthesised(reader)
  if (reader.key === '.') dottedName(reader)
  else if (reader.key === '{') odbc(reader)
  else reader.fail('expected an expression')
  return false
}

/** ODBC: `.column`, meaning the column of no named table. */
function dottedName(reader: Reader): void {
  reader.next()
  nameAfterDot(reader)
  path(reader)
}

/** ODBC: `{d '2026-01-31'}`, `{fn now()}`. */
function odbc(reader: Reader): void {
  reader.next()
  nameAfterDot(reader)
  reader.rules.expression(reader)
  reader.expect('}')
}

function word(reader: Reader, token: Token): void {
  if (token.kind === 'word' && special(reader)) return
  if (isIntroducer(reader, token)) {
    reader.next()
    reader.next()
    strings(reader)
    return
  }
  if (isCallAhead(reader)) {
    call(reader)
    return
  }
  if (!isName(reader)) reader.fail('expected an expression')
  nameAfterDot(reader)
  path(reader)
}

/** `_utf8mb4'text'`, `_binary x'41'`, `DATE'2026-01-31'`. */
function isIntroducer(reader: Reader, token: Token): boolean {
  if (token.kind !== 'word') return false
  const following = reader.tokenAfter(1)?.kind
  if (TEMPORAL.has(reader.key)) return following === 'string'
  return token.value.startsWith('_') && (following === 'string' || following === 'binary')
}

/** `.name`, `.name.name`, or `.*` at its end. */
function path(reader: Reader): void {
  while (reader.accept('.')) {
    if (reader.accept('*')) return
    nameAfterDot(reader)
  }
}

function special(reader: Reader): boolean {
  if (reader.key === 'case') caseExpression(reader)
  else if (reader.key === 'exists') exists(reader)
  else if (reader.key === 'match') match(reader)
  else if (isSequenceValue(reader)) sequenceValue(reader)
  else if (reader.isAny(VALUE_WORDS) && !isColumnDefault(reader)) valueWord(reader)
  else return false
  return true
}

function isColumnDefault(reader: Reader): boolean {
  return reader.key === 'default' && reader.keyAfter(1) === '('
}

/** CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(6). */
function valueWord(reader: Reader): void {
  const mayHaveFraction = reader.isAny(FRACTION_CALL)
  reader.next()
  if (!mayHaveFraction || !reader.accept('(')) return
  reader.acceptKind('number')
  reader.expect(')')
}

function caseExpression(reader: Reader): void {
  reader.next()
  if (reader.key !== 'when') reader.rules.expression(reader)
  if (reader.key !== 'when') reader.fail('expected WHEN')
  while (reader.accept('when')) branch(reader)
  if (reader.accept('else')) reader.rules.expression(reader)
  reader.expect('end')
}

function branch(reader: Reader): void {
  reader.rules.expression(reader)
  reader.expect('then')
  reader.rules.expression(reader)
}

function exists(reader: Reader): void {
  reader.next()
  parenthesised(reader)
}

/** MATCH (columns) AGAINST (text modifiers); MySQL takes the columns without parentheses too. */
function match(reader: Reader): void {
  reader.next()
  reader.enter()
  if (reader.key === '(') parenthesised(reader)
  else reader.list(matchedColumn)
  reader.expect('against')
  reader.expect('(')
  matchedText(reader)
  reader.expect(')')
  reader.leave()
}

function matchedColumn(reader: Reader): void {
  nameAfterDot(reader)
  path(reader)
}

const MODIFIERS = wordSet('in natural language mode boolean with query expansion')

/** The text is no IN predicate, though IN BOOLEAN MODE follows it. */
function matchedText(reader: Reader): void {
  if (isQueryAhead(reader)) reader.fail('expected a text')
  primary(reader)
  while (reader.accept('||') || reader.accept('+')) primary(reader)
  reader.skipAny(MODIFIERS)
}

function isSequenceValue(reader: Reader): boolean {
  if (reader.key !== 'next' && reader.key !== 'previous') return false
  return reader.keyAfter(1) === 'value' && reader.keyAfter(2) === 'for'
}

function sequenceValue(reader: Reader): void {
  const { start } = reader
  const isNext = reader.key === 'next'
  reader.at += 3
  const schema = nameAfterDot(reader)
  const sequence = reader.accept('.')
    ? { schema, name: nameAfterDot(reader) }
    : { schema: undefined, name: schema }
  if (isNext) reader.found.write(sequence)
  else reader.found.read(sequence)
  reader.found.call({
    schema: undefined,
    name: isNext ? 'nextval' : 'lastval',
    danger: isNext ? 'write' : 'safe',
    start,
  })
}
