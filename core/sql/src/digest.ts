import { createHash } from 'node:crypto'
import type { Dialect } from '@articdbm/contract'
import type { Token } from './statement.ts'

/** Literals and parameters become `?`, lists of them one `?`; comments go; words are lower case already. */
export function normalize(tokens: readonly Token[]): string {
  return tokens
    .flatMap((token) => (token.kind === 'comment' ? [] : [normalWord(token)]))
    .join(' ')
    .replace(/\?(?: , \?)+/g, '?')
    .replace(/\( \? \)(?: , \( \? \))+/g, '( ? )')
}

export function digestOf(dialect: Dialect, normalized: string): string {
  return createHash('sha256').update(`${dialect}\n${normalized}`).digest('hex').slice(0, 16)
}

function normalWord(token: Token): string {
  switch (token.kind) {
    case 'string':
    case 'number':
    case 'binary':
    case 'parameter':
      return '?'
    case 'quoted':
      return `"${token.value.replaceAll('"', '""')}"`
    case 'word':
    case 'variable':
    case 'operator':
    case 'comment':
      return token.value
    case 'unknown':
      // An unterminated string is a literal still.
      return token.value.length === 1 ? token.value : '?'
  }
}
