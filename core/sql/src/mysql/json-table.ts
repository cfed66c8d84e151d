import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const NEVER_INSIDE = wordSet('select with table values ;')

/** JSON_TABLE(expression, path COLUMNS (…)): the columns hold names, types and literals only. */
export function jsonTable(reader: Reader): void {
  reader.next()
  reader.expect('(')
  reader.rules.expression(reader)
  reader.expect(',')
  reader.rules.expression(reader)
  reader.expect('columns')
  columns(reader)
  reader.expect(')')
}

function columns(reader: Reader): void {
  reader.expect('(')
  let depth = 1
  while (depth > 0) {
    if (reader.key === '(') depth++
    if (reader.key === ')') depth--
    if (isForeign(reader)) reader.fail("expected a column's definition")
    reader.next()
  }
}

function isForeign(reader: Reader): boolean {
  const { token } = reader
  return token === undefined || token.kind === 'unknown' || reader.isAny(NEVER_INSIDE)
}
