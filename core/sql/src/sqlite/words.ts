import type { Token } from '../statement.ts'

/** Keywords that are never a name unless quoted. */
const RESERVED = new Set(
  `add all alter and as autoincrement between case check collate commit constraint create default deferrable
delete distinct drop else escape except exists foreign from group having in index insert intersect into is isnull
join limit not nothing notnull null on or order primary references returning select set table then to transaction
union unique update using values when where`.split(/\s+/),
)

const JOIN_WORDS = new Set('cross full inner left natural outer right'.split(' '))

/** Names, but not as an alias without AS. */
const NO_ALIAS = new Set([...JOIN_WORDS, ...'glob indexed like match regexp'.split(' ')])

export function isName(token: Token | undefined): boolean {
  if (token?.kind === 'word') return !RESERVED.has(token.value)
  return token?.kind === 'quoted' || token?.kind === 'string'
}

export function isAlias(token: Token | undefined): boolean {
  return isName(token) && !(token?.kind === 'word' && NO_ALIAS.has(token.value))
}

export function isJoinWord(token: Token | undefined): boolean {
  return token?.kind === 'word' && JOIN_WORDS.has(token.value)
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value)
}

export function isOperator(token: Token | undefined, ...operators: readonly string[]): boolean {
  return token?.kind === 'operator' && operators.includes(token.value)
}
