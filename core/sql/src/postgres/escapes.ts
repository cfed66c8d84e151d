// What the inside of a string or name means, once its delimiters are off.

/** E'…': backslash escapes; octal and hexadecimal ones are bytes of UTF-8. */
export function decodeEscapes(inside: string): string {
  if (!inside.includes('\\')) return inside
  return decodeBytes(
    inside.replace(
      /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]?))/g,
      (...[, octal, hex, short, long, plain]) => {
        if (octal !== undefined) return byteMark(Number.parseInt(octal, 8) & 255)
        if (hex !== undefined) return byteMark(Number.parseInt(hex, 16))
        const code = short ?? long
        return code === undefined ? plainEscape(plain) : fromCode(Number.parseInt(code, 16))
      },
    ),
  )
}

const PLAIN: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function plainEscape(char: string): string {
  return PLAIN[char] ?? char
}

// A byte above 127 waits as a lone surrogate until its neighbours are known.
const BYTE_BASE = 0xdc00

function byteMark(byte: number): string {
  return String.fromCharCode(byte < 128 ? byte : BYTE_BASE + byte)
}

function decodeBytes(marked: string): string {
  return marked.replace(/[\udc80-\udcff]+/gu, (run) =>
    Buffer.from([...run].map((mark) => mark.charCodeAt(0) - BYTE_BASE)).toString('utf8'),
  )
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** U&'…' and U&"…": \XXXX, \+XXXXXX and the doubled escape character. */
export function decodeUnicode(inside: string, mark: string): string {
  if (!inside.includes(mark)) return inside
  let out = ''
  let at = 0
  for (let found = inside.indexOf(mark); found !== -1; found = inside.indexOf(mark, at)) {
    const { char, length } = unicodeEscape(inside, found + 1, mark)
    out += inside.slice(at, found) + char
    at = found + 1 + length
  }
  return out + inside.slice(at)
}

function unicodeEscape(inside: string, at: number, mark: string) {
  const digits = /^(?:[0-9A-Fa-f]{4}|\+[0-9A-Fa-f]{6})/.exec(inside.slice(at, at + 7))?.[0]
  if (digits !== undefined) {
    return { char: fromCode(Number.parseInt(digits.replace('+', ''), 16)), length: digits.length }
  }
  return { char: mark, length: inside.startsWith(mark, at) ? 1 : 0 }
}
