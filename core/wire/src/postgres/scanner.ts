import { MalformedMessage } from './malformed.ts'
import { BACKEND } from './message.ts'

const HEADER_BYTES = 5
/** What is decoded is collected whole; an error text or a row description is far below this. */
const MAX_COLLECTED_BYTES = 16 * 1024 * 1024

/** A stretch of a backend's answer, in order; the bytes of all pieces are the bytes that came. */
export type Piece =
  /** One whole frame that a session looks at. */
  | { readonly kind: 'frame'; readonly code: number; readonly bytes: Buffer }
  /** DataRow frames, or parts of them: passed on unread. `count` of them begin here. */
  | { readonly kind: 'rows'; readonly count: number; readonly bytes: Buffer }
  /** The same for CopyData. */
  | { readonly kind: 'copy'; readonly count: number; readonly bytes: Buffer }

type Stream = 'rows' | 'copy'

/** Reads a backend's bytes as they come: a row of a gigabyte is passed on in pieces and never collected. */
export class BackendScanner {
  #partial: Buffer = Buffer.alloc(0)
  #streaming: { kind: Stream; left: number } | undefined

  /** True where a frame has begun and not ended: then nothing else may be sent to the client. */
  get isInsideFrame(): boolean {
    return this.#streaming !== undefined
  }

  /** Nothing of a frame was read that has not ended. */
  get isBetweenFrames(): boolean {
    return this.#streaming === undefined && this.#partial.length === 0
  }

  /** The pieces are views of the chunk, valid for as long as it is. */
  scan(chunk: Buffer): Piece[] {
    const bytes = this.#partial.length > 0 ? Buffer.concat([this.#partial, chunk]) : chunk
    this.#partial = Buffer.alloc(0)
    const pieces: Piece[] = []
    let at = 0
    while (at < bytes.length) {
      const next = this.#streaming ? this.#pass(bytes, at, pieces) : this.#begin(bytes, at, pieces)
      if (next === undefined) break
      at = next
    }
    if (at < bytes.length) this.#partial = Buffer.from(bytes.subarray(at))
    return pieces
  }

  #begin(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    if (bytes.length - at < HEADER_BYTES) return undefined
    const code = bytes.readUInt8(at)
    const length = bytes.readUInt32BE(at + 1)
    if (length < 4 || length > 0x7fff_ffff) throw new MalformedMessage(`frame length ${length}`)
    const stream = streamOf(code)
    if (stream) {
      this.#streaming = { kind: stream, left: length + 1 }
      return this.#pass(bytes, at, pieces, 1)
    }
    if (length > MAX_COLLECTED_BYTES) throw new MalformedMessage(`frame length ${length}`)
    const end = at + 1 + length
    if (end > bytes.length) return undefined
    pieces.push({ kind: 'frame', code, bytes: bytes.subarray(at, end) })
    return end
  }

  #pass(bytes: Buffer, at: number, pieces: Piece[], begun = 0): number {
    const streaming = this.#streaming
    if (!streaming) return at
    const length = Math.min(streaming.left, bytes.length - at)
    append(pieces, { kind: streaming.kind, count: begun, bytes: bytes.subarray(at, at + length) })
    streaming.left -= length
    if (streaming.left === 0) this.#streaming = undefined
    return at + length
  }
}

function streamOf(code: number): Stream | undefined {
  if (code === BACKEND.dataRow) return 'rows'
  return code === BACKEND.copyData ? 'copy' : undefined
}

/** Neighbours in the same chunk become one piece: one write for many rows. */
function append(pieces: Piece[], piece: Piece & { kind: Stream }): void {
  const last = pieces.at(-1)
  if (!last || last.kind !== piece.kind || !areNeighbours(last.bytes, piece.bytes)) {
    pieces.push(piece)
    return
  }
  const bytes = Buffer.from(
    last.bytes.buffer,
    last.bytes.byteOffset,
    last.bytes.length + piece.bytes.length,
  )
  pieces[pieces.length - 1] = { kind: piece.kind, count: last.count + piece.count, bytes }
}

function areNeighbours(left: Buffer, right: Buffer): boolean {
  return left.buffer === right.buffer && left.byteOffset + left.length === right.byteOffset
}
