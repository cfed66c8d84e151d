// Texts that differ in nothing but plain literals have one shape, and so one analysis but for those literals.
import type { Dialect } from '@articdbm/contract'
import type { Analysis, Literal, Statement } from './statement.ts'

/** A text without its plain literals. */
export interface Shape {
  /** The text as it is, with a mark at the place of each literal. */
  readonly key: string
  /** How many literals were taken out. */
  readonly literals: number
}

/** Longer texts are each read by themselves. */
const MAX_LENGTH = 8_192
const STRING_MARK = '\u0001'
const INTEGER_MARK = '\u0002'
/** With a point, or too long for an integer: some places in a grammar take no such number. */
const NUMBER_MARK = '\u0003'
const MAX_INTEGER_DIGITS = 9

/**
 * Undefined where a lexer of this dialect might draw a literal's border elsewhere: comments, escapes, prefixes,
 * dollar quotes, exponents, anything beyond ASCII outside of quotes. Borders found here are every lexer's borders.
 */
export function shapeOf(text: string, dialect: Dialect): Shape | undefined {
  if (text.length > MAX_LENGTH) return undefined
  let key = ''
  let copied = 0
  let literals = 0
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    const end = afterPiece(text, at, unit, dialect)
    if (end < 0) return undefined
    if (isDigit(unit) || unit === QUOTE) {
      key += text.slice(copied, at) + (unit === QUOTE ? STRING_MARK : markOf(text, at, end))
      copied = end
      literals += 1
    }
    at = end
  }
  return { key: key + text.slice(copied), literals }
}

function markOf(text: string, start: number, end: number): string {
  const isShort = end - start <= MAX_INTEGER_DIGITS
  for (let at = start; isShort && at < end; at += 1) {
    if (text.charCodeAt(at) === DOT) return NUMBER_MARK
  }
  return isShort ? INTEGER_MARK : NUMBER_MARK
}

const UNKNOWN = -1
const DOT = 46
const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKTICK = 96
const BACKSLASH = 92

/** The offset behind the word, literal, quoted name or sign that begins here; negative where it isn't plain. */
function afterPiece(text: string, at: number, unit: number, dialect: Dialect): number {
  if (isWordStart(unit)) return afterWord(text, at)
  if (isDigit(unit)) return afterNumber(text, at)
  if (unit === QUOTE) return afterQuoted(text, at, QUOTE)
  if (unit === DOUBLE_QUOTE) return dialect === 'mysql' ? UNKNOWN : afterQuoted(text, at, unit)
  if (unit === BACKTICK) return dialect === 'postgres' ? UNKNOWN : afterQuoted(text, at, unit)
  if (unit === DOLLAR) return afterParameter(text, at)
  return PLAIN_SIGNS[unit] === 1 && !opensComment(text, at, unit) ? at + 1 : UNKNOWN
}

function afterWord(text: string, start: number): number {
  let end = start + 1
  while (isWordPart(text.charCodeAt(end))) end += 1
  // e'…', x'…', _utf8'…', U&'…': how the quotes are read depends on the word.
  const next = text.charCodeAt(end)
  return next === QUOTE || next === DOUBLE_QUOTE || isStrange(next) ? UNKNOWN : end
}

/** `$1` stays in the key. Behind a word the dollar sign was that word's. */
function afterParameter(text: string, start: number): number {
  let end = start + 1
  while (isDigit(text.charCodeAt(end))) end += 1
  const next = text.charCodeAt(end)
  const isPlain = end > start + 1 && !isWordPart(next) && next !== QUOTE && !isStrange(next)
  return isPlain ? end : UNKNOWN
}

/** Digits with at most one point among them. */
function afterNumber(text: string, start: number): number {
  let end = start + 1
  while (isDigit(text.charCodeAt(end))) end += 1
  if (text.charCodeAt(end) === DOT && isDigit(text.charCodeAt(end + 1))) {
    end += 2
    while (isDigit(text.charCodeAt(end))) end += 1
  }
  const next = text.charCodeAt(end)
  const isPlain = !isWordPart(next) && next !== DOT && next !== QUOTE && !isStrange(next)
  return isPlain && text.charCodeAt(start - 1) !== DOT ? end : UNKNOWN
}

/** A doubled quote stands for one; a backslash means different things to different servers. */
function afterQuoted(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === BACKSLASH || unit === 0) return UNKNOWN
    if (unit !== quote) continue
    if (text.charCodeAt(at + 1) !== quote) return at + 1
    at += 1
  }
  return UNKNOWN
}

const MINUS = 45
const SLASH = 47
const ASTERISK = 42

function opensComment(text: string, at: number, unit: number): boolean {
  const next = text.charCodeAt(at + 1)
  return (unit === MINUS && next === MINUS) || (unit === SLASH && next === ASTERISK)
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

function isWordStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95
}

function isWordPart(unit: number): boolean {
  return isWordStart(unit) || isDigit(unit)
}

const DOLLAR = 36

/** What might still belong to a word or number: "a$b", "é", PostgreSQL's "1é". */
function isStrange(unit: number): boolean {
  return unit === DOLLAR || unit > 126
}

const PLAIN_SIGNS: Uint8Array = new Uint8Array(65_536)
for (const sign of '\t\n\r !%()*+,-./:;<=>[]^|&~@?') PLAIN_SIGNS[sign.charCodeAt(0)] = 1

const KINDS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'values'])

/** True where another text of the same shape has the same analysis but for its literals. */
export function sharesShape({ statements, tokens }: Analysis, shape: Shape): boolean {
  const [statement, another] = statements
  if (!statement || another || !statement.isComplete || !isPlainKind(statement)) return false
  if (statement.literals.length !== shape.literals) return false
  return (
    statement.functions.every(({ danger }) => danger === 'safe') &&
    statement.literals.every(isPlain) &&
    tokens.every(({ kind }) => kind !== 'comment' && kind !== 'unknown')
  )
}

const TRANSACTION_KINDS: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback'])

/** It reads or changes rows and leaves nothing behind in the session, or does no more than begin or end a transaction. */
function isPlainKind({ kind, session, literals }: Statement): boolean {
  const [effect, another] = session
  if (!effect) return KINDS.has(kind)
  return !another && literals.length === 0 && TRANSACTION_KINDS.has(effect.kind)
}

function isPlain({ kind }: Literal): boolean {
  return kind !== 'binary'
}
