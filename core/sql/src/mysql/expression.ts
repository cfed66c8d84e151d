import { nameOrText } from './names.ts'
import { parenthesised } from './parentheses.ts'
import { primary } from './primary.ts'
import type { Reader } from './reader.ts'
import { INTERVAL_UNITS, wordSet } from './words.ts'

const LOGICAL = wordSet('or || xor and &&')
const COMPARISON = wordSet('= <=> <> != < <= > >=')
const ARITHMETIC = wordSet('+ - * / % & | ^ << >> div mod -> ->>')
const PREFIXES = wordSet('+ - ~ ! binary')
const QUANTIFIERS = wordSet('all any some')
const TRUTHS = wordSet('null true false unknown')
const PREDICATES = wordSet('in between like rlike regexp member sounds')
const MATCHERS = wordSet('like rlike regexp')

/**
 * Operands and operators in the order the server's grammar nests them (expr, predicate, bit_expr, simple_expr). Binding
 * strength inside one level is left open: what an expression touches doesn't depend on it.
 * Every recursion of the grammar passes here, or through a query, a source, a call or MATCH, which bound its depth too.
 * Returns whether it was nothing but a query in parentheses.
 */
export function expression(reader: Reader): boolean {
  reader.enter()
  let isQuery = negation(reader)
  while (reader.acceptAny(LOGICAL)) {
    negation(reader)
    isQuery = false
  }
  reader.leave()
  return isQuery
}

function negation(reader: Reader): boolean {
  const isNegated = reader.accept('not')
  while (reader.accept('not'));
  return predicate(reader) && !isNegated
}

function predicate(reader: Reader): boolean {
  let isQuery = bits(reader)
  while (predicateTail(reader)) isQuery = false
  return isQuery
}

function predicateTail(reader: Reader): boolean {
  if (reader.acceptAny(COMPARISON)) comparison(reader)
  else if (reader.accept('is')) truth(reader)
  else if (isPredicate(reader)) membership(reader)
  else return false
  return true
}

function comparison(reader: Reader): void {
  if (reader.isAny(QUANTIFIERS) && reader.keyAfter(1) === '(') {
    reader.next()
    parenthesised(reader)
  } else bits(reader)
}

function truth(reader: Reader): void {
  reader.accept('not')
  if (!reader.acceptAny(TRUTHS)) reader.fail('expected NULL, TRUE, FALSE or UNKNOWN')
}

function isPredicate(reader: Reader): boolean {
  if (reader.key === 'not') return PREDICATES.has(reader.keyAfter(1))
  if (reader.key === 'member') return reader.keyAfter(1) === 'of'
  if (reader.key === 'sounds') return reader.keyAfter(1) === 'like'
  return reader.isAny(PREDICATES)
}

function membership(reader: Reader): void {
  reader.accept('not')
  if (reader.accept('in')) parenthesised(reader)
  else if (reader.accept('between')) range(reader)
  else if (reader.acceptAny(MATCHERS)) pattern(reader)
  else if (reader.acceptPhrase('member', 'of')) parenthesised(reader)
  else if (reader.acceptPhrase('sounds', 'like')) bits(reader)
  else reader.fail('expected IN, BETWEEN, LIKE or REGEXP')
}

function range(reader: Reader): void {
  bits(reader)
  reader.expect('and')
  bits(reader)
}

function pattern(reader: Reader): void {
  bits(reader)
  if (reader.accept('escape')) bits(reader)
}

/** What may stand beside a comparison or before IN. */
export function bits(reader: Reader): boolean {
  let isQuery = operand(reader)
  while (bitsTail(reader)) isQuery = false
  return isQuery
}

function bitsTail(reader: Reader): boolean {
  if (reader.accept('collate')) nameOrText(reader)
  else if (reader.acceptAny(ARITHMETIC)) operand(reader)
  else return false
  return true
}

function operand(reader: Reader): boolean {
  const hasPrefix = reader.acceptAny(PREFIXES)
  if (hasPrefix) reader.skipAny(PREFIXES)
  if (reader.key === 'interval') {
    interval(reader)
    return false
  }
  return primary(reader) && !hasPrefix
}

/** INTERVAL 1 DAY beside + or - and in DATE_ADD; INTERVAL(a, b, …) is a function. */
function interval(reader: Reader): void {
  reader.next()
  const mayBeCall = reader.key === '('
  expression(reader)
  if (!reader.acceptAny(INTERVAL_UNITS) && !mayBeCall) reader.fail('expected a unit of time')
}
