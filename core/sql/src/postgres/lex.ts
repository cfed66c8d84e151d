// PostgreSQL's scanner (src/backend/parser/scan.l) with standard_conforming_strings on.
import { LIMITS } from '../limits.ts'
import type { Token } from '../statement.ts'
import { afterComment } from './blank.ts'
import {
  afterName,
  foldCase,
  isDigit,
  isNameStart,
  isOperatorUnit,
  isSpace,
  truncateName,
} from './characters.ts'
import {
  lexBits,
  lexDollar,
  lexEscaped,
  lexNational,
  lexQuotedName,
  lexString,
  lexUnicodeName,
  lexUnicodeString,
  unterminated,
} from './lex-quoted.ts'

/** At most one token more than LIMITS.maxTokens: the last then holds all the rest. */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at++
      continue
    }
    const token = tokens.length < LIMITS.maxTokens ? lexToken(text, at) : unterminated(text, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

function lexToken(text: string, start: number): Token {
  const unit = text.charCodeAt(start)
  if (isNameStart(unit)) return lexWord(text, start)
  if (isDigit(unit) || (unit === DOT && isDigit(text.charCodeAt(start + 1)))) {
    return lexNumber(text, start)
  }
  if (unit === QUOTE) return lexString(text, start)
  if (unit === DOUBLE_QUOTE) return lexQuotedName(text, start)
  if (unit === DOLLAR)
    return lexParameter(text, start) ?? lexDollar(text, start) ?? one(text, start)
  return lexMark(text, start)
}

const DOT = 46
const QUOTE = 39
const DOUBLE_QUOTE = 34
const DOLLAR = 36

function lexWord(text: string, start: number): Token {
  const prefixed = lexPrefixed(text, start)
  if (prefixed !== undefined) return prefixed
  const end = afterName(text, start)
  return { kind: 'word', start, end, value: truncateName(foldCase(text.slice(start, end))) }
}

function lexPrefixed(text: string, start: number): Token | undefined {
  const quote = text.charCodeAt(start + 1)
  if (quote === QUOTE) return PREFIXED[text[start]?.toLowerCase() ?? '']?.(text, start)
  const isUnicode = quote === AMPERSAND && /[uU]/.test(text[start] ?? '')
  if (!isUnicode) return undefined
  const opening = text.charCodeAt(start + 2)
  if (opening === QUOTE) return lexUnicodeString(text, start)
  return opening === DOUBLE_QUOTE ? lexUnicodeName(text, start) : undefined
}

const AMPERSAND = 38

const PREFIXED: Readonly<Record<string, (text: string, start: number) => Token>> = {
  b: lexBits,
  x: lexBits,
  e: lexEscaped,
  n: lexNational,
}

const NUMBER = new RegExp(
  [
    '0[xX](?:_?[0-9A-Fa-f])+',
    '0[oO](?:_?[0-7])+',
    '0[bB](?:_?[01])+',
    // "1..2" is 1 and 2 with two dots between.
    '(?:[0-9](?:_?[0-9])*(?:\\.(?!\\.)(?:[0-9](?:_?[0-9])*)?)?|\\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?',
  ].join('|'),
  'y',
)

function lexNumber(text: string, start: number): Token {
  NUMBER.lastIndex = start
  const value = NUMBER.exec(text)?.[0] ?? text.charAt(start)
  return { kind: 'number', start, end: start + value.length, value }
}

function lexParameter(text: string, start: number): Token | undefined {
  let end = start + 1
  while (isDigit(text.charCodeAt(end))) end++
  return end === start + 1
    ? undefined
    : { kind: 'parameter', start, end, value: text.slice(start, end) }
}

/** Comments, operators, punctuation. */
function lexMark(text: string, start: number): Token {
  const commentEnd = afterComment(text, start)
  if (commentEnd !== undefined) return slice(text, start, commentEnd, 'comment')
  if (text.startsWith('/*', start)) return unterminated(text, start)
  if (isOperatorUnit(text.charCodeAt(start))) return lexOperator(text, start)
  const pair = text.slice(start, start + 2)
  if (pair === '::' || pair === '..' || pair === ':=') {
    return slice(text, start, start + 2, 'operator')
  }
  return one(text, start)
}

function lexOperator(text: string, start: number): Token {
  let end = start
  while (isOperatorUnit(text.charCodeAt(end)) && !opensComment(text, end)) end++
  // Cut one sign at a time, a long run would cost the square of its length.
  if (end - start > MAX_OPERATOR_RUN) return slice(text, start, end, 'unknown')
  return slice(text, start, withoutTrailingSign(text, start, end), 'operator')
}

/** PostgreSQL's own operators end at 63 characters; only runs of signs may be longer. */
export const MAX_OPERATOR_RUN = 64

function opensComment(text: string, at: number): boolean {
  return text.startsWith('/*', at) || text.startsWith('--', at)
}

/** An operator ends in + or - only when it holds a character that standard SQL operators don't. */
function withoutTrailingSign(text: string, start: number, end: number): number {
  if (!/[+-]$/.test(text.slice(end - 1, end))) return end
  if (/[~!@#^&|`?%]/.test(text.slice(start, end))) return end
  let cut = end
  while (cut > start + 1 && /[+-]/.test(text.charAt(cut - 1))) cut--
  return cut
}

function one(text: string, start: number): Token {
  const isPunctuation = ',()[].;:'.includes(text.charAt(start))
  return slice(text, start, start + 1, isPunctuation ? 'operator' : 'unknown')
}

function slice(text: string, start: number, end: number, kind: Token['kind']): Token {
  return { kind, start, end, value: text.slice(start, end) }
}
