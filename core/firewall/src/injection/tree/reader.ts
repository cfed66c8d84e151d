import type { Dialect } from '@articdbm/contract'
import { endOfAlike, type Token } from '@articdbm/sql'
import type { Query } from './node.ts'

/** Walks over one statement's tokens, comments left out. */
export class Reader {
  readonly dialect: Dialect
  readonly readQuery: (reader: Reader) => Query
  readonly #tokens: readonly Token[]
  #at = 0
  depth = 0

  /** `readQuery`: what reads a query inside of an expression. */
  constructor(tokens: readonly Token[], dialect: Dialect, readQuery: (reader: Reader) => Query) {
    this.#tokens = tokens
    this.dialect = dialect
    this.readQuery = readQuery
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  take(): Token | undefined {
    const token = this.#tokens[this.#at]
    if (token) this.#at += 1
    return token
  }

  /** Where the last token ended. */
  get end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0
  }

  /** How many tokens were taken. */
  get taken(): number {
    return this.#at
  }

  /**
   * Leaves out what is like what was taken from `first` on, over and over, each with a comma before it: the same kinds of
   * values in the same places, and nothing but values. Nobody asks of a thousand rows what each holds.
   */
  skipAlike(first: number): void {
    this.#at = endOfAlike(this.#tokens, first, this.#at - first)
  }

  isWord(...words: readonly string[]): boolean {
    const token = this.peek()
    return token?.kind === 'word' && words.includes(token.value)
  }

  isSign(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token?.kind === 'operator' && token.value === sign
  }

  acceptWord(...words: readonly string[]): Token | undefined {
    return this.isWord(...words) ? this.take() : undefined
  }

  acceptSign(sign: string): boolean {
    if (!this.isSign(sign)) return false
    this.#at += 1
    return true
  }
}
