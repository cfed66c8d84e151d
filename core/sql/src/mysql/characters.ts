// Character classes of MySQL's scanner for a utf8mb4 connection; every byte above 0x7f belongs to a name.
const SPACE = 1
const DIGIT = 2
const NAME = 4
const HEX = 8
const CONTROL = 16

const CLASSES = new Uint8Array(128)
mark('\t\n\v\f\r ', SPACE)
mark('0123456789', DIGIT | NAME | HEX)
mark('abcdefABCDEF', NAME | HEX)
mark('ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_$', NAME)
for (let code = 0; code < 32; code++) CLASSES[code] = (CLASSES[code] ?? 0) | CONTROL
CLASSES[127] = CONTROL

function mark(characters: string, bits: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    CLASSES[code] = (CLASSES[code] ?? 0) | bits
  }
}

function has(code: number, bits: number): boolean {
  return ((CLASSES[code] ?? 0) & bits) !== 0
}

export function isSpace(code: number): boolean {
  return has(code, SPACE)
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isHexDigit(code: number): boolean {
  return has(code, HEX)
}

/** May stand inside an unquoted name. */
export function isNameCharacter(code: number): boolean {
  return code > 127 || has(code, NAME)
}

/** White space or a control character, as the second dash of a comment needs; the text's end counts. */
export function isSpaceOrControl(code: number): boolean {
  return Number.isNaN(code) || has(code, SPACE | CONTROL)
}

/** ASCII only: the server folds keywords byte by byte, so that a Kelvin sign is no K. */
export function foldCase(word: string): string {
  return isAscii(word) ? word.toLowerCase() : foldAscii(word)
}

export function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 127) return false
  return true
}

function foldAscii(word: string): string {
  return word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
