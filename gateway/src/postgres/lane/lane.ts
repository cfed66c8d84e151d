import { AnswerCutter, type AnswerSeen } from '@articdbm/wire/postgres'
import type { Lease } from '../../pool/pool.ts'
import type { PostgresConnection } from '../backend/connection.ts'
import { noteFailure, PLAN_OUTDATED, STATEMENT_GONE } from '../quick/note-failure.ts'
import { prefixFor } from '../quick/prefix.ts'
import type { QuickRequest } from '../quick/request.ts'

/** A longer answer is passed on while it comes; a shorter one once it is whole, so that it can still be asked again. */
const MAX_HELD_BYTES = 65_536
const CANCELLED = '57014'

export interface LaneListener {
  /** Requests without an answer, through no fault of theirs, and without a trace: they may be sent again. */
  returned(requests: readonly QuickRequest[]): void
  /** There is room on this lane. */
  free(lane: Lane): void
  over(lane: Lane): void
}

interface Sent {
  request: QuickRequest
  /** Answers at its beginning that its client must not see. */
  readonly hidden: number
}

/** One backend connection that answers short statements of many clients, one behind the other. */
export class Lane {
  readonly #lease: Lease<PostgresConnection>
  readonly #connection: PostgresConnection
  readonly #listener: LaneListener
  readonly #cutter: AnswerCutter
  readonly openedMs = performance.now()
  /** The backend has been at the first request for too long: seen now and then, not with each request. */
  isStuck = false
  #sent: Sent[] = []
  #outgoing: Buffer[] = []
  #gathered = 0
  #held: Buffer[] = []
  #heldBytes = 0
  /** The client of the first request has got a part of its answer. */
  #isPassing = false
  /** Since when the backend is at the first request. */
  #sinceMs = performance.now()
  #cancel: { readonly request: QuickRequest; hasArrived: boolean } | undefined
  #isOver = false

  constructor(lease: Lease<PostgresConnection>, listener: LaneListener) {
    this.#lease = lease
    this.#connection = lease.connection
    this.#listener = listener
    this.#cutter = new AnswerCutter({
      take: (bytes, isEnd) => this.#take(bytes, isEnd),
      told: (frame) => this.#connection.noteParameter(frame),
    })
    this.#connection.isReusable = false
    this.#connection.readBy((chunk) => this.#read(chunk))
    this.#connection.onActivity = () => {
      if (this.#connection.isLost) this.#lose()
    }
  }

  /** Requests that wait for their answer here. */
  get depth(): number {
    return this.#sent.length
  }

  get isOpen(): boolean {
    return !this.#isOver && this.#cancel === undefined
  }

  /** Its next write isn't over yet: who is sent now goes along with it. */
  get batch(): number {
    return this.#gathered
  }

  /** How long the backend has been at the first request, or without one, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#sinceMs
  }

  /** Everything that is sent in one turn shares a write. */
  send(request: QuickRequest): void {
    request.tries += 1
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush())
    const { frames, hidden } = prefixFor(request.prepared, this.#connection.prepared)
    this.#outgoing.push(...frames, request.bytes)
    this.#gathered += 1
    this.#sent.push({ request, hidden })
    if (this.#sent.length === 1) this.#begin()
  }

  /**
   * Those that wait behind a slow statement, to be asked elsewhere, each once: on a busy machine everything is slow.
   * What is answered here after all is thrown away.
   */
  takeWaiting(): readonly QuickRequest[] {
    return this.#sent.slice(1).flatMap((sent) => {
      const { request } = sent
      if (request.tries > 1) return []
      sent.request = NOBODY
      return request === NOBODY ? [] : [request]
    })
  }

  /** False: it isn't here. Else resolves when the cancel request can hit nothing that comes later. */
  async cancel(request: QuickRequest): Promise<boolean> {
    if (!this.#sent.some((sent) => sent.request === request)) return false
    if (this.#cancel) return true
    this.#cancel = { request, hasArrived: false }
    // Could it still arrive, it would hit whoever has the connection then.
    if (await this.#connection.cancel()) this.#cancel.hasArrived = true
    else this.#connection.close()
    this.#settleCancel()
    return true
  }

  /** Gives the connection back: only when nothing is under way. */
  release(): void {
    if (this.isOpen && this.#sent.length === 0) this.#end(this.#connection.isOpen)
  }

  #flush(): void {
    const outgoing = this.#outgoing
    this.#outgoing = []
    this.#gathered = 0
    const [only] = outgoing
    if (!only || this.#isOver) return
    this.#connection.writeNow(outgoing.length === 1 ? only : Buffer.concat(outgoing))
  }

  #begin(): void {
    const [first] = this.#sent
    this.#sinceMs = performance.now()
    this.isStuck = false
    this.#cutter.begin(first !== undefined, first?.hidden ?? 0)
  }

  #read(chunk: Buffer): void {
    try {
      this.#cutter.cut(Buffer.from(chunk))
    } catch {
      this.#lose()
    }
  }

  #take(bytes: Buffer, isEnd: boolean): void {
    if (!isEnd && !this.#isPassing && this.#heldBytes + bytes.length <= MAX_HELD_BYTES) {
      this.#held.push(bytes)
      this.#heldBytes += bytes.length
      return
    }
    if (isEnd) this.#finish(bytes)
    else this.#pass(bytes)
  }

  /** Of a long answer; a client without room makes the backend wait. */
  #pass(bytes: Buffer): void {
    const [first] = this.#sent
    this.#isPassing = true
    if (!first || first.request.answer(this.#withHeld(bytes))) return
    this.#connection.pause()
    void first.request.drained().then(() => this.#connection.resume())
  }

  #finish(bytes: Buffer): void {
    const first = this.#sent.shift()
    const { seen, hidden } = this.#cutter
    const whole = this.#withHeld(bytes)
    const serviceMs = this.ageMs
    const mayRepeat =
      !this.#isPassing && first !== undefined && this.#isWronged(first.request, seen)
    this.#isPassing = false
    this.#begin()
    if (!first) return
    if (seen.sqlState !== '')
      noteFailure(first.request, this.#connection.prepared, { seen, hidden })
    if (mayRepeat) this.#listener.returned([first.request])
    else {
      first.request.answer(whole)
      first.request.ended(seen, serviceMs)
    }
    if (this.#cancel) this.#settleCancel()
    else this.#listener.free(this)
  }

  /** It failed by what others did: a cancel that was meant for a neighbour, a plan that no longer fits its table. */
  #isWronged(request: QuickRequest, { sqlState }: AnswerSeen): boolean {
    if (sqlState === CANCELLED) {
      return this.#cancel !== undefined && request !== this.#cancel.request
    }
    const isOutdated = sqlState === PLAN_OUTDATED || sqlState === STATEMENT_GONE
    return isOutdated && request.prepared !== undefined && request.tries === 1
  }

  #withHeld(bytes: Buffer): Buffer {
    if (this.#held.length === 0) return bytes
    const whole = Buffer.concat([...this.#held, bytes])
    this.#held = []
    this.#heldBytes = 0
    return whole
  }

  /** The cancel request has arrived, and everybody who was here then has an answer. */
  #settleCancel(): void {
    if (!this.#cancel?.hasArrived || this.#sent.length > 0) return
    this.#cancel = undefined
    if (!this.#isOver) this.#listener.free(this)
  }

  /** What was read only may be asked again by another way, unless its client has a part of the answer. */
  #lose(): void {
    if (this.#isOver) return
    const sent = this.#sent
    const torn = this.#isPassing ? sent.shift() : undefined
    this.#sent = []
    this.#end(false)
    torn?.request.failed(undefined, true)
    const left = sent.map(({ request }) => request).filter((request) => request !== NOBODY)
    if (left.length > 0) this.#listener.returned(left)
  }

  #end(isUsable: boolean): void {
    this.#isOver = true
    this.#connection.watchIdle()
    this.#connection.prepared.unnamed = undefined
    this.#connection.isReusable = isUsable
    if (!isUsable) this.#connection.close()
    this.#lease[Symbol.dispose]()
    this.#listener.over(this)
  }
}

/** Has the place of a request that was taken elsewhere. */
const NOBODY: QuickRequest = {
  bytes: Buffer.alloc(0),
  prepared: undefined,
  tries: 0,
  answer: () => true,
  drained: () => Promise.resolve(),
  ended: () => undefined,
  failed: () => undefined,
}
