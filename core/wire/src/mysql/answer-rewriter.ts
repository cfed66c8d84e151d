// Rewrites the rows of an answer to COM_QUERY or COM_STMT_EXECUTE while it passes.
import {
  decodeEof,
  decodeErr,
  decodeOk,
  type Err,
  encodeErr,
  hasMoreResults,
  isEof,
} from './answer.ts'
import { type Column, decodeColumn, nullBitmap } from './column.ts'
import { FIELD_TYPE, MARKER } from './constants.ts'
import { HEADER_BYTES, MAX_CHUNK_BYTES } from './packet.ts'
import { PayloadReader } from './payload-reader.ts'
import { lenencBytes } from './payload-writer.ts'
import { PacketViolation } from './violation.ts'

/** A text or bytes as they stand in a row; gives what stands there instead, null for NULL. NULLs stay what they are. */
export type CellRewrite = (value: Buffer) => Buffer | null

export interface RewriteWish {
  readonly format: 'text' | 'binary'
  /** What to do with the columns of a result, counted from 0; undefined: it passes as it is. Throws to refuse it. */
  readonly cells: (
    result: number,
    columns: readonly Column[],
  ) => readonly (CellRewrite | undefined)[] | undefined
  /** What is told in place of an error. */
  readonly error?: (result: number, err: Err) => Err
}

type Beginning =
  | { readonly at: 'first' }
  | { readonly at: 'definitions'; readonly left: number }
  | { readonly at: 'definitions end' }
type Phase = Beginning | { readonly at: 'rows' }

/** Takes packets in stretches of any size, numbered as they shall be; gives whole ones with the same numbers. */
export class AnswerRewriter {
  readonly #wish: RewriteWish
  #phase: Phase = { at: 'first' }
  #result = 0
  #columns: Column[] = []
  #cells: readonly (CellRewrite | undefined)[] | undefined
  #partial: Buffer[] = []
  #partialBytes = 0

  constructor(wish: RewriteWish) {
    this.#wish = wish
  }

  /** Throws PacketViolation. */
  rewrite(stretch: Buffer): Buffer {
    this.#partial.push(stretch)
    this.#partialBytes += stretch.length
    const wanted = packetEnd(this.#partial[0] ?? NOTHING, 0)
    if (wanted !== undefined && this.#partialBytes < wanted) return this.#wait()
    const bytes = Buffer.concat(this.#partial)
    const rewritten: Buffer[] = []
    let at = 0
    for (let end = packetEnd(bytes, at); end !== undefined && end <= bytes.length; ) {
      rewritten.push(this.#rewritePacket(bytes.subarray(at, end)))
      at = end
      end = packetEnd(bytes, at)
    }
    this.#partial = at < bytes.length ? [bytes.subarray(at)] : []
    this.#partialBytes = bytes.length - at
    return Buffer.concat(rewritten)
  }

  /** The stretch is its giver's again once this returns. */
  #wait(): Buffer {
    const last = this.#partial.pop()
    if (last) this.#partial.push(Buffer.from(last))
    return NOTHING
  }

  #rewritePacket(packet: Buffer): Buffer {
    const payload = packet.subarray(HEADER_BYTES)
    const mayFail = this.#phase.at === 'rows' || this.#phase.at === 'first'
    if (mayFail && payload[0] === MARKER.error) return this.#rewriteError(packet, payload)
    if (this.#phase.at !== 'rows') {
      this.#phase = this.#follow(payload, this.#phase)
      return packet
    }
    const isEnd = isEof(payload[0] ?? 0, payload.length)
    if (isEnd) this.#phase = this.#next(decodeEof(payload).status)
    if (isEnd || !this.#cells) return packet
    return numbered(this.#rewriteRow(payload, this.#cells), packet.readUInt8(3))
  }

  #follow(payload: Buffer, phase: Beginning): Phase {
    switch (phase.at) {
      case 'first':
        return this.#begin(payload)
      case 'definitions':
        this.#columns.push(decodeColumn(payload))
        return phase.left > 1 ? { ...phase, left: phase.left - 1 } : { at: 'definitions end' }
      case 'definitions end':
        this.#cells = this.#wish.cells(this.#result, this.#columns)
        return { at: 'rows' }
    }
  }

  #begin(payload: Buffer): Phase {
    const first = payload[0]
    if (first === MARKER.ok) return this.#next(decodeOk(payload).status)
    const hasColumns = first !== MARKER.localInfile && first !== MARKER.eof
    if (!hasColumns) return { at: 'first' }
    this.#columns = []
    return { at: 'definitions', left: Number(new PayloadReader(payload).lenenc()) }
  }

  #rewriteError(packet: Buffer, payload: Buffer): Buffer {
    this.#phase = { at: 'first' }
    const told = this.#wish.error?.(this.#result, decodeErr(payload))
    return told ? numbered(encodeErr(told), packet.readUInt8(3)) : packet
  }

  #next(status: number): Phase {
    if (hasMoreResults(status)) this.#result += 1
    return { at: 'first' }
  }

  #rewriteRow(payload: Buffer, cells: readonly (CellRewrite | undefined)[]): Buffer {
    if (cells.length !== this.#columns.length) {
      throw new PacketViolation('a result has other columns than were judged')
    }
    return this.#wish.format === 'text'
      ? rewriteText(payload, cells)
      : rewriteBinary(payload, cells, this.#columns)
  }
}

const NOTHING = Buffer.alloc(0)

/** Throws where a payload goes on in another packet: masked rows are not collected beyond one. */
function packetEnd(bytes: Buffer, at: number): number | undefined {
  if (bytes.length - at < HEADER_BYTES) return undefined
  const length = bytes.readUIntLE(at, 3)
  if (length === MAX_CHUNK_BYTES) {
    throw new PacketViolation('a row of 16 MB or more can not be masked')
  }
  return at + HEADER_BYTES + length
}

function numbered(payload: Buffer, sequence: number): Buffer {
  if (payload.length >= MAX_CHUNK_BYTES) {
    throw new PacketViolation('a row of 16 MB or more can not be masked')
  }
  const head = Buffer.alloc(HEADER_BYTES)
  head.writeUIntLE(payload.length, 0, 3)
  head.writeUInt8(sequence, 3)
  return Buffer.concat([head, payload])
}

const NULL_TEXT = Buffer.of(MARKER.localInfile)

function rewriteText(payload: Buffer, cells: readonly (CellRewrite | undefined)[]): Buffer {
  const reader = new PayloadReader(payload)
  const parts = cells.map((rewrite) => {
    const value = reader.lenencBytesOrNull()
    const shown = value !== null && rewrite ? rewrite(value) : value
    return shown === null ? NULL_TEXT : lenencBytes(shown)
  })
  return Buffer.concat(parts)
}

/** The marker, a bitmap of NULLs whose first two bits are reserved, the values that are none. */
function rewriteBinary(
  payload: Buffer,
  cells: readonly (CellRewrite | undefined)[],
  columns: readonly Column[],
): Buffer {
  const reader = new PayloadReader(payload, 1)
  const nulls = reader.bytes((columns.length + 2 + 7) >> 3)
  const values = columns.map(({ type }, at) => {
    const bit = at + 2
    if ((((nulls[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) return null
    return rewriteValue(reader, type, cells[at])
  })
  const kept = values.filter((value) => value !== null)
  return Buffer.concat([payload.subarray(0, 1), nullBitmap(values, 2), ...kept])
}

function rewriteValue(
  reader: PayloadReader,
  type: number,
  rewrite: CellRewrite | undefined,
): Buffer | null {
  const bytes = FIXED_BYTES.get(type)
  if (bytes !== undefined) return shownOf(reader.bytes(bytes), rewrite)
  if (LENGTH_BYTE.has(type)) {
    const length = reader.uint8()
    return shownOf(Buffer.concat([Buffer.of(length), reader.bytes(length)]), rewrite)
  }
  const value = reader.lenencBytes()
  const shown = rewrite ? rewrite(value) : value
  return shown === null ? null : lenencBytes(shown)
}

/** What is no text shows as it is, or as nothing. */
function shownOf(value: Buffer, rewrite: CellRewrite | undefined): Buffer | null {
  return rewrite ? null : value
}

const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [FIELD_TYPE.null, 0],
  [FIELD_TYPE.tiny, 1],
  [FIELD_TYPE.short, 2],
  [FIELD_TYPE.year, 2],
  [FIELD_TYPE.long, 4],
  [FIELD_TYPE.int24, 4],
  [FIELD_TYPE.float, 4],
  [FIELD_TYPE.longLong, 8],
  [FIELD_TYPE.double, 8],
])
const LENGTH_BYTE: ReadonlySet<number> = new Set([
  FIELD_TYPE.date,
  FIELD_TYPE.datetime,
  FIELD_TYPE.timestamp,
  FIELD_TYPE.time,
])
