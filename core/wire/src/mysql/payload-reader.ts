import { PacketViolation } from './violation.ts'

/** Reads the fields of one packet's payload; every length is checked before it is believed. */
export class PayloadReader {
  readonly #bytes: Buffer
  #at: number
  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes
    this.#at = start
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  get offset(): number {
    return this.#at
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.#take(2))
  }

  uint24(): number {
    return this.#bytes.readUIntLE(this.#take(3), 3)
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  bytes(length: number): Buffer {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  rest(): Buffer {
    return this.bytes(this.remaining)
  }

  /** Up to a zero byte, which is taken too. */
  untilNull(): Buffer {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new PacketViolation('a string has no end')
    const found = this.#bytes.subarray(this.#at, end)
    this.#at = end + 1
    return found
  }

  /** Length-encoded integer; undefined for 0xfb, which is NULL in a row. */
  lenencOrNull(): bigint | undefined {
    const first = this.uint8()
    if (first < 0xfb) return BigInt(first)
    if (first === 0xfb) return undefined
    if (first === 0xfc) return BigInt(this.uint16())
    if (first === 0xfd) return BigInt(this.uint24())
    if (first === 0xfe) return this.#bytes.readBigUInt64LE(this.#take(8))
    throw new PacketViolation('0xff begins no length-encoded integer')
  }

  lenenc(): bigint {
    const value = this.lenencOrNull()
    if (value === undefined) throw new PacketViolation('NULL where a length was due')
    return value
  }

  lenencBytes(): Buffer {
    return this.#counted(this.lenenc())
  }

  /** A value of a text row. */
  lenencBytesOrNull(): Buffer | null {
    const length = this.lenencOrNull()
    return length === undefined ? null : this.#counted(length)
  }

  #counted(length: bigint): Buffer {
    if (length > BigInt(this.remaining)) throw tooShort()
    return this.bytes(Number(length))
  }

  #take(length: number): number {
    if (length > this.remaining) throw tooShort()
    const start = this.#at
    this.#at += length
    return start
  }
}

function tooShort(): PacketViolation {
  return new PacketViolation('a packet ends before its fields do')
}
