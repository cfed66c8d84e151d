// Literals and names in quotes. Each function reads from its first character and says where the token ends.
import type { Token } from '../statement.ts'
import { afterComment, afterContinuation } from './blank.ts'
import { isNameStart, isSpace, truncateName } from './characters.ts'
import { decodeEscapes, decodeUnicode } from './escapes.ts'

/** '…' with '' doubled; the next part after a newline belongs to it. */
export function lexString(text: string, start: number): Token {
  const body = readQuoted(text, start + 1, afterPlainQuote)
  return body ? stringToken(body, start, (inside) => inside) : unterminated(text, start)
}

/** N'…' is a plain string of the national character set. */
export function lexNational(text: string, start: number): Token {
  return { ...lexString(text, start + 1), start }
}

/** E'…' */
export function lexEscaped(text: string, start: number): Token {
  const body = readQuoted(text, start + 2, afterEscapedQuote)
  return body ? stringToken(body, start, decodeEscapes) : unterminated(text, start)
}

/** U&'…', perhaps with UESCAPE after it. */
export function lexUnicodeString(text: string, start: number): Token {
  const body = readQuoted(text, start + 3, afterPlainQuote)
  if (body === undefined) return unterminated(text, start)
  return stringToken(body, start, (inside) => decodeUnicode(inside, escapeAfter(text, body.end)))
}

/** B'…' and X'…': the digits as written, after their letter. No quote can be doubled in them. */
export function lexBits(text: string, start: number): Token {
  const body = readQuoted(text, start + 2, (from) => text.indexOf("'", from) + 1 || -1)
  if (body === undefined) return unterminated(text, start)
  const letter = text.charAt(start).toLowerCase()
  return { ...stringToken(body, start, (inside) => `${letter}${inside}`), kind: 'binary' }
}

/** "…" with "" doubled. */
export function lexQuotedName(text: string, start: number): Token {
  return nameToken(text, start, start + 1)
}

/** U&"…" */
export function lexUnicodeName(text: string, start: number): Token {
  const token = nameToken(text, start, start + 3)
  if (token.kind !== 'quoted') return token
  const inside = text.slice(start + 3, token.end - 1).replaceAll('""', '"')
  return { ...token, value: truncateName(decodeUnicode(inside, escapeAfter(text, token.end))) }
}

/** $tag$…$tag$, or undefined where the dollar opens none. */
export function lexDollar(text: string, start: number): Token | undefined {
  const tag = dollarTag(text, start)
  if (tag === undefined) return undefined
  const inside = start + tag.length
  const close = text.indexOf(tag, inside)
  if (close === -1) return unterminated(text, start)
  return { kind: 'string', start, end: close + tag.length, value: text.slice(inside, close) }
}

function dollarTag(text: string, start: number): string | undefined {
  const close = text.indexOf('$', start + 1)
  if (close === -1) return undefined
  const tag = text.slice(start + 1, close)
  const isTag =
    tag === '' || (isNameStart(tag.charCodeAt(0)) && !/[^A-Za-z0-9_\u0080-\uffff]/.test(tag))
  return isTag ? `$${tag}$` : undefined
}

interface Quoted {
  readonly parts: readonly string[]
  readonly end: number
}

/** The offset after the closing quote, or -1. */
type AfterQuote = (from: number, text: string) => number

function readQuoted(text: string, from: number, afterQuote: AfterQuote): Quoted | undefined {
  const parts: string[] = []
  let begin: number | undefined = from
  let end = from
  while (begin !== undefined) {
    end = afterQuote(begin, text)
    if (end === -1) return undefined
    parts.push(text.slice(begin, end - 1))
    begin = afterContinuation(text, end)
  }
  return { parts, end }
}

function afterPlainQuote(from: number, text: string): number {
  return afterDelimiter(text, from, "'")
}

function afterDelimiter(text: string, from: number, delimiter: string): number {
  let at = text.indexOf(delimiter, from)
  while (at !== -1 && text[at + 1] === delimiter) at = text.indexOf(delimiter, at + 2)
  return at === -1 ? -1 : at + 1
}

function afterEscapedQuote(from: number, text: string): number {
  let at = from
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 92) at += 2
    else if (unit !== 39) at++
    else if (text.charCodeAt(at + 1) === 39) at += 2
    else return at + 1
  }
  return -1
}

function stringToken(body: Quoted, start: number, decode: (inside: string) => string): Token {
  const inside = body.parts.map((part) => part.replaceAll("''", "'")).join('')
  return { kind: 'string', start, end: body.end, value: decode(inside) }
}

function nameToken(text: string, start: number, inside: number): Token {
  const end = afterDelimiter(text, inside, '"')
  if (end === -1) return unterminated(text, start)
  const value = truncateName(text.slice(inside, end - 1).replaceAll('""', '"'))
  return { kind: 'quoted', start, end, value }
}

export function unterminated(text: string, start: number): Token {
  return { kind: 'unknown', start, end: text.length, value: text.slice(start) }
}

/** The character after UESCAPE, where that follows; else a backslash. */
function escapeAfter(text: string, from: number): string {
  const word = skipBlank(text, from)
  if (text.slice(word, word + 7).toLowerCase() !== 'uescape') return '\\'
  const quote = skipBlank(text, word + 7)
  return /^'([^'])'/.exec(text.slice(quote, quote + 3))?.[1] ?? '\\'
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const next = isSpace(text.charCodeAt(at)) ? at + 1 : afterComment(text, at)
    if (next === undefined) return at
    at = next
  }
  return at
}
