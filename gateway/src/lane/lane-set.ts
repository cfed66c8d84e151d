import {
  BackendUnavailable,
  PoolExhausted,
  type SnapshotDatabase,
  StatementCancelled,
} from '@articdbm/contract'
import type { BackendConnection, BackendPool, Lease } from '../pool/pool.ts'
import { Lane } from './lane.ts'
import type { Line, LineListener } from './line.ts'
import type { LaneRequest } from './request.ts'

const MAX_LANES = 4
/** Of a pool's connections, one in this many may be a lane: the others are leased. */
const CONNECTIONS_PER_LANE = 4
/** Beyond this on every lane, one more lane is opened. */
const DEPTH_TO_GROW = 8
const MAX_DEPTH = 64
/** Requests that share a write: more of them would wait on each other rather than on the network. */
const MAX_BATCH = 16
/** A lane that is at one statement for longer is passed by, and those that wait on it go elsewhere. */
const MAX_AGE_MS = 50
const IDLE_MS = 2_000
const LIFETIME_MS = 60_000
const UPKEEP_MS = 25
/** Once held up, once lost. */
const MAX_TRIES = 3

/** Opens lanes on a protocol's connections. */
export type OpenLine<C, Seen, R extends LaneRequest<Seen>> = (
  connection: C,
  listener: LineListener,
) => Line<Seen, R>

export interface LaneSetOptions<C extends BackendConnection> {
  readonly database: SnapshotDatabase
  readonly pool: BackendPool<C>
  /** Gives a connection what the clients of this set have set. Rejects where it can't have that. */
  readonly adopt: (connection: C) => Promise<void>
}

/** The lanes to one backend for clients with the same settings: opened when needed, given back when idle. */
export class LaneSet<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> {
  readonly #options: LaneSetOptions<C>
  readonly #openLine: OpenLine<C, Seen, R>
  readonly #lanes = new Set<Lane<Seen, R>>()
  readonly #ending = new AbortController()
  #waiting: { readonly request: R; readonly sinceMs: number }[] = []
  #isOpening = false
  /** Whether connections can have the settings; nobody waits for a lane before that is known. */
  #isFit: boolean | undefined
  /** Nobody new comes: its database has changed. */
  #isRetired = false
  #upkeep: NodeJS.Timeout | undefined

  constructor(options: LaneSetOptions<C>, openLine: OpenLine<C, Seen, R>) {
    this.#options = options
    this.#openLine = openLine
    // Its lanes are leased; what they carry is what weighs.
    options.pool.weigh(this, () => this.#requests - this.#lanes.size)
  }

  /** False: whoever asks had better lease a connection; the first lane may be opening meanwhile. */
  makeRoom(): boolean {
    if (this.#isRetired || this.#isFit === false) return false
    if (this.#best()) return true
    // A first lane stands in line like everybody else, and they had better not stand behind it.
    const isInLine = this.#lanes.size === 0 && this.#options.pool.figures.waiting > 0
    if (this.#isFit && !isInLine) return this.#mayOpen || this.#isOpening
    if (this.#mayOpen) void this.#open()
    return false
  }

  /** Answers come to the request itself. */
  send(request: R): void {
    this.#keepUp()
    const lane = this.#best()
    if (lane) lane.send(request)
    else this.#waiting.push({ request, sinceMs: performance.now() })
    if ((!lane || lane.depth > DEPTH_TO_GROW) && this.#mayOpen) void this.#open()
    else if (!lane && this.#lanes.size === 0 && !this.#isOpening) this.#refuseWaiting(undefined)
  }

  /** Resolves when the cancel can hit nothing else any more. */
  async cancel(request: R): Promise<void> {
    const at = this.#waiting.findIndex((waiting) => waiting.request === request)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      request.failed(new StatementCancelled(), false)
      return
    }
    for (const lane of this.#lanes) if (await lane.cancel(request)) return
  }

  /** Who waits here is answered yet; lanes end as they run empty. */
  retire(): void {
    this.#isRetired = true
    this.#options.pool.weigh(this, undefined)
    for (const lane of [...this.#lanes]) lane.release()
  }

  /** The door closes: nobody waits any more. */
  close(): void {
    this.retire()
    this.#ending.abort()
    clearInterval(this.#upkeep)
    this.#refuseWaiting(undefined)
  }

  get #requests(): number {
    let count = this.#waiting.length
    for (const lane of this.#lanes) count += lane.depth
    return count
  }

  get #maxLanes(): number {
    const { maxConnections } = this.#options.database.pool
    return Math.min(MAX_LANES, Math.floor(maxConnections / CONNECTIONS_PER_LANE))
  }

  get #mayOpen(): boolean {
    if (this.#ending.signal.aborted || this.#isOpening) return false
    // One more where a statement holds a lane up.
    let moving = 0
    for (const lane of this.#lanes) if (!lane.isStuck) moving += 1
    return moving < this.#maxLanes && this.#lanes.size < this.#maxLanes * 2
  }

  /** Nobody opened a lane yet, or somebody can still use one. */
  get isEmpty(): boolean {
    return this.#lanes.size + this.#waiting.length === 0 && !this.#isOpening
  }

  /** Of those that get on, the one that is about to write anyway, or else the one with the fewest requests. */
  #best(): Lane<Seen, R> | undefined {
    let best: Lane<Seen, R> | undefined
    for (const lane of this.#lanes) {
      if (!lane.isOpen || lane.isStuck || lane.depth >= MAX_DEPTH) continue
      if (lane.batch > 0 && lane.batch < MAX_BATCH) return lane
      if (!best || lane.depth < best.depth) best = lane
    }
    return best
  }

  async #open(): Promise<void> {
    this.#isOpening = true
    try {
      const lease = await this.#options.pool.checkout(this.#ending.signal)
      await this.#prepare(lease)
      this.#start(lease)
    } catch (error) {
      if (this.#lanes.size === 0) this.#refuseWaiting(error)
    } finally {
      this.#isOpening = false
    }
  }

  async #prepare(lease: Lease<C>): Promise<void> {
    try {
      await this.#options.adopt(lease.connection)
      this.#isFit = true
    } catch (error) {
      // One that is lost says nothing of the settings.
      if (lease.connection.isOpen) this.#isFit ??= false
      lease.connection.close()
      lease[Symbol.dispose]()
      throw error
    }
  }

  #start(lease: Lease<C>): void {
    const openLine = (listener: LineListener) => this.#openLine(lease.connection, listener)
    const lane = new Lane<Seen, R>(lease, openLine, {
      returned: (requests) => this.#sendAgain(requests),
      free: (one) => this.#refill(one),
      over: (one) => this.#lanes.delete(one),
    })
    this.#lanes.add(lane)
    this.#keepUp()
    this.#fill(lane)
  }

  #sendAgain(requests: readonly R[]): void {
    for (const request of requests) {
      if (request.tries < MAX_TRIES) this.send(request)
      else request.failed(this.#unavailable('the connection was lost again and again'), false)
    }
  }

  #refill(lane: Lane<Seen, R>): void {
    this.#fill(lane)
    if (lane.depth === 0 && this.#isUnwanted) lane.release()
  }

  #fill(lane: Lane<Seen, R>): void {
    while (lane.isOpen && lane.depth < MAX_DEPTH) {
      const next = this.#waiting.shift()
      if (!next) break
      lane.send(next.request)
    }
  }

  /** Its connection had better go to who waits for one. */
  get #isUnwanted(): boolean {
    return this.#isRetired || this.#options.pool.figures.waiting > 0
  }

  #refuseWaiting(error: unknown): void {
    const why = error ?? this.#unavailable('no lane could be opened')
    for (const { request } of this.#waiting.splice(0)) request.failed(why, false)
  }

  #unavailable(why: string): BackendUnavailable {
    return new BackendUnavailable(this.#options.database.name, why)
  }

  #keepUp(): void {
    this.#upkeep ??= setInterval(() => this.#maintain(), UPKEEP_MS)
  }

  #maintain(): void {
    const nowMs = performance.now()
    for (const lane of [...this.#lanes]) this.#maintainLane(lane, nowMs)
    const { name, pool } = this.#options.database
    const { checkoutTimeoutMs: limitMs } = pool
    while (this.#waiting[0] && nowMs - this.#waiting[0].sinceMs > limitMs) {
      this.#waiting.shift()?.request.failed(new PoolExhausted(name, limitMs), false)
    }
    if (!this.isEmpty) return
    clearInterval(this.#upkeep)
    this.#upkeep = undefined
  }

  #maintainLane(lane: Lane<Seen, R>, nowMs: number): void {
    lane.isStuck = lane.depth > 0 && lane.ageMs > MAX_AGE_MS
    if (lane.depth > 1 && lane.isStuck) this.#sendAgain(lane.takeWaiting())
    const isIdle = lane.depth === 0 && (this.#isUnwanted || lane.ageMs >= IDLE_MS)
    const isOld = lane.depth === 0 && nowMs - lane.openedMs >= LIFETIME_MS
    if (isIdle || isOld) lane.release()
  }
}
