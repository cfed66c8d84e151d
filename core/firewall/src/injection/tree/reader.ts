import type { Dialect } from '@articdbm/contract'
import type { Token } from '@articdbm/sql'
import type { Query } from './node.ts'

const VALUES: ReadonlySet<Token['kind']> = new Set(['string', 'number', 'binary', 'parameter'])
const PLAIN: ReadonlySet<string> = new Set(['(', ')', ',', '-', 'null', 'default', 'true', 'false'])
const ENDS: ReadonlySet<string> = new Set([',', ')', ';'])

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
    const length = this.#at - first
    if (!this.#isPlain(first, length)) return
    while (this.isSign(',') && this.#isAlike(first, this.#at + 1, length)) this.#at += length + 1
  }

  #isPlain(first: number, length: number): boolean {
    for (let at = first; at < first + length; at++) {
      const token = this.#tokens[at]
      const isPlain = token && (VALUES.has(token.kind) || PLAIN.has(token.value))
      if (!isPlain) return false
    }
    return length > 0
  }

  /** What is behind it must end it: a string may go on in the next one. */
  #isAlike(first: number, other: number, length: number): boolean {
    const behind = this.#tokens[other + length]
    if (behind?.kind !== 'operator' || !ENDS.has(behind.value)) return false
    for (let at = 0; at < length; at++) {
      const [one, two] = [this.#tokens[first + at], this.#tokens[other + at]]
      if (one?.kind !== two?.kind) return false
      if (one && !VALUES.has(one.kind) && one.value !== two?.value) return false
    }
    return true
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
