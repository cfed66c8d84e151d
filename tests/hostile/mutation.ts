// Small damages to bytes that were right.
import fc from 'fast-check'

const KINDS = [
  'flip',
  'set',
  'insert',
  'delete',
  'length',
  'short length',
  'cut',
  'repeat',
] as const
const LENGTHS = [0, 1, 3, 4, 5, 255, 65_535, 0xff_ffff, 100_000_000, 2 ** 31 - 1, -1, -(2 ** 31)]

export interface Damage {
  readonly kind: (typeof KINDS)[number]
  /** Where, from 0 to 1 of the whole. */
  readonly at: number
  readonly value: number
}

export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.nat({ max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
)

export function damaged(bytes: Buffer, list: readonly Damage[]): Buffer {
  return list.reduce(damage, bytes)
}

function damage(bytes: Buffer, { kind, at, value }: Damage): Buffer {
  const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length))
  if (place < 0) return bytes
  const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)]
  switch (kind) {
    case 'flip':
      return Buffer.concat([head, Buffer.of((tail[0] ?? 0) ^ (1 << (value & 7))), tail.subarray(1)])
    case 'set':
      return Buffer.concat([head, Buffer.of(value), tail.subarray(1)])
    case 'insert':
      return Buffer.concat([head, Buffer.alloc((value & 15) + 1, value), tail])
    case 'delete':
      return Buffer.concat([head, tail.subarray((value & 15) + 1)])
    case 'length':
      return Buffer.concat([head, lengthOf(value), tail.subarray(4)])
    case 'short length':
      return Buffer.concat([head, Buffer.of(value, value >> 4, 0), tail.subarray(3)])
    case 'cut':
      return head
    case 'repeat':
      return Buffer.concat([bytes, tail])
  }
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(LENGTHS[value % LENGTHS.length] ?? 0)
  return value & 16 ? bytes : Buffer.from(bytes).reverse()
}
