import { LIMITS } from '../limits.ts'
import type { LexicalModes, Parsed, Token } from '../statement.ts'
import { isNameCharacter } from './characters.ts'
import type { Findings } from './findings.ts'
import { isAmbiguous } from './versioned.ts'

/** Grammar rules that refer to one another across files. */
export interface Rules {
  expression(reader: Reader): boolean
  query(reader: Reader): void
  bits(reader: Reader): boolean
  statement(reader: Reader): void
  /** The statements of a text inside the text. */
  nested(text: string, modes: LexicalModes): readonly Parsed[]
}

/** Common table expressions that are visible here, the nearest first. */
export interface Scope {
  readonly name: string
  readonly outer: Scope | undefined
  readonly size: number
}

/** Raised inside the grammar only: the statement can't be read on. */
export class Unreadable extends Error {}

/** The request's code tokens; `keys` holds each keyword or operator, and '' where a name or literal stands. */
export interface Code {
  readonly text: string
  readonly modes: LexicalModes
  readonly tokens: readonly Token[]
  readonly keys: readonly string[]
  /** Where each token begins and ends with the comments around it. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Leaves comments out, and marks as unknown what servers of different versions would read differently. */
export function codeOf(text: string, lexed: readonly Token[], modes: LexicalModes): Code {
  const tokens: Token[] = []
  const keys: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  let start: number | undefined
  for (const token of lexed) {
    start ??= token.start
    if (token.kind === 'comment' && !isAmbiguous(token.value)) {
      if (ends.length > 0) ends[ends.length - 1] = token.end
      continue
    }
    tokens.push(token.kind === 'comment' ? { ...token, kind: 'unknown' } : token)
    keys.push(keyOf(token, text))
    starts.push(start)
    ends.push(token.end)
    start = undefined
  }
  return { text, modes, tokens, keys, starts, ends }
}

function keyOf(token: Token, text: string): string {
  if (token.kind === 'operator') return token.value
  return token.kind === 'word' && !isForcedName(token, text) ? token.value : ''
}

/** The scanner takes a word for a name, keyword or not, when a dot and a name's character follow at once. */
function isForcedName(token: Token, text: string): boolean {
  return text[token.end] === '.' && isNameCharacter(text.charCodeAt(token.end + 1))
}

/** Walks over one statement's tokens and notes what it finds. */
export class Reader {
  readonly code: Code
  readonly rules: Rules
  found: Findings
  at: number
  scope: Scope | undefined = undefined
  #depth = 0

  constructor(code: Code, rules: Rules, start: { at: number; found: Findings }) {
    this.code = code
    this.rules = rules
    this.at = start.at
    this.found = start.found
  }

  get key(): string {
    return this.code.keys[this.at] ?? ''
  }

  get token(): Token | undefined {
    return this.code.tokens[this.at]
  }

  /** Where the current token begins, in the request's text. */
  get start(): number {
    return this.token?.start ?? this.code.text.length
  }

  get isAtEnd(): boolean {
    return this.key === ';' || this.token === undefined
  }

  isAt(key: string): boolean {
    return this.key === key
  }

  keyAfter(distance: number): string {
    return this.code.keys[this.at + distance] ?? ''
  }

  tokenAfter(distance: number): Token | undefined {
    return this.code.tokens[this.at + distance]
  }

  next(): void {
    this.at++
  }

  isAny(keys: ReadonlySet<string>): boolean {
    return keys.has(this.key)
  }

  /** Whether the keywords follow one another here. */
  isPhrase(...words: readonly string[]): boolean {
    return words.every((word, distance) => this.keyAfter(distance) === word)
  }

  accept(key: string): boolean {
    if (this.key !== key) return false
    this.at++
    return true
  }

  acceptPhrase(...words: readonly string[]): boolean {
    if (!this.isPhrase(...words)) return false
    this.at += words.length
    return true
  }

  acceptAny(keys: ReadonlySet<string>): boolean {
    if (!keys.has(this.key)) return false
    this.at++
    return true
  }

  skipAny(keys: ReadonlySet<string>): void {
    while (this.acceptAny(keys));
  }

  expect(key: string): void {
    if (!this.accept(key)) this.fail(`expected ${key}`)
  }

  acceptKind(kind: Token['kind']): Token | undefined {
    const { token } = this
    if (token?.kind !== kind) return undefined
    this.at++
    return token
  }

  fail(what: string): never {
    const near = this.token === undefined ? 'the end' : `"${this.#written().slice(0, 40)}"`
    throw new Unreadable(`${what} at ${near}, offset ${this.start}`)
  }

  #written(): string {
    return this.token === undefined ? '' : this.code.text.slice(this.token.start, this.token.end)
  }

  /** Bounds the recursion; every `enter` has its `leave`. */
  enter(): void {
    this.#depth++
    if (this.#depth > LIMITS.maxDepth) this.fail('nested too deeply')
  }

  leave(): void {
    this.#depth--
  }

  /** One or more of something, separated by commas. */
  list(item: (reader: Reader) => void): void {
    do item(this)
    while (this.accept(','))
  }
}
