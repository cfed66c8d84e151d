import { HEADER_BYTES, MAX_CHUNK_BYTES } from './packet.ts'

/** What is seen of one payload of a backend without keeping it. */
export interface Glimpse {
  readonly firstByte: number
  readonly payloadBytes: number
  /** The whole payload where it was asked for and isn't longer than the bound, else undefined. */
  readonly payload: Buffer | undefined
}

export interface ScanWish {
  /** Called once, when a payload's first byte and first length are known. */
  wantsPayload(firstByte: number, chunkBytes: number): boolean
  onPayload(glimpse: Glimpse): void
}

/** Payloads that are looked into are small: OK, ERR, EOF, a column count. */
const MAX_KEPT_BYTES = 65_536

/**
 * Follows packets through chunks of any size and renumbers them in place, so that a row of any length passes
 * without being collected.
 */
export class PacketScanner {
  readonly #wish: ScanWish
  readonly #header = Buffer.alloc(HEADER_BYTES)
  #headerBytes = 0
  #chunkLeft = 0
  #isChunkFull = false
  #payloadBytes = 0
  #firstByte = -1
  #kept: Buffer[] | undefined
  #sequence: number

  constructor(wish: ScanWish, firstSequence: number) {
    this.#wish = wish
    this.#sequence = firstSequence & 0xff
  }

  get nextSequence(): number {
    return this.#sequence
  }

  set nextSequence(sequence: number) {
    this.#sequence = sequence & 0xff
  }

  /** True between packets. */
  get isAtBoundary(): boolean {
    return this.#headerBytes === 0 && !this.#isChunkFull
  }

  scan(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      at =
        this.#headerBytes < HEADER_BYTES ? this.#takeHeader(bytes, at) : this.#takeBody(bytes, at)
    }
  }

  #takeHeader(bytes: Buffer, at: number): number {
    const taken = bytes.copy(
      this.#header,
      this.#headerBytes,
      at,
      at + HEADER_BYTES - this.#headerBytes,
    )
    this.#headerBytes += taken
    if (this.#headerBytes < HEADER_BYTES) return at + taken
    bytes.writeUInt8(this.#sequence, at + taken - 1)
    this.#sequence = (this.#sequence + 1) & 0xff
    this.#chunkLeft = this.#header.readUIntLE(0, 3)
    this.#isChunkFull = this.#chunkLeft === MAX_CHUNK_BYTES
    this.#payloadBytes += this.#chunkLeft
    if (this.#chunkLeft === 0) this.#endChunk()
    return at + taken
  }

  #takeBody(bytes: Buffer, at: number): number {
    if (this.#firstByte < 0) this.#begin(bytes.readUInt8(at))
    const end = Math.min(bytes.length, at + this.#chunkLeft)
    if (this.#kept) this.#keep(bytes.subarray(at, end), this.#kept)
    this.#chunkLeft -= end - at
    if (this.#chunkLeft === 0) this.#endChunk()
    return end
  }

  #begin(firstByte: number): void {
    this.#firstByte = firstByte
    const isSmall = this.#payloadBytes <= MAX_KEPT_BYTES
    this.#kept = isSmall && this.#wish.wantsPayload(firstByte, this.#payloadBytes) ? [] : undefined
  }

  #keep(part: Buffer, kept: Buffer[]): void {
    kept.push(part)
  }

  #endChunk(): void {
    this.#headerBytes = 0
    if (this.#isChunkFull) return
    const { payloadBytes, firstByte } = {
      payloadBytes: this.#payloadBytes,
      firstByte: this.#firstByte,
    }
    const payload = this.#kept && Buffer.concat(this.#kept)
    this.#payloadBytes = 0
    this.#firstByte = -1
    this.#kept = undefined
    this.#wish.onPayload({ firstByte, payloadBytes, payload })
  }
}
