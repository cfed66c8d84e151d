import type { FunctionCall } from '../statement.ts'
import {
  dangerOf,
  isKeywordFunction,
  needsParenthesisAtOnce,
  STATE_FUNCTIONS,
} from './functions.ts'
import { alias, isName, nameAfterDot, tableName } from './names.ts'
import { isQueryAhead, isQueryTailAhead } from './parentheses.ts'
import type { Reader } from './reader.ts'
import { SPECIAL_CALLS } from './special-calls.ts'
import { isOverAhead, over } from './window.ts'
import { wordSet } from './words.ts'

const SEQUENCE_CALLS = wordSet('nextval lastval setval')
const BEFORE_ARGUMENTS = wordSet('distinct all')

/** `name(`, `schema.name(`; a reserved word only where it names a function. */
export function isCallAhead(reader: Reader): boolean {
  if (reader.keyAfter(1) === '(') return isName(reader) || isKeywordFunction(reader.key)
  if (reader.keyAfter(1) !== '.' || reader.keyAfter(3) !== '(') return false
  return reader.tokenAfter(2)?.kind !== 'operator'
}

export function call(reader: Reader): void {
  const { start, token } = reader
  const isAtOnce = reader.code.text[token?.end ?? 0] === '('
  const name = nameAfterDot(reader).toLowerCase()
  if (reader.accept('.')) {
    storedCall(reader, name, start)
    return
  }
  const isBuiltIn = token?.kind !== 'quoted' && (isAtOnce || !needsParenthesisAtOnce(name))
  note(reader, { schema: undefined, name, danger: danger(reader, name, isBuiltIn), start })
  parameters(reader, isBuiltIn ? name : '')
}

/** A function of a schema is a stored one, whatever its name. */
function storedCall(reader: Reader, schema: string, start: number): void {
  const name = nameAfterDot(reader).toLowerCase()
  reader.found.call({ schema, name, danger: 'unknown', start })
  parameters(reader, '')
}

/** Backticks reach built-in functions too, but not those that are keywords: these would be stored ones. */
function danger(reader: Reader, name: string, isBuiltIn: boolean): FunctionCall['danger'] {
  if (name === 'last_insert_id') return reader.keyAfter(1) === ')' ? 'safe' : 'write'
  const known = dangerOf(name)
  return isBuiltIn || known !== 'safe' ? known : 'unknown'
}

function note(reader: Reader, called: FunctionCall): void {
  reader.found.call(called)
  const state = STATE_FUNCTIONS.get(called.name)
  if (state !== undefined && !isStored(reader, called.name)) reader.found.pin(state)
}

/** Inside INSERT and UPDATE, LAST_INSERT_ID() is a value that the statement itself stores. */
function isStored(reader: Reader, name: string): boolean {
  const { kind } = reader.found
  return name === 'last_insert_id' && (kind === 'insert' || kind === 'update' || kind === 'replace')
}

function parameters(reader: Reader, name: string): void {
  reader.expect('(')
  reader.enter()
  if (SEQUENCE_CALLS.has(name)) sequence(reader, name)
  else (SPECIAL_CALLS.get(name) ?? plain)(reader)
  reader.leave()
  reader.expect(')')
  if (isOverAhead(reader)) over(reader)
}

function sequence(reader: Reader, name: string): void {
  const table = tableName(reader)
  if (name === 'lastval') reader.found.read(table)
  else reader.found.write(table)
  while (reader.accept(',')) reader.rules.expression(reader)
}

function plain(reader: Reader): void {
  if (reader.key === ')' || reader.accept('*')) return
  reader.skipAny(BEFORE_ARGUMENTS)
  if (isQueryAhead(reader)) {
    reader.rules.query(reader)
    return
  }
  reader.list(parameter)
}

/** A loadable function sees its parameters' names: `f(a AS b)`. */
function parameter(reader: Reader): void {
  const isQuery = reader.rules.expression(reader)
  if (isQuery && isQueryTailAhead(reader)) reader.rules.query(reader)
  alias(reader)
}
