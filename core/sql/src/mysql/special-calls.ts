// Functions whose arguments have a grammar of their own. Each reads what stands between the parentheses.
import { columnName, nameOrText } from './names.ts'
import { orderList } from './order.ts'
import { isQueryAhead } from './parentheses.ts'
import type { Reader } from './reader.ts'
import { INTERVAL_UNITS, wordSet } from './words.ts'

const TYPE_END = wordSet(') ,')
const SIDES = wordSet('both leading trailing')

type Arguments = (reader: Reader) => void

export const SPECIAL_CALLS: ReadonlyMap<string, Arguments> = new Map<string, Arguments>([
  ['cast', cast],
  ['convert', convert],
  ['extract', extract],
  ['trim', trim],
  ['substring', substring],
  ['substr', substring],
  ['mid', substring],
  ['position', position],
  ['timestampadd', timestampDifference],
  ['timestampdiff', timestampDifference],
  ['get_format', timestampDifference],
  ['group_concat', aggregate],
  ['json_arrayagg', aggregate],
  ['json_objectagg', aggregate],
  ['char', characters],
  ['weight_string', weight],
  ['json_value', jsonValue],
  ['default', column],
  ['values', rowValues],
  ['value', rowValues],
])

function expression(reader: Reader): void {
  reader.rules.expression(reader)
}

/** CAST(x AS DECIMAL(10, 2)), CAST(x AT TIME ZONE 'UTC' AS DATETIME). */
function cast(reader: Reader): void {
  expression(reader)
  if (reader.acceptPhrase('at', 'time', 'zone')) {
    reader.accept('interval')
    nameOrText(reader)
  }
  reader.expect('as')
  type(reader)
}

function convert(reader: Reader): void {
  expression(reader)
  if (reader.accept('using')) {
    nameOrText(reader)
    return
  }
  reader.expect(',')
  type(reader)
}

/** A type's words and sizes: SIGNED INTEGER, CHAR(10) CHARACTER SET utf8mb4, UNSIGNED ARRAY. */
export function type(reader: Reader): void {
  if (reader.token?.kind !== 'word') reader.fail('expected a type')
  while (!reader.isAny(TYPE_END) && reader.token?.kind === 'word') {
    reader.next()
    sizes(reader)
    reader.acceptKind('string')
  }
}

function sizes(reader: Reader): void {
  if (!reader.accept('(')) return
  reader.list(size)
  reader.expect(')')
}

function size(reader: Reader): void {
  if (reader.acceptKind('number') === undefined) reader.fail('expected a number')
}

function unit(reader: Reader): void {
  if (!reader.acceptAny(INTERVAL_UNITS)) reader.fail('expected a unit of time')
}

function extract(reader: Reader): void {
  unit(reader)
  reader.expect('from')
  expression(reader)
}

/** TRIM(x), TRIM(x FROM y), TRIM(LEADING x FROM y), TRIM(BOTH FROM y). */
function trim(reader: Reader): void {
  reader.acceptAny(SIDES)
  if (reader.key !== 'from') expression(reader)
  if (reader.accept('from')) expression(reader)
}

/** SUBSTRING(x, 2, 3) and SUBSTRING(x FROM 2 FOR 3). */
function substring(reader: Reader): void {
  expression(reader)
  if (reader.accept('from')) {
    expression(reader)
    if (reader.accept('for')) expression(reader)
  } else rest(reader)
}

/** POSITION(needle IN text): that IN is no predicate. */
function position(reader: Reader): void {
  reader.rules.bits(reader)
  reader.expect('in')
  expression(reader)
}

/** TIMESTAMPDIFF(DAY, a, b), GET_FORMAT(DATE, 'ISO'): the first is a word. */
function timestampDifference(reader: Reader): void {
  if (reader.token?.kind !== 'word') reader.fail('expected a unit of time')
  reader.next()
  rest(reader)
}

function rest(reader: Reader): void {
  while (reader.accept(',')) expression(reader)
}

/** GROUP_CONCAT(DISTINCT a, b ORDER BY c SEPARATOR ', ' LIMIT 1). */
function aggregate(reader: Reader): void {
  reader.accept('distinct')
  if (isQueryAhead(reader)) reader.fail('expected an expression')
  reader.list(expression)
  if (reader.acceptPhrase('order', 'by')) orderList(reader)
  if (reader.accept('separator')) expression(reader)
  if (reader.accept('limit')) {
    expression(reader)
    rest(reader)
    if (reader.accept('offset')) expression(reader)
  }
}

function characters(reader: Reader): void {
  reader.list(expression)
  if (reader.accept('using')) nameOrText(reader)
}

function weight(reader: Reader): void {
  expression(reader)
  if (reader.accept('as')) type(reader)
  if (reader.accept('level')) reader.list(expression)
  rest(reader)
}

const JSON_CLAUSES = wordSet('null error default on empty')

function jsonValue(reader: Reader): void {
  reader.list(expression)
  if (reader.accept('returning')) jsonType(reader)
  while (reader.key !== ')') if (!reader.acceptAny(JSON_CLAUSES)) expression(reader)
}

const JSON_TYPE_END = wordSet('null error default')

function jsonType(reader: Reader): void {
  while (reader.token?.kind === 'word' && !reader.isAny(JSON_TYPE_END)) {
    reader.next()
    sizes(reader)
  }
}

function column(reader: Reader): void {
  columnName(reader)
}

/** VALUES(column) of ON DUPLICATE KEY UPDATE, or MariaDB's row constructor inside a subquery. */
function rowValues(reader: Reader): void {
  reader.list(expression)
}
