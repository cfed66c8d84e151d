import type { Analysis, Token } from '@articdbm/sql'

/** The request's tokens without comments. */
export function codeTokens(analysis: Analysis): readonly Token[] {
  return analysis.tokens.filter((token) => token.kind !== 'comment')
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value)
}

export function isOperator(token: Token | undefined, ...operators: readonly string[]): boolean {
  return token?.kind === 'operator' && operators.includes(token.value)
}

export function isConstant(token: Token | undefined): token is Token {
  return (
    token?.kind === 'string' ||
    token?.kind === 'number' ||
    token?.kind === 'binary' ||
    isWord(token, 'true', 'false', 'null')
  )
}
