import type { Token } from '../statement.ts'
import { isDigit, isHexDigit, isNameCharacter } from './characters.ts'

export interface Numeral {
  readonly kind: Token['kind']
  readonly end: number
  readonly value: string
}

/** A number, or a name that begins with digits, by the server's own order of tests (sql_lex). */
export function endOfNumber(text: string, start: number): Numeral {
  return prefixed(text, start) ?? decimal(text, start)
}

/** x'41' and b'01'; undefined for any other letter. */
export function binaryPrefix(text: string, start: number): Numeral | undefined {
  const letter = text.charAt(start).toLowerCase()
  if (letter !== 'x' && letter !== 'b') return undefined
  const close = text.indexOf("'", start + 2)
  const digits = text.slice(start + 2, close)
  const isValid = close !== -1 && (letter === 'x' ? isHexText(digits) : /^[01]*$/.test(digits))
  if (!isValid) return { kind: 'unknown', end: close === -1 ? text.length : close + 1, value: '' }
  return { kind: 'binary', end: close + 1, value: letter === 'x' ? fromHex(digits) : digits }
}

/** Only a lower-case 0x and 0b make a literal; `0X41` and `0x4g` are names. */
function prefixed(text: string, start: number): Numeral | undefined {
  if (text.startsWith('0x', start)) {
    const end = skip(text, start + 2, isHexDigit)
    return isLiteral(text, start, end) ? hexNumeral(text, start, end) : nameFrom(text, start)
  }
  if (!text.startsWith('0b', start)) return undefined
  const end = skip(text, start + 2, (code) => code === 48 || code === 49)
  if (!isLiteral(text, start, end)) return nameFrom(text, start)
  return { kind: 'binary', end, value: text.slice(start + 2, end) }
}

function isLiteral(text: string, start: number, end: number): boolean {
  return end > start + 2 && !isNameCharacter(text.charCodeAt(end))
}

function hexNumeral(text: string, start: number, end: number): Numeral {
  const digits = text.slice(start + 2, end)
  return { kind: 'binary', end, value: fromHex(digits.length % 2 === 0 ? digits : `0${digits}`) }
}

function decimal(text: string, start: number): Numeral {
  const whole = skip(text, start, isDigit)
  const code = text.charCodeAt(whole)
  if (code === 46) return fraction(text, start, whole + 1)
  if (!isNameCharacter(code)) return number(text, start, whole)
  const exponent = isExponent(code) ? endOfExponent(text, whole + 1) : undefined
  return exponent === undefined ? nameFrom(text, start) : number(text, start, exponent)
}

/** `1.e(x)`: the server drops the `1.e` and goes on, so nothing here may be believed. */
function fraction(text: string, start: number, from: number): Numeral {
  const end = skip(text, from, isDigit)
  if (!isExponent(text.charCodeAt(end))) return number(text, start, end)
  const exponent = endOfExponent(text, end + 1)
  if (exponent !== undefined) return number(text, start, exponent)
  return { kind: 'unknown', end: end + 1, value: text.slice(start, end + 1) }
}

function isExponent(code: number): boolean {
  return code === 69 || code === 101
}

function endOfExponent(text: string, from: number): number | undefined {
  const sign = text.charCodeAt(from)
  const digits = sign === 43 || sign === 45 ? from + 1 : from
  const end = skip(text, digits, isDigit)
  return end === digits ? undefined : end
}

function number(text: string, start: number, end: number): Numeral {
  return { kind: 'number', end, value: text.slice(start, end) }
}

function nameFrom(text: string, start: number): Numeral {
  const end = skip(text, start, isNameCharacter)
  return { kind: 'word', end, value: text.slice(start, end) }
}

function skip(text: string, from: number, test: (code: number) => boolean): number {
  let at = from
  while (at < text.length && test(text.charCodeAt(at))) at++
  return at
}

function isHexText(digits: string): boolean {
  return digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits)
}

function fromHex(digits: string): string {
  return Buffer.from(digits, 'hex').toString('utf8')
}
