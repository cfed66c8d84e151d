import { ByteQueue } from './byte-queue.ts'
import { PACKET_TOO_LARGE, PACKETS_OUT_OF_ORDER, PacketViolation } from './violation.ts'

export const HEADER_BYTES = 4
/** A payload of this length goes on in the next packet. */
export const MAX_CHUNK_BYTES = 0xff_ffff

export interface Packet {
  readonly payload: Buffer
  /** Of its last chunk; the answer goes on from there. */
  readonly sequence: number
}

/** A payload as packets: split at 16 MB, numbered from `sequence`. */
export function encodePacket(payload: Buffer, sequence: number): Buffer {
  if (payload.length < MAX_CHUNK_BYTES)
    return Buffer.concat([header(payload.length, sequence), payload])
  const parts: Buffer[] = []
  for (let at = 0; at <= payload.length; at += MAX_CHUNK_BYTES) {
    const chunk = payload.subarray(at, at + MAX_CHUNK_BYTES)
    parts.push(header(chunk.length, sequence + parts.length / 2), chunk)
  }
  return Buffer.concat(parts)
}

/** Payloads numbered one after the other. */
export function encodePackets(payloads: readonly Buffer[], firstSequence: number): Buffer {
  let sequence = firstSequence
  return Buffer.concat(
    payloads.map((payload) => {
      const bytes = encodePacket(payload, sequence)
      sequence += chunkCount(payload.length)
      return bytes
    }),
  )
}

/** How many packets a payload takes: one more when the last is full. */
export function chunkCount(payloadBytes: number): number {
  return Math.floor(payloadBytes / MAX_CHUNK_BYTES) + 1
}

function header(length: number, sequence: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES)
  bytes.writeUIntLE(length, 0, 3)
  bytes.writeUInt8(sequence & 0xff, 3)
  return bytes
}

/** Collects whole payloads from any chunks of bytes; a length beyond the bound is refused at its header. */
export class PacketReader {
  readonly #pending = new ByteQueue()
  #chunks: Buffer[] = []
  #collectedBytes = 0
  #expected = 0
  maxPayloadBytes: number
  /** Inside compressed frames the packets' own numbers mean nothing: clients copy them from the frames, or don't. */
  numbering: 'checked' | 'any' = 'checked'

  constructor(maxPayloadBytes: number) {
    this.maxPayloadBytes = maxPayloadBytes
  }

  /** Of a packet that has begun and isn't whole yet. */
  get isPartial(): boolean {
    return this.#pending.length > 0 || this.#chunks.length > 0
  }

  get pendingBytes(): number {
    return this.#pending.length
  }

  push(bytes: Buffer): void {
    this.#pending.push(bytes)
  }

  /** The sequence number that the next packet must have; a new command begins with 0. */
  expect(sequence: number): void {
    this.#expected = sequence & 0xff
  }

  /** Takes away what has come after the last packet read: the beginning of a TLS handshake. */
  takeRest(): Buffer {
    return this.#pending.takeAll()
  }

  next(): Packet | undefined {
    for (;;) {
      const chunk = this.#nextChunk()
      if (chunk === undefined) return undefined
      this.#chunks.push(chunk.payload)
      this.#collectedBytes += chunk.payload.length
      if (chunk.payload.length < MAX_CHUNK_BYTES) return this.#join(chunk.sequence)
    }
  }

  #nextChunk(): Packet | undefined {
    if (this.#pending.length < HEADER_BYTES) return undefined
    const head = this.#pending.peek(HEADER_BYTES)
    const length = head.readUIntLE(0, 3)
    this.#checkHeader(length, head.readUInt8(3))
    if (this.#pending.length < HEADER_BYTES + length) return undefined
    const payload = this.#pending.take(HEADER_BYTES + length).subarray(HEADER_BYTES)
    const sequence = this.#expected
    this.#expected = (sequence + 1) & 0xff
    return { payload, sequence }
  }

  #checkHeader(length: number, sequence: number): void {
    if (this.#collectedBytes + length > this.maxPayloadBytes) {
      const bound = this.maxPayloadBytes
      throw new PacketViolation(`a packet bigger than ${bound} bytes`, PACKET_TOO_LARGE)
    }
    if (sequence !== this.#expected && this.numbering === 'checked') {
      const said = `packet ${sequence} where ${this.#expected} was due`
      throw new PacketViolation(said, PACKETS_OUT_OF_ORDER)
    }
  }

  #join(sequence: number): Packet {
    const [only] = this.#chunks
    const payload = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#collectedBytes = 0
    return { payload, sequence }
  }
}
