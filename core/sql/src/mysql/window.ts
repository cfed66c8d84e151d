import { name } from './names.ts'
import { orderList } from './order.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const BEFORE_OVER = wordSet('over respect within')
const FRAME_UNITS = wordSet('rows range groups')
const FRAME_WORDS = wordSet(
  'between and unbounded preceding following current row exclude group ties no others',
)

/** OVER, RESPECT NULLS, IGNORE NULLS, FROM FIRST, WITHIN GROUP: only behind a function. */
export function isOverAhead(reader: Reader): boolean {
  if (reader.key === 'over') return isWindow(reader)
  if (reader.key === 'ignore' || reader.key === 'respect') return reader.keyAfter(1) === 'nulls'
  if (reader.key === 'from') return isFromEdge(reader)
  return reader.isAny(BEFORE_OVER) && reader.keyAfter(1) === 'group'
}

/** `count(*) over from t` names a column; a window is a parenthesis or a name. */
function isWindow(reader: Reader): boolean {
  const following = reader.tokenAfter(1)
  return following?.kind === 'word' || following?.kind === 'quoted' || reader.keyAfter(1) === '('
}

function isFromEdge(reader: Reader): boolean {
  const edge = reader.keyAfter(1)
  return (edge === 'first' || edge === 'last') && isNullsOrOver(reader.keyAfter(2))
}

function isNullsOrOver(key: string): boolean {
  return key === 'over' || key === 'respect' || key === 'ignore'
}

export function over(reader: Reader): void {
  if (reader.acceptPhrase('within', 'group')) {
    within(reader)
    return
  }
  if (reader.accept('from')) reader.next()
  if (reader.accept('respect') || reader.accept('ignore')) reader.expect('nulls')
  if (!reader.accept('over')) return
  if (reader.key === '(') windowSpecification(reader)
  else name(reader)
}

function within(reader: Reader): void {
  reader.expect('(')
  if (reader.acceptPhrase('order', 'by')) orderList(reader)
  reader.expect(')')
  if (reader.key === 'over') over(reader)
}

/** `([name] [PARTITION BY …] [ORDER BY …] [frame])` */
export function windowSpecification(reader: Reader): void {
  reader.expect('(')
  if (isBaseWindow(reader)) name(reader)
  if (reader.acceptPhrase('partition', 'by')) reader.list(reader.rules.expression)
  if (reader.acceptPhrase('order', 'by')) orderList(reader)
  if (reader.acceptAny(FRAME_UNITS)) frame(reader)
  reader.expect(')')
}

function isBaseWindow(reader: Reader): boolean {
  const { token } = reader
  if (token?.kind === 'quoted') return true
  return token?.kind === 'word' && !reader.isAny(SPECIFICATION_WORDS)
}

const SPECIFICATION_WORDS = wordSet('partition order rows range groups')

/** `BETWEEN 1 PRECEDING AND CURRENT ROW`: bounds are literals, parameters or intervals. */
function frame(reader: Reader): void {
  while (reader.key !== ')') if (!reader.acceptAny(FRAME_WORDS)) bound(reader)
}

function bound(reader: Reader): void {
  reader.rules.expression(reader)
}
