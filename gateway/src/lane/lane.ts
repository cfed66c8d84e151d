import { StatementCancelled } from '@articdbm/contract'
import type { BackendConnection, Lease } from '../pool/pool.ts'
import type { Fate, Line, LineListener } from './line.ts'
import type { LaneRequest } from './request.ts'

/** A longer answer is passed on while it comes; a shorter one once it is whole, so that it can still be asked again. */
const MAX_HELD_BYTES = 65_536

export interface LaneListener<R, L> {
  /** Requests without an answer, through no fault of theirs, and without a trace: they may be sent again. */
  returned(requests: readonly R[]): void
  /** There is room on this lane. */
  free(lane: L): void
  over(lane: L): void
}

interface Sent<R> {
  readonly request: R
  /** Answers at its beginning that its client must not see. */
  readonly hidden: number
  /** It is asked elsewhere by now: what is answered here is thrown away. */
  isTaken: boolean
}

/** One backend connection that answers short statements of many clients, one behind the other. */
export class Lane<Seen, R extends LaneRequest<Seen>> {
  readonly #lease: Lease<BackendConnection>
  readonly #line: Line<Seen, R>
  readonly #listener: LaneListener<R, Lane<Seen, R>>
  readonly openedMs = performance.now()
  /** The backend has been at the first request for too long: seen now and then, not with each request. */
  isStuck = false
  #sent: Sent<R>[] = []
  #outgoing: Buffer[] = []
  #gathered = 0
  #held: Buffer[] = []
  #heldBytes = 0
  /** The client of the first request has got a part of its answer. */
  #isPassing = false
  /** Since when the backend is at the first request. */
  #sinceMs = performance.now()
  #cancel: { readonly request: R; hasArrived: boolean } | undefined
  #isOver = false

  constructor(
    lease: Lease<BackendConnection>,
    openLine: (listener: LineListener) => Line<Seen, R>,
    listener: LaneListener<R, Lane<Seen, R>>,
  ) {
    this.#lease = lease
    this.#listener = listener
    this.#line = openLine({
      take: (bytes, isEnd) => this.#take(bytes, isEnd),
      lost: () => this.#lose(),
    })
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
  send(request: R): void {
    request.tries += 1
    this.#ask(request)
  }

  /**
   * Those that wait behind a slow statement, to be asked elsewhere, each once: on a busy machine everything is slow.
   * What is answered here after all is thrown away.
   */
  takeWaiting(): readonly R[] {
    return this.#sent.slice(1).flatMap((sent) => {
      if (sent.isTaken || sent.request.tries > 1) return []
      sent.isTaken = true
      return [sent.request]
    })
  }

  /** False: it isn't here. Else resolves when the cancel request can hit nothing that comes later. */
  async cancel(request: R): Promise<boolean> {
    if (!this.#sent.some((sent) => sent.request === request && !sent.isTaken)) return false
    if (this.#cancel) return true
    this.#cancel = { request, hasArrived: false }
    // Could it still arrive, it would hit whoever has the connection then.
    if (await this.#line.cancel()) this.#cancel.hasArrived = true
    else this.#lease.connection.close()
    this.#settleCancel()
    return true
  }

  /** Gives the connection back: only when nothing is under way. */
  release(): void {
    if (this.isOpen && this.#sent.length === 0) this.#end(this.#lease.connection.isOpen)
  }

  #ask(request: R): void {
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush())
    const hidden = this.#line.ask(request, this.#outgoing)
    this.#gathered += 1
    this.#sent.push({ request, hidden, isTaken: false })
    if (this.#sent.length === 1) this.#begin()
  }

  #flush(): void {
    const outgoing = this.#outgoing
    this.#outgoing = []
    this.#gathered = 0
    const [only] = outgoing
    if (!only || this.#isOver) return
    this.#line.write(outgoing.length === 1 ? only : Buffer.concat(outgoing))
  }

  #begin(): void {
    this.#sinceMs = performance.now()
    this.isStuck = false
    this.#line.expect(this.#sent[0]?.hidden)
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
    const part = this.#withHeld(bytes)
    if (!first || first.isTaken || first.request.answer(part)) return
    this.#line.pause()
    void first.request.drained().then(() => this.#line.resume())
  }

  #finish(bytes: Buffer): void {
    const first = this.#sent.shift()
    const whole = this.#withHeld(bytes)
    if (!first) return
    const { seen } = this.#line
    const serviceMs = this.ageMs
    const fate = this.#conclude(first)
    this.#begin()
    if (fate === 'answered' && !first.isTaken) {
      first.request.answer(whole)
      first.request.ended(seen, serviceMs)
    } else if (!first.isTaken) this.#askAgain(first.request, fate)
    if (this.#cancel) this.#settleCancel()
    else this.#listener.free(this)
  }

  #conclude({ request, hidden }: Sent<R>): Fate {
    const isBystander = this.#cancel !== undefined && this.#cancel.request !== request
    const hasPassed = this.#isPassing
    this.#isPassing = false
    const fate = this.#line.conclude({ request, hidden, isBystander })
    return hasPassed ? 'answered' : fate
  }

  #askAgain(request: R, fate: Fate): void {
    if (this.#cancel?.request === request) request.failed(new StatementCancelled(), false)
    else if (fate === 'ask here' && this.isOpen) this.#ask(request)
    else this.#listener.returned([request])
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
    if (!this.#cancel?.hasArrived || this.#sent.length > 0 || this.#isOver) return
    this.#cancel = undefined
    if (this.#line.outlivesCancel) this.#listener.free(this)
    else this.#end(false)
  }

  /** What was read only may be asked again by another way, unless its client has a part of the answer. */
  #lose(): void {
    if (this.#isOver) return
    const sent = this.#sent
    const torn = this.#isPassing ? sent.shift() : undefined
    this.#sent = []
    this.#end(false)
    if (torn && !torn.isTaken) torn.request.failed(undefined, true)
    const left = sent.filter(({ isTaken }) => !isTaken).map(({ request }) => request)
    if (left.length > 0) this.#listener.returned(left)
  }

  #end(isUsable: boolean): void {
    this.#isOver = true
    this.#line.leave(isUsable)
    if (!isUsable) this.#lease.connection.close()
    this.#lease[Symbol.dispose]()
    this.#listener.over(this)
  }
}
