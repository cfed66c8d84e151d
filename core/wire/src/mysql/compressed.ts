// The compressed protocol (CLIENT_COMPRESS): frames around the stream of packets. Framing alone: the caller has zlib.
import { ByteQueue } from './byte-queue.ts'
import { PACKETS_OUT_OF_ORDER, PacketViolation } from './violation.ts'

export const FRAME_HEADER_BYTES = 7
/** Three bytes say a length: neither a frame nor what it inflates to is longer. */
export const MAX_FRAME_BYTES = 0xff_ffff

export interface CompressedFrame {
  readonly body: Buffer
  /** What the body inflates to; 0 where it is as it is. */
  readonly inflatedBytes: number
}

/** The frames of one connection. Both directions count on from each other; a new command begins with 0. */
export class CompressedFrames {
  readonly #pending = new ByteQueue()
  #sequence = 0

  get pendingBytes(): number {
    return this.#pending.length
  }

  restart(): void {
    this.#sequence = 0
  }

  push(bytes: Buffer): void {
    this.#pending.push(bytes)
  }

  next(): CompressedFrame | undefined {
    if (this.#pending.length < FRAME_HEADER_BYTES) return undefined
    const head = this.#pending.peek(FRAME_HEADER_BYTES)
    const inflatedBytes = head.readUIntLE(4, 3)
    const frameBytes = FRAME_HEADER_BYTES + head.readUIntLE(0, 3)
    this.#check(head.readUInt8(3))
    if (this.#pending.length < frameBytes) return undefined
    const body = this.#pending.take(frameBytes).subarray(FRAME_HEADER_BYTES)
    this.#count()
    return { body, inflatedBytes }
  }

  encode({ body, inflatedBytes }: CompressedFrame): Buffer {
    const head = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
    head.writeUIntLE(body.length, 0, 3)
    head.writeUInt8(this.#sequence, 3)
    head.writeUIntLE(inflatedBytes, 4, 3)
    this.#count()
    return Buffer.concat([head, body])
  }

  #check(sequence: number): void {
    if (sequence === this.#sequence) return
    const said = `compressed packet ${sequence} where ${this.#sequence} was due`
    throw new PacketViolation(said, PACKETS_OUT_OF_ORDER)
  }

  #count(): void {
    this.#sequence = (this.#sequence + 1) & 0xff
  }
}
