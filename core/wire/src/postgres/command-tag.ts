const HEADER_BYTES = 5
const SPACE = 0x20
const ZERO = 0x30
const MAX_DIGITS = 15

/**
 * How many rows a CommandComplete frame says: the last word of its tag, where that is a number of at most 15 digits
 * ("INSERT 0 5", "SELECT 5"); else 0. Read in place: there is one for every statement.
 */
export function rowsOfTag(frame: Buffer): number {
  let rows = 0
  let scale = 1
  let at = frame.length - 2
  for (; at >= HEADER_BYTES && scale < 10 ** MAX_DIGITS; at -= 1) {
    const digit = (frame[at] as number) - ZERO
    if (digit < 0 || digit > 9) break
    rows += digit * scale
    scale *= 10
  }
  return at >= HEADER_BYTES && frame[at] === SPACE ? rows : 0
}
