// Classes of UTF-16 units as PostgreSQL's scanner has them (src/backend/parser/scan.l).

/** space: [ \t\n\r\f\v] */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13)
}

/** newline: [\n\r] */
export function isNewline(unit: number): boolean {
  return unit === 10 || unit === 13
}

export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

/** ident_start: letters, `_` and every byte above 127. */
export function isNameStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit > 127
}

/** ident_cont: as above, digits and `$`. */
function isNamePart(unit: number): boolean {
  return isNameStart(unit) || isDigit(unit) || unit === 36
}

const OPERATOR_UNITS = new Set([...'~!@#^&|`?+-*/%<>='].map((char) => char.charCodeAt(0)))

/** op_chars */
export function isOperatorUnit(unit: number): boolean {
  return OPERATOR_UNITS.has(unit)
}

export function afterName(text: string, from: number): number {
  let at = from
  while (at < text.length && isNamePart(text.charCodeAt(at))) at++
  return at
}

/** Only A to Z fold: the server's multi-byte encodings leave other letters alone. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

const MAX_NAME_BYTES = 63

/** NAMEDATALEN - 1 bytes of UTF-8, cut between characters. */
export function truncateName(name: string): string {
  if (name.length * 3 <= MAX_NAME_BYTES) return name
  let bytes = 0
  let end = 0
  for (const char of name) {
    bytes += utf8Bytes(char.codePointAt(0) ?? 0)
    if (bytes > MAX_NAME_BYTES) return name.slice(0, end)
    end += char.length
  }
  return name
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
