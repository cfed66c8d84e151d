import { LIMITS } from '../limits.ts'
import type { Token } from '../statement.ts'

// SQLite's tokenizer, fact by fact. White space is five ASCII characters and U+FEFF; every character beyond
// ASCII belongs to a name; NUL ends the text, whatever follows.

const SPACE = /[ \t\n\f\r\uFEFF]+/y
const SPACE_CODE = 0x20
const LINE_COMMENT = /--[^\n\0]*/y
const WORD = /[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_$\u0080-\uFFFF]*/y
const BLOB = /[xX]'((?:[0-9A-Fa-f]{2})*)'/y
const NUMBER =
  /(?:0[xX][0-9A-Fa-f][0-9A-Fa-f_]*|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)/y
const PARAMETER = /\?[0-9]*|[$@:#](?:[A-Za-z0-9_$\u0080-\uFFFF]|::)+(?:\([^)\0 \t\n\f\r\v]*\))?/y
const OPERATOR = /->>|->|<=|<>|<<|>=|>>|==|!=|\|\||[-+*/%=<>|,&~;().]/y
const NAME_CHARACTER = /[A-Za-z0-9_$\u0080-\uFFFF]/

type Read = (text: string, at: number) => Token | undefined

/** By the code of a token's first character; beyond ASCII it is a name. */
const READERS: readonly (readonly Read[])[] = Array.from({ length: 128 }, (_, code) =>
  readersOf(String.fromCharCode(code)),
)

function readersOf(first: string): readonly Read[] {
  if (/[xX]/.test(first)) return [blob, word]
  if (/[A-Za-z_]/.test(first)) return [word]
  if (/[0-9]/.test(first)) return [number]
  if (first === '.') return [number, operator]
  if (/['"`[]/.test(first)) return [quotation]
  if (/[?$@:#]/.test(first)) return [parameter]
  return /[-/]/.test(first) ? [comment, operator] : [operator]
}

export function lex(text: string): readonly Token[] {
  // A lone surrogate reaches SQLite as U+FFFD: the name it reads is not the name we read.
  if (!text.isWellFormed()) return [unknown(text, 0, text.length)]
  const tokens: Token[] = []
  let at = skipSpace(text, 0)
  while (at < text.length && tokens.length <= LIMITS.maxTokens) {
    const token = tokenAt(text, at)
    tokens.push(token)
    at = skipSpace(text, token.end)
  }
  return tokens
}

/** SQLite folds ASCII letters alone; a Kelvin sign stays what it is. */
export function fold(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}

function skipSpace(text: string, at: number): number {
  if (text.charCodeAt(at) > SPACE_CODE && text[at] !== '\uFEFF') return at
  return at + (matchAt(SPACE, text, at)?.length ?? 0)
}

function tokenAt(text: string, at: number): Token {
  for (const read of READERS[text.charCodeAt(at)] ?? [word]) {
    const token = read(text, at)
    if (token) return token
  }
  return unknown(text, at, text[at] === '\0' ? text.length : at + 1)
}

function comment(text: string, at: number): Token | undefined {
  if (text.startsWith('--', at)) {
    return plain('comment', at, matchAt(LINE_COMMENT, text, at) ?? '--')
  }
  // "/*" as the very last characters is a division and a star.
  if (!text.startsWith('/*', at) || at + 2 === text.length || text[at + 2] === '\0') {
    return undefined
  }
  const close = text.indexOf('*/', at + 2)
  const end = close === -1 ? text.length : close + 2
  const comment = text.slice(at, end)
  const nul = comment.indexOf('\0')
  return plain('comment', at, nul === -1 ? comment : comment.slice(0, nul))
}

function quotation(text: string, at: number): Token | undefined {
  const open = text[at]
  if (open === '[') return bracketed(text, at)
  if (open !== "'" && open !== '"' && open !== '`') return undefined
  const end = closingQuote(text, at, open)
  if (end === undefined) return unknown(text, at, text.length)
  const value = text.slice(at + 1, end - 1).replaceAll(open + open, open)
  return { kind: open === "'" ? 'string' : 'quoted', start: at, end, value }
}

function closingQuote(text: string, open: number, quote: string): number | undefined {
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return text.slice(open, at).includes('\0') ? undefined : at + 1
  }
  return undefined
}

function bracketed(text: string, at: number): Token {
  const close = text.indexOf(']', at)
  const value = text.slice(at + 1, close)
  if (close === -1 || value.includes('\0')) return unknown(text, at, text.length)
  return { kind: 'quoted', start: at, end: close + 1, value }
}

function blob(text: string, at: number): Token | undefined {
  if (text[at + 1] !== "'") return undefined
  const found = matchAt(BLOB, text, at)
  if (found === undefined) return unknown(text, at, text.length)
  return { kind: 'binary', start: at, end: at + found.length, value: found.slice(2, -1) }
}

function word(text: string, at: number): Token | undefined {
  const found = matchAt(WORD, text, at)
  if (found === undefined) return undefined
  return { kind: 'word', start: at, end: at + found.length, value: fold(found) }
}

function number(text: string, at: number): Token | undefined {
  const found = matchAt(NUMBER, text, at)
  if (found === undefined) return undefined
  const end = at + found.length
  if (NAME_CHARACTER.test(text[end] ?? '')) return unknown(text, at, end + 1)
  return plain('number', at, found)
}

function parameter(text: string, at: number): Token | undefined {
  const found = matchAt(PARAMETER, text, at)
  if (found === undefined) return undefined
  // "$a(" that never closes is no token at all.
  const isTorn = !/^[?]|[)]$/.test(found) && text[at + found.length] === '('
  return isTorn ? unknown(text, at, text.length) : plain('parameter', at, found)
}

function operator(text: string, at: number): Token | undefined {
  const found = matchAt(OPERATOR, text, at)
  return found === undefined ? undefined : plain('operator', at, found)
}

function plain(kind: Token['kind'], start: number, value: string): Token {
  return { kind, start, end: start + value.length, value }
}

function unknown(text: string, start: number, end: number): Token {
  return { kind: 'unknown', start, end, value: text.slice(start, end) }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
