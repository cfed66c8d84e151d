import type { Dialect } from '@articdbm/contract'
import type { Token } from '@articdbm/sql'
import type { Family } from './node.ts'

export interface Operator {
  readonly family: Family
  /** The higher, the closer it binds. */
  readonly rank: number
}

const RANKS = { or: 1, and: 2, not: 3, comparison: 4, other: 5, concat: 6, sum: 7, product: 8 }
export const NOT_RANK = RANKS.not

const WORDS: Readonly<Record<string, Operator>> = {
  or: { family: 'or', rank: RANKS.or },
  xor: { family: 'or', rank: RANKS.or },
  and: { family: 'and', rank: RANKS.and },
  div: { family: 'arithmetic', rank: RANKS.product },
  mod: { family: 'arithmetic', rank: RANKS.product },
  ...each(
    'like ilike rlike regexp glob match is in between similar sounds overlaps isnull notnull member',
    { family: 'comparison', rank: RANKS.comparison },
  ),
}

const SIGNS: Readonly<Record<string, Operator>> = {
  ...each('= == <> != < > <= >= <=> ~ ~* !~ !~* ~~ ~~* !~~ !~~*', {
    family: 'comparison',
    rank: RANKS.comparison,
  }),
  ...each('+ - | & ^ << >> #', { family: 'arithmetic', rank: RANKS.sum }),
  ...each('* / %', { family: 'arithmetic', rank: RANKS.product }),
}

function each(names: string, operator: Operator): Record<string, Operator> {
  return Object.fromEntries(names.split(' ').map((name) => [name, operator]))
}

const NO_OPERATOR: ReadonlySet<string> = new Set([
  '(',
  ')',
  ',',
  ';',
  '.',
  '::',
  ':',
  '[',
  ']',
  ':=',
  '..',
])

/** Between two expressions; undefined where the token is none. */
export function operatorOf(token: Token | undefined, dialect: Dialect): Operator | undefined {
  if (token?.kind === 'word') return WORDS[token.value]
  if (token?.kind !== 'operator' || NO_OPERATOR.has(token.value)) return undefined
  if (token.value === '||')
    return dialect === 'mysql' ? WORDS.or : { family: 'concat', rank: RANKS.concat }
  if (token.value === '&&' && dialect === 'mysql') return WORDS.and
  // PostgreSQL takes `=@@` for one sign.
  return SIGNS[token.value.replace(/(?<=[=<>])@+$/, '')] ?? { family: 'other', rank: RANKS.other }
}

const PREFIX_SIGNS: ReadonlySet<string> = new Set(['+', '-', '~', '!', '@', '|/', '||/', '!!'])
const PREFIX_WORDS: ReadonlySet<string> = new Set([
  'binary',
  'distinct',
  'all',
  'any',
  'some',
  'prior',
  'variadic',
  'row',
])

/** It stands before an expression and makes nothing of it that matters here. */
export function isPrefix(token: Token | undefined): boolean {
  if (token?.kind === 'operator') return PREFIX_SIGNS.has(token.value)
  return token?.kind === 'word' && PREFIX_WORDS.has(token.value)
}
