// Cuts what a backend says into the answers of the requests that were sent to it one behind the other.
import { decodeBackend } from './decode-backend.ts'
import { MalformedMessage } from './malformed.ts'
import { BACKEND } from './message.ts'

/** What was seen of the answer under way. */
export interface AnswerSeen {
  rows: number
  /** Of its ErrorResponse, '' where there was none. */
  sqlState: string
}

export interface AnswerSink {
  /** The next bytes of the answer under way; with `isEnd` its last, behind which the next answer begins. */
  take(bytes: Buffer, isEnd: boolean): void
}

const HEADER_BYTES = 5
const MAX_COLLECTED_BYTES = 1 << 20
const IDLE = 0x49

export class AnswerCutter {
  readonly #sink: AnswerSink
  #partial: Buffer | undefined
  /** Bytes of a DataRow that are still to come. */
  #rowLeft = 0
  seen: AnswerSeen = { rows: 0, sqlState: '' }
  /** How many ParseComplete and CloseComplete come first that the client didn't ask for. */
  hidden = 0
  /** False: nobody asked; only notices and settings may come. */
  isAsked = false

  constructor(sink: AnswerSink) {
    this.#sink = sink
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
    }
    if (at > from) this.#pass(bytes.subarray(from, at), false)
    if (at < bytes.length) this.#keep(bytes.subarray(at))
  }

  /** Answers with where the bytes begin that weren't given to the sink yet. */
  #takeFrame(
    bytes: Buffer,
    { code, from, at, end }: { code: number; from: number; at: number; end: number },
  ): number {
    switch (code) {
      case BACKEND.readyForQuery:
        if (bytes[at + HEADER_BYTES] !== IDLE) throw new MalformedMessage('a transaction is open')
        this.#pass(bytes.subarray(from, end), true)
        return end
      case BACKEND.errorResponse:
        this.seen.sqlState = sqlStateOf(bytes.subarray(at, end))
        return from
      case BACKEND.parseComplete:
      case BACKEND.closeComplete:
        if (this.hidden === 0) return from
        this.hidden -= 1
        return this.#hide(bytes, { from, at, end })
      case BACKEND.notificationResponse:
      case BACKEND.parameterStatus:
        return this.#hide(bytes, { from, at, end })
      case BACKEND.noticeResponse:
        return this.isAsked ? from : this.#hide(bytes, { from, at, end })
      default:
        if (!ANSWERS.has(code)) throw new MalformedMessage(`unexpected backend message ${code}`)
        return from
    }
  }

  #hide(bytes: Buffer, { from, at, end }: { from: number; at: number; end: number }): number {
    if (at > from) this.#pass(bytes.subarray(from, at), false)
    return end
  }

  #pass(bytes: Buffer, isEnd: boolean): void {
    if (!this.isAsked) throw new MalformedMessage('the backend answers what nobody asked')
    this.#sink.take(bytes, isEnd)
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
  BACKEND.commandComplete,
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
