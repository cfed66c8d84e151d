import { LIMITS } from '../limits.ts'
import type { LexicalModes, Token } from '../statement.ts'
import {
  foldCase,
  isAscii,
  isDigit,
  isNameCharacter,
  isSpace,
  isSpaceOrControl,
} from './characters.ts'
import { binaryPrefix, endOfNumber } from './number.ts'
import { isQuote, quotedEnd, unquote } from './quoting.ts'

const DOLLAR = 36
const DASH = 45
const DOT = 46
const SEMICOLON = 59
const AT = 64
const BACKTICK = 96

const OPERATORS = /<=>|->>|->|:=|<=|>=|<>|!=|<<|>>|\|\||&&|[-+*/%&|^~!=<>.:{}[\]]/y
const VERSIONED = /\/\*M?!(?:\d{5,6})?/y
/** What dumps of MariaDB begin with: no server has that version, and nothing in it could end elsewhere. */
const SKIPPED_BY_ALL = /\/\*M!999999[^*/'"`;\d][^*/'"`;]*\*\//y
const SURROGATE = /[\ud800-\udfff]/
const NATIONAL = /^[nN]$/

/** Text to tokens as MySQL and MariaDB scan it. What no server reads, or servers read differently, is `unknown`. */
export function lex(text: string, modes: LexicalModes): readonly Token[] {
  return new Scanner(text, modes).scan()
}

class Scanner {
  readonly #text: string
  readonly #modes: LexicalModes
  readonly #tokens: Token[] = []
  #at = 0
  /** Inside a versioned comment, whose content is code. */
  #isVersioned = false

  constructor(text: string, modes: LexicalModes) {
    this.#text = text
    this.#modes = modes
  }

  scan(): readonly Token[] {
    const { length } = this.#text
    while (this.#at < length) {
      const code = this.#text.charCodeAt(this.#at)
      if (isSpace(code)) this.#at++
      else this.#next(code)
      if (this.#tokens.length > LIMITS.maxTokens) this.#push('unknown', length)
    }
    if (this.#isVersioned) this.#push('unknown', length)
    return this.#tokens
  }

  #next(code: number): void {
    if (isDigit(code)) this.#number()
    else if (isNameCharacter(code)) this.#wordOrLiteral()
    else if (isQuote(code)) this.#quoted(code, this.#at)
    else if (isSeparator(code)) this.#separator(code)
    else if (code === DOT) this.#dot()
    else if (code === AT) this.#variable()
    else if (!this.#comment(code)) this.#operator()
  }

  #push(kind: Token['kind'], end: number, value = this.#text.slice(this.#at, end)): void {
    this.#tokens.push({ kind, start: this.#at, end, value })
    this.#at = end
  }

  #number(): void {
    const { kind, end, value } = endOfNumber(this.#text, this.#at)
    if (kind === 'word') this.#word(end)
    else this.#push(kind, end, value)
  }

  /** x'41', b'01' and N'text' begin like words. */
  #wordOrLiteral(): void {
    const start = this.#at
    if (this.#text[start + 1] !== "'") {
      this.#word(this.#endOfName(start))
      return
    }
    if (NATIONAL.test(this.#text.charAt(start))) {
      this.#quoted(39, start + 1)
      return
    }
    const binary = binaryPrefix(this.#text, start)
    if (binary === undefined) {
      this.#word(this.#endOfName(start))
      return
    }
    this.#push(binary.kind, binary.end, binary.value)
  }

  #endOfName(from: number): number {
    let end = from
    while (end < this.#text.length && isNameCharacter(this.#text.charCodeAt(end))) end++
    return end
  }

  /** Characters beyond the BMP become `?` in a name; MySQL 9 reads `$…$` as a string. */
  #word(end: number): void {
    const written = this.#text.slice(this.#at, end)
    const isDollarQuote = written.charCodeAt(0) === DOLLAR && written.includes('$', 1)
    const isUnsure = isDollarQuote || (!isAscii(written) && SURROGATE.test(written))
    this.#push(isUnsure ? 'unknown' : 'word', end, foldCase(written))
  }

  #quoted(quote: number, from: number): void {
    const end = quotedEnd(this.#text, from, this.#modes)
    if (end === undefined) {
      this.#push('unknown', this.#text.length)
      return
    }
    const value = unquote(this.#text.slice(from, end), this.#modes)
    if (quote === 39 || (quote !== BACKTICK && !this.#modes.ansiQuotes)) {
      this.#push('string', end, value)
      return
    }
    const isName = value !== '' && !/[\0\ud800-\udfff]/.test(value)
    this.#push(isName ? 'quoted' : 'unknown', end, value)
  }

  /** Straight after a word the dot separates names, so that `t.5` is a column; else `.5` is a number. */
  #dot(): void {
    const previous = this.#tokens.at(-1)
    const isSeparator = previous?.kind === 'word' && previous.end === this.#at
    const following = this.#text.charCodeAt(this.#at + 1)
    if (!isSeparator && isDigit(following)) {
      this.#number()
      return
    }
    this.#push('operator', this.#at + 1)
    if (isNameCharacter(following)) this.#word(this.#endOfName(this.#at))
  }

  #variable(): void {
    const isSystem = this.#text.charCodeAt(this.#at + 1) === AT
    const end = isSystem ? this.#endOfSystemVariable() : this.#endOfUserVariable(this.#at + 1)
    if (end === undefined) {
      this.#push('unknown', this.#at + 1)
      return
    }
    const written = this.#text.slice(this.#at, end)
    this.#push('variable', end, isSystem ? foldCase(written.replaceAll('`', '')) : written)
  }

  #endOfUserVariable(from: number): number | undefined {
    if (isQuote(this.#text.charCodeAt(from))) return quotedEnd(this.#text, from, this.#modes)
    let end = from
    while (isUserVariableCharacter(this.#text.charCodeAt(end))) end++
    return end === from ? undefined : end
  }

  #endOfSystemVariable(): number | undefined {
    let end = this.#endOfPart(this.#at + 2)
    while (end !== undefined && this.#text.charCodeAt(end) === DOT) end = this.#endOfPart(end + 1)
    return end
  }

  #endOfPart(from: number): number | undefined {
    if (this.#text.charCodeAt(from) === BACKTICK) return quotedEnd(this.#text, from, this.#modes)
    const end = this.#endOfName(from)
    return end === from ? undefined : end
  }

  #comment(code: number): boolean {
    const following = this.#text.charCodeAt(this.#at + 1)
    if (code === 35) this.#lineComment()
    else if (code === DASH && following === DASH && this.#isDashComment()) this.#lineComment()
    else if (code === 47 && following === 42) this.#blockComment()
    else if (this.#isVersioned && code === 42 && following === 47) this.#closeVersioned()
    else return false
    return true
  }

  /** `5--1` is an expression: the dashes need white space or a control character behind them. */
  #isDashComment(): boolean {
    return isSpaceOrControl(this.#text.charCodeAt(this.#at + 2))
  }

  /** Ends at a line feed, never at a carriage return; a NUL would end it too, and the statement with it. */
  #lineComment(): void {
    const lineFeed = this.#text.indexOf('\n', this.#at)
    const end = lineFeed === -1 ? this.#text.length : lineFeed
    const hasNul = this.#text.slice(this.#at, end).includes('\0')
    this.#push(hasNul ? 'unknown' : 'comment', end)
  }

  #blockComment(): void {
    SKIPPED_BY_ALL.lastIndex = this.#at
    const skipped = this.#isVersioned ? undefined : SKIPPED_BY_ALL.exec(this.#text)?.[0]
    if (skipped !== undefined) {
      this.#push('comment', this.#at + skipped.length)
      return
    }
    VERSIONED.lastIndex = this.#at
    const opener = VERSIONED.exec(this.#text)?.[0]
    if (opener !== undefined) {
      this.#openVersioned(opener)
      return
    }
    const close = this.#text.indexOf('*/', this.#at + 2)
    if (close === -1) this.#push('unknown', this.#text.length)
    else this.#push('comment', close + 2)
  }

  /** Servers disagree on nested versioned comments: the first closer ends both. */
  #openVersioned(opener: string): void {
    this.#push(this.#isVersioned ? 'unknown' : 'comment', this.#at + opener.length)
    this.#isVersioned = true
  }

  #closeVersioned(): void {
    this.#push('comment', this.#at + 2)
    this.#isVersioned = false
  }

  /** A statement that ends inside a versioned comment leaves the rest of it to nobody knows whom. */
  #separator(code: number): void {
    const isUnsure = code === SEMICOLON && this.#isVersioned
    this.#push(isUnsure ? 'unknown' : 'operator', this.#at + 1)
  }

  #operator(): void {
    const character = this.#text.charAt(this.#at)
    if (character === '?') {
      this.#push('parameter', this.#at + 1)
      return
    }
    if (this.#text.startsWith('\\N', this.#at)) {
      this.#push('word', this.#at + 2, 'null')
      return
    }
    OPERATORS.lastIndex = this.#at
    const operator = OPERATORS.exec(this.#text)?.[0]
    this.#push(operator === undefined ? 'unknown' : 'operator', this.#at + (operator?.length ?? 1))
  }
}

/** ( ) , ; which begin no longer operator. */
function isSeparator(code: number): boolean {
  return code === 40 || code === 41 || code === 44 || code === SEMICOLON
}

function isUserVariableCharacter(code: number): boolean {
  return code === DOT || isNameCharacter(code)
}
