import { createHash } from 'node:crypto'
import type { Dialect } from '@articdbm/contract'
import type { Token } from './statement.ts'

/**
 * Literals and parameters become `?`, lists of them one `?`, rows of them one `( ? )`; comments go; words are lower case
 * already. What repeats is left out at once: a bulk INSERT is no longer than its first row.
 */
export function normalize(tokens: readonly Token[]): string {
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'comment') continue
    const word = normalWord(token)
    if (word === '?' && endsWith(words, LISTED)) words.pop()
    else words.push(word)
    if (word === ')' && endsWith(words, TWO_ROWS)) words.length -= ROW.length + 1
  }
  return words.join(' ')
}

const LISTED = ['?', ',']
const ROW = ['(', '?', ')']
const TWO_ROWS = [...ROW, ',', ...ROW]

function endsWith(words: readonly string[], ending: readonly string[]): boolean {
  const from = words.length - ending.length
  if (from < 0) return false
  for (let at = ending.length - 1; at >= 0; at--) {
    if (words[from + at] !== ending[at]) return false
  }
  return true
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
