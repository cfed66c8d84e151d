const DIGITS_EACH = 4
const NEGATIVE = 0x4000

/** PostgreSQL's binary numeric: groups of four decimal digits, the weight of the first, sign and scale. */
export function numericBinary(decimal: string): Buffer {
  const isNegative = decimal.startsWith('-')
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const groups = [
    ...groupsOf(whole.padStart(Math.ceil(whole.length / DIGITS_EACH) * DIGITS_EACH, '0')),
    ...groupsOf(fraction.padEnd(Math.ceil(fraction.length / DIGITS_EACH) * DIGITS_EACH, '0')),
  ]
  let weight = Math.ceil(whole.length / DIGITS_EACH) - 1
  while (groups[0] === 0) {
    groups.shift()
    weight -= 1
  }
  while (groups.at(-1) === 0) groups.pop()
  const bytes = Buffer.alloc(8 + groups.length * 2)
  bytes.writeInt16BE(groups.length, 0)
  bytes.writeInt16BE(groups.length === 0 ? 0 : weight, 2)
  bytes.writeUInt16BE(isNegative && groups.length > 0 ? NEGATIVE : 0, 4)
  bytes.writeInt16BE(fraction.length, 6)
  for (const [at, group] of groups.entries()) bytes.writeInt16BE(group, 8 + at * 2)
  return bytes
}

function groupsOf(digits: string): number[] {
  return (digits.match(/\d{4}/g) ?? []).map(Number)
}
