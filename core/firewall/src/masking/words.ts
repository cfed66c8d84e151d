// A statement's tokens as masking looks at them: without comments, with how deep each stands in brackets.
import { type Statement, type Token, tokensBetween } from '@articdbm/sql'

export interface Word {
  readonly kind: Token['kind']
  /** As the lexer gives it: words in lower case, names and strings without quotes. */
  readonly value: string
  /** A name, as it is compared; undefined where it can't be one. */
  readonly name: string | undefined
  readonly depth: number
}

/** The words of one statement of a request's tokens. */
export function wordsOf(statement: Statement, tokens: readonly Token[]): readonly Word[] {
  const words: Word[] = []
  let depth = 0
  for (const { kind, value } of tokensBetween(tokens, statement.start, statement.end)) {
    if (kind === 'comment') continue
    if (kind === 'operator' && CLOSING.has(value)) depth -= 1
    const name = kind === 'word' || kind === 'quoted' ? foldName(value) : undefined
    words.push({ kind, value, name, depth })
    if (kind === 'operator' && OPENING.has(value)) depth += 1
  }
  return words
}

const OPENING: ReadonlySet<string> = new Set(['(', '['])
const CLOSING: ReadonlySet<string> = new Set([')', ']'])

/**
 * Names that any of the engines may take for the same are the same: in any case, with or without marks, and in whatever
 * width. That more names are taken for a masked column's than are is no harm.
 */
export function foldName(name: string): string {
  return isPlain(name)
    ? name.toLowerCase()
    : name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase()
}

function isPlain(name: string): boolean {
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) > 127) return false
  return true
}

export function isWord(word: Word | undefined, ...values: readonly string[]): boolean {
  return word?.kind === 'word' && values.includes(word.value)
}

export function isSign(word: Word | undefined, ...values: readonly string[]): boolean {
  return word?.kind === 'operator' && values.includes(word.value)
}
