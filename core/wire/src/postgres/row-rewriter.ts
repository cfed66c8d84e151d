import { MalformedMessage } from './malformed.ts'
import { BACKEND } from './message.ts'
import { Reader } from './reader.ts'

/** A value as it stands in a row; gives what stands there instead, null for NULL. NULLs stay what they are. */
export type CellRewrite = (value: Buffer) => Buffer | null

const HEADER_BYTES = 5
/** A row is collected before it is rewritten. */
const MAX_ROW_BYTES = 64 * 1024 * 1024

/** Rewrites DataRow frames, which come in stretches of any size (protocol 53.7). */
export class RowRewriter {
  readonly #cells: readonly (CellRewrite | undefined)[]
  #partial: Buffer[] = []
  #partialBytes = 0
  /** Of the frame that has begun; undefined until its header is known. */
  #wanted: number | undefined

  /** One entry a column; undefined: it stays as it is. */
  constructor(cells: readonly (CellRewrite | undefined)[]) {
    this.#cells = cells
  }

  /** Whole frames alone; what has begun waits for its end. Throws MalformedMessage. */
  rewrite(stretch: Buffer): Buffer {
    const total = this.#partialBytes + stretch.length
    if (this.#wanted !== undefined && total < this.#wanted) {
      // The stretch is its giver's again once this returns.
      this.#partial.push(Buffer.from(stretch))
      this.#partialBytes = total
      return NOTHING
    }
    const bytes = this.#partial.length === 0 ? stretch : Buffer.concat([...this.#partial, stretch])
    const rewritten: Buffer[] = []
    let at = 0
    for (let end = frameEnd(bytes, at); end !== undefined && end <= bytes.length; ) {
      rewritten.push(this.#rewriteFrame(bytes.subarray(at, end)))
      at = end
      end = frameEnd(bytes, at)
    }
    this.#keep(Buffer.from(bytes.subarray(at)))
    return Buffer.concat(rewritten)
  }

  #keep(rest: Buffer): void {
    this.#partial = rest.length === 0 ? [] : [rest]
    this.#partialBytes = rest.length
    this.#wanted = frameEnd(rest, 0)
    if ((this.#wanted ?? 0) > MAX_ROW_BYTES) {
      throw new MalformedMessage('a row that is longer than what can be masked')
    }
  }

  #rewriteFrame(frame: Buffer): Buffer {
    if (frame.readUInt8(0) !== BACKEND.dataRow) throw new MalformedMessage('this is no row')
    const reader = new Reader(frame.subarray(HEADER_BYTES))
    const count = reader.count(4)
    if (count !== this.#cells.length) {
      throw new MalformedMessage('a row has other columns than were described')
    }
    const parts = this.#cells.flatMap((rewrite) => cellParts(reader, rewrite))
    return framed(count, parts)
  }
}

const NOTHING = Buffer.alloc(0)
const NULL_CELL = Buffer.from([0xff, 0xff, 0xff, 0xff])

/** Undefined until the header is whole. */
function frameEnd(bytes: Buffer, at: number): number | undefined {
  return bytes.length - at < HEADER_BYTES ? undefined : at + 1 + bytes.readUInt32BE(at + 1)
}

function cellParts(reader: Reader, rewrite: CellRewrite | undefined): readonly Buffer[] {
  const length = reader.int32()
  if (length < 0) return [NULL_CELL]
  const value = reader.take(length)
  const shown = rewrite ? rewrite(value) : value
  if (shown === null) return [NULL_CELL]
  const head = Buffer.alloc(4)
  head.writeInt32BE(shown.length)
  return [head, shown]
}

function framed(count: number, parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(HEADER_BYTES + 2)
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  head.writeUInt8(BACKEND.dataRow, 0)
  head.writeUInt32BE(4 + 2 + bytes, 1)
  head.writeUInt16BE(count, HEADER_BYTES)
  return Buffer.concat([head, ...parts])
}
