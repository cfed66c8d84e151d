// zlib under the compressed protocol: frames in, packets' bytes out, and back.
import { constants, deflateSync, inflate, inflateSync } from 'node:zlib'
import { type CompressedFrame, CompressedFrames, PacketViolation } from '@articdbm/wire/mysql'

/** As servers do: it isn't worth it for less. */
const MIN_DEFLATED_BYTES = 50
/** What is deflated, or inflated, within one turn of the event loop. */
const MAX_BYTES_AT_ONCE = 65_536

interface Inflated {
  readonly bytes: Buffer
  readonly inflatedBytes: number
}

/** One connection's compression. A frame is inflated only when its bytes are wanted, to the length it says, no further. */
export class Compression {
  readonly #frames = new CompressedFrames()
  #state: { readonly at: 'idle' | 'inflating' } | { readonly at: 'failed'; readonly error: Error } =
    { at: 'idle' }
  #ready: Buffer | undefined

  get pendingBytes(): number {
    return this.#frames.pendingBytes
  }

  /** Half a frame has come. */
  get isPartial(): boolean {
    return this.#state.at === 'idle' && this.pendingBytes > 0
  }

  /** A new command is due. */
  restart(): void {
    this.#frames.restart()
  }

  push(bytes: Buffer): void {
    this.#frames.push(bytes)
  }

  /** Bytes of packets; undefined where none are there yet: `onReady` is called when that changes without a push. */
  next(onReady: () => void): Buffer | undefined {
    if (this.#state.at === 'failed') throw this.#state.error
    if (this.#state.at === 'inflating') return undefined
    const ready = this.#ready
    this.#ready = undefined
    if (ready) return ready
    const frame = this.#frames.next()
    return frame && this.#inflate(frame, onReady)
  }

  #inflate(frame: CompressedFrame, onReady: () => void): Buffer | undefined {
    if (frame.inflatedBytes === 0) return frame.body
    if (frame.inflatedBytes <= MAX_BYTES_AT_ONCE) return inflateNow(frame)
    this.#state = { at: 'inflating' }
    inflate(frame.body, { maxOutputLength: frame.inflatedBytes }, (error, bytes) => {
      this.#settle(error, { bytes, inflatedBytes: frame.inflatedBytes })
      onReady()
    })
    return undefined
  }

  #settle(error: Error | null, { bytes, inflatedBytes }: Inflated): void {
    const isWhole = !error && bytes.length === inflatedBytes
    if (isWhole) this.#ready = bytes
    this.#state = isWhole ? { at: 'idle' } : { at: 'failed', error: notInflated(error) }
  }

  /** Packets, or parts of them, as numbered frames. */
  deflate(bytes: Buffer): Buffer {
    const frames: Buffer[] = []
    for (let at = 0; at < bytes.length; at += MAX_BYTES_AT_ONCE) {
      frames.push(this.#frames.encode(deflated(bytes.subarray(at, at + MAX_BYTES_AT_ONCE))))
    }
    return Buffer.concat(frames)
  }
}

function deflated(bytes: Buffer): CompressedFrame {
  const plain = { body: bytes, inflatedBytes: 0 }
  if (bytes.length < MIN_DEFLATED_BYTES) return plain
  const body = deflateSync(bytes, { level: constants.Z_BEST_SPEED })
  return body.length < bytes.length ? { body, inflatedBytes: bytes.length } : plain
}

function inflateNow({ body, inflatedBytes }: CompressedFrame): Buffer {
  try {
    const bytes = inflateSync(body, { maxOutputLength: inflatedBytes })
    if (bytes.length === inflatedBytes) return bytes
  } catch (error) {
    throw notInflated(error)
  }
  throw notInflated(undefined)
}

function notInflated(error: unknown): PacketViolation {
  const why = error instanceof Error ? error.message : 'it is shorter than it says'
  return new PacketViolation(`a compressed packet can't be inflated: ${why}`)
}
