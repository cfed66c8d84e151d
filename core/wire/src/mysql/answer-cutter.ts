// Cuts what a backend says into the answers of the commands that were sent to it one behind the other, without
// CLIENT_DEPRECATE_EOF. Rows are passed over, never decoded.
import { decodeErr, decodePreparedOk, hasMoreResults, isEof, isInTransaction } from './answer.ts'
import { MARKER } from './constants.ts'
import { HEADER_BYTES, MAX_CHUNK_BYTES } from './packet.ts'
import { PayloadReader } from './payload-reader.ts'
import { PacketViolation } from './violation.ts'

/** What was seen of the answer under way. */
export interface AnswerSeen {
  rows: number
  /** Of its ERR, 0 where there was none. */
  errno: number
  warnings: number
  /** The backend's id of a statement that was prepared. */
  statementId: number
}

export interface AnswerSink {
  /** The next bytes of the answer under way; with `isEnd` its last, behind which the next answer begins. */
  take(bytes: Buffer, isEnd: boolean): void
}

/** A result set of one statement, or what a PREPARE is answered. */
export type CutKind = 'result' | 'prepared'

/** OK, ERR, EOF and a column count, and the beginning of a row that tells it from these. */
const MAX_COLLECTED_BYTES = 65_536
const EOF_BYTES = 5
const NOTHING = Buffer.alloc(0)

const UNASKED = 0
const FIRST = 1
const DEFINITIONS = 2
const DEFINITIONS_END = 3
const ROWS = 4

export class AnswerCutter {
  readonly #sink: AnswerSink
  #partial: Buffer | undefined
  #phase = UNASKED
  #kind: CutKind = 'result'
  #definitionsLeft = 0
  /** Of what a PREPARE is answered, behind the definitions of its parameters. */
  #columnsLeft = 0
  /** Bytes of a row or definition that are still to come. */
  #skip = 0
  /** The packet before was full: the payload goes on in the next. */
  #isContinued = false
  seen: AnswerSeen = unseen()

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  /** Before the first byte of each answer. Undefined: nobody asked. */
  expect(kind: CutKind | undefined): void {
    this.#phase = kind === undefined ? UNASKED : FIRST
    this.#kind = kind ?? 'result'
    this.seen = unseen()
  }

  /** Throws PacketViolation: then nothing that follows can be believed. */
  cut(chunk: Buffer): void {
    const bytes = this.#partial ? Buffer.concat([this.#partial, chunk]) : chunk
    this.#partial = undefined
    let at = Math.min(this.#skip, bytes.length)
    this.#skip -= at
    let from = 0
    while (bytes.length - at >= HEADER_BYTES) {
      const size = sizeAt(bytes, at)
      const end = at + HEADER_BYTES + size
      const firstByte = this.#isContinued || size === 0 ? -1 : bytes[at + HEADER_BYTES]
      if (firstByte === undefined) break
      if (this.#mayPassOver(firstByte, size)) {
        this.#skip = Math.max(0, end - bytes.length)
        at = Math.min(end, bytes.length)
        continue
      }
      if (end > bytes.length) break
      at = end
      if (this.#takeControl(bytes, end - size, end)) from = this.#end(bytes, from, end)
    }
    if (at > from) this.#pass(bytes.subarray(from, at))
    if (at < bytes.length) this.#keep(bytes.subarray(at))
  }

  /** A row, a definition, or what goes on of one: counted and not looked at. */
  #mayPassOver(firstByte: number, size: number): boolean {
    const isFull = size === MAX_CHUNK_BYTES
    if (this.#isContinued) {
      this.#isContinued = isFull
      return true
    }
    if (firstByte < 0) throw new PacketViolation('an empty packet in an answer')
    if (firstByte === MARKER.error) return false
    if (this.#phase === ROWS) {
      if (isEof(firstByte, size)) return false
      this.seen.rows += 1
    } else if (this.#phase === DEFINITIONS) {
      this.#definitionsLeft -= 1
      if (this.#definitionsLeft === 0) this.#phase = DEFINITIONS_END
    } else {
      return false
    }
    this.#isContinued = isFull
    return true
  }

  /** True where the answer ends with this payload. */
  #takeControl(bytes: Buffer, start: number, end: number): boolean {
    if (this.#phase === UNASKED) throw new PacketViolation('the backend answers what nobody asked')
    if (bytes[start] === MARKER.error) return this.#fail(bytes.subarray(start, end))
    if (this.#phase === FIRST) return this.#takeFirst(bytes.subarray(start, end))
    if (bytes[start] !== MARKER.eof || end - start !== EOF_BYTES) {
      throw new PacketViolation('no EOF where one was due')
    }
    if (this.#phase === ROWS) return this.#takeEnd(bytes, start)
    if (this.#kind === 'prepared') return this.#expectDefinitions(0)
    this.#phase = ROWS
    return false
  }

  #fail(payload: Buffer): boolean {
    if (this.#kind === 'prepared' && this.#phase !== FIRST) {
      throw new PacketViolation('an error behind the OK of a PREPARE')
    }
    this.seen.errno = decodeErr(payload).errno
    return true
  }

  #takeFirst(payload: Buffer): boolean {
    if (this.#kind === 'prepared') {
      const { statementId, parameters, columns } = decodePreparedOk(payload)
      this.seen.statementId = statementId
      this.#columnsLeft = columns
      return this.#expectDefinitions(parameters)
    }
    this.#definitionsLeft = Number(new PayloadReader(payload).lenenc())
    if (this.#definitionsLeft === 0) throw new PacketViolation('a read without a result set')
    this.#phase = DEFINITIONS
    return false
  }

  /** True where none are left, of parameters and of columns. */
  #expectDefinitions(count: number): boolean {
    this.#definitionsLeft = count === 0 ? this.#columnsLeft : count
    if (count === 0) this.#columnsLeft = 0
    this.#phase = DEFINITIONS
    return this.#definitionsLeft === 0
  }

  #takeEnd(bytes: Buffer, start: number): boolean {
    const status = bytes.readUInt16LE(start + 3)
    if (isInTransaction(status)) throw new PacketViolation('a transaction is open')
    if (hasMoreResults(status)) throw new PacketViolation('more results than statements')
    this.seen.warnings = bytes.readUInt16LE(start + 1)
    return true
  }

  /** Answers with where the bytes begin that weren't given to the sink yet. */
  #end(bytes: Buffer, from: number, end: number): number {
    const isHidden = this.#kind === 'prepared' && this.seen.errno === 0
    this.#phase = UNASKED
    this.#sink.take(isHidden ? NOTHING : bytes.subarray(from, end), true)
    return end
  }

  /** What a PREPARE is answered, but for an ERR, is for nobody but the lane. */
  #pass(bytes: Buffer): void {
    if (this.#kind === 'result') this.#sink.take(bytes, false)
  }

  #keep(rest: Buffer): void {
    if (rest.length > MAX_COLLECTED_BYTES)
      throw new PacketViolation('a packet longer than its kind allows')
    this.#partial = Buffer.from(rest)
  }
}

function unseen(): AnswerSeen {
  return { rows: 0, errno: 0, warnings: 0, statementId: 0 }
}

/** Without a call into the buffer's own methods: there are several for each answer. */
function sizeAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
}
