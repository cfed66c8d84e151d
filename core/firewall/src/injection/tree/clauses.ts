import type { Token } from '@articdbm/sql'
import type { Clause } from './node.ts'
import type { Reader } from './reader.ts'

const CLAUSES: Readonly<Record<string, Clause>> = {
  ...{ select: 'select', returning: 'select', from: 'from', into: 'other', where: 'where' },
  ...{
    on: 'on',
    group: 'group',
    having: 'having',
    order: 'order',
    limit: 'limit',
    offset: 'limit',
  },
  ...{
    fetch: 'limit',
    values: 'values',
    value: 'values',
    set: 'set',
    window: 'other',
    procedure: 'other',
  },
  ...{ join: 'from', using: 'from', for: 'other', lock: 'other', insert: 'other', delete: 'other' },
  ...{ update: 'other', with: 'other' },
}
/** Words between the name of a clause and what is in it, and between its parts. */
const FILLING: ReadonlySet<string> = new Set(
  (
    'by all distinct distinctrow asc desc nulls first last as left right inner outer cross full natural lateral ' +
    'straight_join recursive materialized only ignore low_priority high_priority delayed quick sql_no_cache ' +
    'sql_calc_found_rows duplicate key conflict do nothing rollup tables row rows next default'
  ).split(' '),
)
const SET_OPERATORS: ReadonlySet<string> = new Set(['union', 'except', 'intersect', 'minus'])
/** They are functions where a parenthesis follows. */
const ALSO_FUNCTIONS: ReadonlySet<string> = new Set([
  'left',
  'right',
  'values',
  'insert',
  'value',
  'row',
  'default',
])

export function beginsQuery(reader: Reader): boolean {
  return reader.isWord('select', 'with') || (reader.isWord('values') && reader.isSign('(', 1))
}

/** A word that ends the expression before it. */
export function isClauseWord(reader: Reader): boolean {
  const token = reader.peek()
  if (token?.kind !== 'word') return false
  return clauseOf(token, reader) !== undefined || SET_OPERATORS.has(token.value)
}

export function clauseOf(token: Token, reader: Reader): Clause | undefined {
  if (ALSO_FUNCTIONS.has(token.value) && reader.isSign('(', 1) && token.value !== 'values')
    return undefined
  return CLAUSES[token.value]
}

/** UNION and its like. */
export function isSetOperator(reader: Reader): boolean {
  const token = reader.peek()
  return token?.kind === 'word' && SET_OPERATORS.has(token.value)
}

/** Nothing comes of it. */
export function isFilling(reader: Reader): boolean {
  const token = reader.peek()
  if (reader.isSign(',') || reader.isSign(';')) return true
  if (token?.kind !== 'word' || !FILLING.has(token.value)) return false
  return !(ALSO_FUNCTIONS.has(token.value) && reader.isSign('(', 1))
}
