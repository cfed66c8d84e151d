/** PostgreSQL's parser counts bytes of UTF-8; we count UTF-16 units. */
/** -1, which the parser writes for an unknown place, is the text's beginning. */
export type OffsetOf = (byte: number) => number

export function offsetsOf(text: string): OffsetOf {
  if (/^[\0-\x7f]*$/.test(text)) return (byte) => Math.max(0, byte)
  let units: Uint32Array | undefined
  return (byte) => {
    units ??= unitsByByte(text)
    return units[Math.max(0, byte)] ?? text.length
  }
}

function unitsByByte(text: string): Uint32Array {
  const units = new Uint32Array(Buffer.byteLength(text) + 1)
  let byte = 0
  let unit = 0
  for (const char of text) {
    const bytes = Buffer.byteLength(char)
    units.fill(unit, byte, byte + bytes)
    byte += bytes
    unit += char.length
  }
  units[byte] = unit
  return units
}
