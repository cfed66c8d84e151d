import { MalformedMessage } from './malformed.ts'

const CODE_BYTES = 1
const LENGTH_BYTES = 4
/** PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
export const MAX_STARTUP_BYTES = 10_000

/** One message's bytes as they came, header included, so that what was judged is what is forwarded. */
export interface Frame {
  readonly code: number
  readonly bytes: Buffer
  readonly body: Buffer
}

/** Cuts a client's bytes into frames; whatever chunks they come in, the frames are the same. */
export class FrameReader {
  /** Of a frame with a code; a session raises it once somebody has logged in. */
  maxFrameBytes: number
  #chunks: Buffer[] = []
  #length = 0
  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes
  }

  get bufferedBytes(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** Undefined until the rest of the frame was pushed. */
  next(): Frame | undefined {
    const length = this.#declaredLength(CODE_BYTES, this.maxFrameBytes)
    if (length === undefined || this.#length < CODE_BYTES + length) return undefined
    const bytes = this.#take(CODE_BYTES + length)
    return { code: bytes.readUInt8(0), bytes, body: bytes.subarray(CODE_BYTES + LENGTH_BYTES) }
  }

  /** The body of a message without a code: what a client sends before a session. */
  nextStartup(): Buffer | undefined {
    const length = this.#declaredLength(0, MAX_STARTUP_BYTES)
    if (length === undefined || this.#length < length) return undefined
    return this.#take(length).subarray(LENGTH_BYTES)
  }

  /** The first byte that was pushed and not yet taken. */
  peek(): number | undefined {
    return this.#length === 0 ? undefined : this.#head(1).readUInt8(0)
  }

  /** Everything pushed and not yet taken. */
  takeAll(): Buffer {
    return this.#take(this.#length)
  }

  #declaredLength(at: number, maxBytes: number): number | undefined {
    if (this.#length < at + LENGTH_BYTES) return undefined
    const length = this.#head(at + LENGTH_BYTES).readUInt32BE(at) // counts itself, not the code
    if (length < LENGTH_BYTES || length > maxBytes) {
      throw new MalformedMessage(
        `frame length ${length} is outside ${LENGTH_BYTES}..${maxBytes} bytes`,
      )
    }
    return length
  }

  #head(length: number): Buffer {
    const first = this.#chunks[0]
    if (first && first.length >= length) return first
    return this.#joined()
  }

  #take(length: number): Buffer {
    const first = this.#chunks[0]
    const source = first && first.length >= length ? first : this.#joined()
    const rest = source.subarray(length)
    if (rest.length > 0) this.#chunks[0] = rest
    else this.#chunks.shift()
    this.#length -= length
    return source.subarray(0, length)
  }

  #joined(): Buffer {
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = joined.length > 0 ? [joined] : []
    return joined
  }
}
