import {
  decodeEof,
  decodeErr,
  decodeOk,
  decodePreparedOk,
  type Err,
  hasMoreResults,
  isEof,
} from './answer.ts'
import { MARKER, STATUS } from './constants.ts'
import { type Glimpse, PacketScanner } from './packet-scanner.ts'
import { PayloadReader } from './payload-reader.ts'
import { PacketViolation } from './violation.ts'

/** What kind of answer a command gets. */
export type AnswerKind = 'results' | 'prepared' | 'rows' | 'columns' | 'ok'

/** One result of possibly several in an answer. */
export interface Result {
  readonly rows: number
  readonly affectedRows: bigint
  readonly lastInsertId: bigint
  readonly status: number
  readonly warnings: number
}

export interface AnswerListener {
  onResult(result: Result): void
  onError(err: Err): void
  /** LOAD DATA LOCAL: the client's packets follow. Throws where nobody asked for this file. */
  onFileRequest(name: Buffer): void
}

type Phase =
  | { readonly at: 'first' }
  | { readonly at: 'definitions'; readonly left: number; readonly next: Phase }
  | { readonly at: 'definitions end'; readonly next: Phase }
  | { readonly at: 'rows' }
  | { readonly at: 'field list' }
  | { readonly at: 'end' }

const FIRST: Phase = { at: 'first' }
const ROWS: Phase = { at: 'rows' }
const END: Phase = { at: 'end' }

/** Follows one answer of a backend (without CLIENT_DEPRECATE_EOF) to its end, whatever its size. */
export class AnswerScanner {
  readonly #packets: PacketScanner
  readonly #kind: AnswerKind
  readonly #listener: AnswerListener
  #phase: Phase
  #rows = 0

  constructor(kind: AnswerKind, listener: AnswerListener, firstSequence = 1) {
    this.#kind = kind
    this.#listener = listener
    this.#phase = startOf(kind)
    this.#packets = new PacketScanner(
      {
        wantsPayload: (first, bytes) => this.#wantsPayload(first, bytes),
        onPayload: (glimpse) => {
          this.#phase = this.#take(glimpse)
        },
      },
      firstSequence,
    )
  }

  get isEnded(): boolean {
    return this.#phase.at === 'end'
  }

  get nextSequence(): number {
    return this.#packets.nextSequence
  }

  /** The client has sent packets of its own meanwhile. */
  set nextSequence(sequence: number) {
    this.#packets.nextSequence = sequence
  }

  /** True when what was passed on so far is whole packets: an ERR may follow it. */
  get isAtBoundary(): boolean {
    return this.#packets.isAtBoundary
  }

  /** Renumbers the packets in place. Throws PacketViolation when the backend doesn't keep to the protocol. */
  scan(bytes: Buffer): void {
    this.#packets.scan(bytes)
  }

  #wantsPayload(first: number, bytes: number): boolean {
    if (this.#phase.at === 'rows') return first === MARKER.error || isEof(first, bytes)
    return this.#phase.at !== 'definitions'
  }

  /** Gives the phase that follows. */
  #take(glimpse: Glimpse): Phase {
    const phase = this.#phase
    switch (phase.at) {
      case 'first':
        return this.#takeFirst(glimpse)
      case 'definitions':
        return phase.left > 1
          ? { ...phase, left: phase.left - 1 }
          : { at: 'definitions end', next: phase.next }
      case 'definitions end':
        return this.#takeDefinitionsEnd(glimpse, phase.next)
      case 'rows':
      case 'field list':
        return this.#takeRow(glimpse)
      case 'end':
        throw new PacketViolation('the backend goes on after the end of its answer')
    }
  }

  #takeFirst(glimpse: Glimpse): Phase {
    const payload = kept(glimpse)
    if (glimpse.firstByte === MARKER.error) return this.#fail(payload)
    if (this.#kind === 'prepared') return this.#takePrepared(payload)
    if (glimpse.firstByte === MARKER.ok) return this.#takeOk(payload)
    if (isEof(glimpse.firstByte, glimpse.payloadBytes)) return this.#endRows(payload)
    if (this.#kind === 'ok') throw new PacketViolation('an answer that is neither OK nor ERR')
    if (glimpse.firstByte === MARKER.localInfile) {
      this.#listener.onFileRequest(payload.subarray(1))
      return FIRST
    }
    const left = Number(new PayloadReader(payload).lenenc())
    return { at: 'definitions', left, next: ROWS }
  }

  #takeOk(payload: Buffer): Phase {
    const ok = decodeOk(payload)
    this.#listener.onResult({ rows: 0, ...ok })
    return hasMoreResults(ok.status) ? FIRST : END
  }

  #takePrepared(payload: Buffer): Phase {
    const { columns, parameters } = decodePreparedOk(payload)
    const next = definitions(parameters, definitions(columns, END))
    return next === END ? this.#finishPrepared() : next
  }

  #takeDefinitionsEnd(glimpse: Glimpse, next: Phase): Phase {
    if (!isEof(glimpse.firstByte, glimpse.payloadBytes)) {
      throw new PacketViolation('column definitions without an end')
    }
    if (this.#kind === 'prepared') return next === END ? this.#finishPrepared() : next
    // With a cursor the rows come by COM_STMT_FETCH.
    const payload = kept(glimpse)
    const hasCursor = (decodeEof(payload).status & STATUS.cursorExists) !== 0
    return hasCursor ? this.#endRows(payload) : next
  }

  #takeRow(glimpse: Glimpse): Phase {
    if (glimpse.payload !== undefined && glimpse.firstByte === MARKER.error) {
      return this.#fail(glimpse.payload)
    }
    if (isEof(glimpse.firstByte, glimpse.payloadBytes)) return this.#endRows(kept(glimpse))
    this.#rows += 1
    return this.#phase
  }

  #endRows(payload: Buffer): Phase {
    const eof = decodeEof(payload)
    const rows = this.#rows
    this.#rows = 0
    this.#listener.onResult({ rows, affectedRows: 0n, lastInsertId: 0n, ...eof })
    return hasMoreResults(eof.status) ? FIRST : END
  }

  #finishPrepared(): Phase {
    const nothing = { rows: 0, affectedRows: 0n, lastInsertId: 0n, warnings: 0 }
    this.#listener.onResult({ ...nothing, status: STATUS.autocommit })
    return END
  }

  #fail(payload: Buffer): Phase {
    this.#listener.onError(decodeErr(payload))
    return END
  }
}

function startOf(kind: AnswerKind): Phase {
  if (kind === 'rows') return ROWS
  return kind === 'columns' ? { at: 'field list' } : FIRST
}

function definitions(count: number, next: Phase): Phase {
  return count === 0 ? next : { at: 'definitions', left: count, next }
}

function kept(glimpse: Glimpse): Buffer {
  if (glimpse.payload === undefined)
    throw new PacketViolation('a packet longer than its kind allows')
  return glimpse.payload
}
