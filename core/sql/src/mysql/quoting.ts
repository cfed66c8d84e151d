import type { LexicalModes } from '../statement.ts'

const DOUBLE = 34
const SINGLE = 39
const BACKSLASH = 92
const BACKTICK = 96

/** MySQL manual, "String Literals"; `\%` and `\_` keep their backslash. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  '%': '\\%',
  _: '\\_',
}

export function isQuote(code: number): boolean {
  return code === SINGLE || code === DOUBLE || code === BACKTICK
}

/** Where the text quoted at `from` ends, its closing quote included; undefined when nothing closes it. */
export function quotedEnd(text: string, from: number, modes: LexicalModes): number | undefined {
  const quote = text.charCodeAt(from)
  const hasEscapes = escapes(quote, modes)
  let at = from + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH && hasEscapes) at += 2
    else if (code !== quote) at++
    else if (text.charCodeAt(at + 1) === quote) at += 2
    else return at + 1
  }
  return undefined
}

/** What the quoted text stands for. */
export function unquote(quoted: string, modes: LexicalModes): string {
  const quote = quoted.charAt(0)
  const inner = quoted.slice(1, -1)
  const single = inner.includes(quote) ? unescapeQuotes(inner, quote, modes) : inner
  const hasEscapes = escapes(quoted.charCodeAt(0), modes)
  if (!hasEscapes || !single.includes('\\')) return single
  return single.replace(/\\([\s\S])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
}

/** Doubled quotes become one, written as an escape where escapes are still to be read. */
function unescapeQuotes(inner: string, quote: string, modes: LexicalModes): string {
  if (!escapes(quote.charCodeAt(0), modes)) return inner.replaceAll(quote + quote, quote)
  const doubled = quote === '"' ? /\\[\s\S]|""/g : /\\[\s\S]|''/g
  return inner.replace(doubled, (found) => (found.startsWith('\\') ? found : `\\${quote}`))
}

function escapes(quote: number, modes: LexicalModes): boolean {
  if (quote === BACKTICK || modes.noBackslashEscapes === true) return false
  return quote === SINGLE || modes.ansiQuotes !== true
}
