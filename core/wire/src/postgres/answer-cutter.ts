// Cuts what a backend says into the answers of the requests that were sent to it one behind the other.
import { rowsOfTag } from './command-tag.ts'
import { decodeBackend, statusOf } from './decode-backend.ts'
import { MalformedMessage } from './malformed.ts'
import { BACKEND, type TransactionStatus } from './message.ts'

/** What was seen of the answer under way. */
export interface AnswerSeen {
  /** Given, or else changed. */
  rows: number
  /** Of its ErrorResponse, '' where there was none. */
  sqlState: string
  /** At its end. */
  status: TransactionStatus
}

export interface AnswerSink {
  /**
   * The next bytes of the answer under way; with `isEnd` its last, behind which the next answer begins. On a
   * connection of one's own `behind` is what came after that.
   */
  take(bytes: Buffer, isEnd: boolean, behind: Buffer): void
  /** A ParameterStatus; on a connection of one's own it is a part of the answer, too. */
  told?(frame: Buffer): void
}

/**
 * `shared`: what the server says by itself is for nobody, and no transaction may be open at an answer's end.
 * `own`: one client has the connection, and gets everything.
 */
export type Sharing = 'shared' | 'own'

const NOTHING: Buffer = Buffer.alloc(0)
const HEADER_BYTES = 5
const MAX_COLLECTED_BYTES = 1 << 20
export class AnswerCutter {
  readonly #sink: AnswerSink
  readonly #isShared: boolean
  #partial: Buffer | undefined
  /** Bytes of a DataRow that are still to come. */
  #rowLeft = 0
  seen: AnswerSeen = { rows: 0, sqlState: '', status: 'idle' }
  /** How many ParseComplete and CloseComplete come first that the client didn't ask for. */
  hidden = 0
  /** False: nobody asked; only notices and settings may come. */
  isAsked = false

  constructor(sink: AnswerSink, sharing: Sharing = 'shared') {
    this.#sink = sink
    this.#isShared = sharing === 'shared'
  }

  /** An answer begins. `hidden`: see there. */
  begin(isAsked: boolean, hidden: number): void {
    this.isAsked = isAsked
    this.hidden = hidden
    this.seen = { rows: 0, sqlState: '', status: 'idle' }
  }

  /** Throws MalformedMessage: then nothing that follows can be believed. */
  cut(chunk: Buffer): void {
    const bytes = this.#partial ? Buffer.concat([this.#partial, chunk]) : chunk
    this.#partial = undefined
    let at = Math.min(this.#rowLeft, bytes.length)
    this.#rowLeft -= at
    let from = 0
    while (bytes.length - at >= HEADER_BYTES) {
      const code = bytes[at] as number
      const end = at + 1 + lengthAt(bytes, at)
      if (code === BACKEND.dataRow) {
        this.seen.rows += 1
        this.#rowLeft = Math.max(0, end - bytes.length)
        at = Math.min(end, bytes.length)
        continue
      }
      if (end > bytes.length) break
      from = this.#takeFrame(bytes, { code, from, at, end })
      at = end
      if (code === BACKEND.readyForQuery && !this.#isShared) return
    }
    if (at > from) this.#give(bytes.subarray(from, at))
    if (at < bytes.length) this.#keep(bytes.subarray(at))
  }

  /** Answers with where the bytes begin that weren't given to the sink yet. */
  #takeFrame(
    bytes: Buffer,
    { code, from, at, end }: { code: number; from: number; at: number; end: number },
  ): number {
    switch (code) {
      case BACKEND.readyForQuery:
        this.#noteStatus(bytes[at + HEADER_BYTES] as number)
        this.#give(bytes.subarray(from, end), true, this.#isShared ? NOTHING : bytes.subarray(end))
        return end
      case BACKEND.commandComplete:
        if (this.seen.rows === 0) this.seen.rows = rowsOfTag(bytes.subarray(at, end))
        return from
      case BACKEND.errorResponse:
        this.seen.sqlState = sqlStateOf(bytes.subarray(at, end))
        return from
      case BACKEND.parseComplete:
      case BACKEND.closeComplete:
        if (this.hidden === 0) return from
        this.hidden -= 1
        return this.#hide(bytes, { from, at, end })
      case BACKEND.parameterStatus:
      case BACKEND.notificationResponse:
        if (code === BACKEND.parameterStatus) this.#sink.told?.(bytes.subarray(at, end))
        return this.#isShared ? this.#hide(bytes, { from, at, end }) : from
      case BACKEND.noticeResponse:
        return this.isAsked ? from : this.#hide(bytes, { from, at, end })
      default:
        if (!ANSWERS.has(code)) throw new MalformedMessage(`unexpected backend message ${code}`)
        return from
    }
  }

  #noteStatus(letter: number): void {
    const status = statusOf(letter)
    if (this.#isShared && status !== 'idle') throw new MalformedMessage('a transaction is open')
    this.seen.status = status
  }

  #hide(bytes: Buffer, { from, at, end }: { from: number; at: number; end: number }): number {
    if (at > from) this.#give(bytes.subarray(from, at))
    return end
  }

  #give(bytes: Buffer, isEnd = false, behind = NOTHING): void {
    if (!this.isAsked) throw new MalformedMessage('the backend answers what nobody asked')
    this.#sink.take(bytes, isEnd, behind)
  }

  #keep(rest: Buffer): void {
    if (rest.length > MAX_COLLECTED_BYTES) throw new MalformedMessage('a frame of over a megabyte')
    this.#partial = Buffer.from(rest)
  }
}

const ANSWERS: ReadonlySet<number> = new Set([
  BACKEND.bindComplete,
  BACKEND.rowDescription,
  BACKEND.parameterDescription,
  BACKEND.noData,
  BACKEND.emptyQueryResponse,
])

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 1)
  if (length < 4 || length > 0x7fff_ffff) throw new MalformedMessage(`frame length ${length}`)
  return length
}

function sqlStateOf(frame: Buffer): string {
  const message = decodeBackend(frame)
  return message?.kind === 'errorResponse' ? (message.fields.get('C') ?? 'XX000') : 'XX000'
}
