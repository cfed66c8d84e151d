import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const QUERY_WORDS = wordSet('select with table')
const QUERY_TAIL = wordSet('union except intersect minus order limit for into lock procedure')

/** Whether a query begins here, so that a parenthesis before it holds a subquery. */
export function isQueryAhead(reader: Reader): boolean {
  return reader.isAny(QUERY_WORDS) || (reader.key === 'values' && reader.keyAfter(1) === 'row')
}

/** Whether a query in parentheses goes on here: `(select 1) union …`. */
export function isQueryTailAhead(reader: Reader): boolean {
  return reader.isAny(QUERY_TAIL)
}

/** `(query)`, `(expression)` or `(a, b, …)`; returns whether it was a query. */
export function parenthesised(reader: Reader): boolean {
  reader.expect('(')
  const isQuery = isQueryAhead(reader) ? query(reader) : expressions(reader)
  reader.expect(')')
  return isQuery
}

function query(reader: Reader): true {
  reader.rules.query(reader)
  return true
}

function expressions(reader: Reader): boolean {
  const isQuery = reader.rules.expression(reader)
  if (isQuery && isQueryTailAhead(reader)) return query(reader)
  while (reader.accept(',')) reader.rules.expression(reader)
  return isQuery
}
