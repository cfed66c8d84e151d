import {
  BackendUnavailable,
  PoolExhausted,
  type SnapshotDatabase,
  StatementCancelled,
} from '@articdbm/contract'
import type { Lease, Pool } from '../../pool/pool.ts'
import type { PostgresConnection } from '../backend/connection.ts'
import type { QuickRequest } from '../quick/request.ts'
import { Lane } from './lane.ts'

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

export interface LaneSetOptions {
  readonly database: SnapshotDatabase
  readonly pool: Pool<PostgresConnection>
  /** What each lane's connection is given. */
  readonly settings: ReadonlyMap<string, string>
}

/** The lanes of one pool for clients with the same settings: opened when needed, given back when idle. */
export class LaneSet {
  readonly #options: LaneSetOptions
  readonly #lanes = new Set<Lane>()
  readonly #ending = new AbortController()
  #waiting: { readonly request: QuickRequest; readonly sinceMs: number }[] = []
  #isOpening = false
  /** Nobody new comes: its database has changed. */
  #isRetired = false
  #upkeep: NodeJS.Timeout | undefined

  constructor(options: LaneSetOptions) {
    this.#options = options
  }

  /** False: whoever asks had better lease a connection. */
  get hasRoom(): boolean {
    if (this.#isRetired) return false
    if (this.#lanes.size === 0 && this.#options.pool.figures.waiting > 0) return false
    return this.#best() !== undefined || this.#mayOpen || this.#isOpening
  }

  /** Answers come to the request itself. */
  send(request: QuickRequest): void {
    this.#upkeep ??= setInterval(() => this.#maintain(), UPKEEP_MS)
    const lane = this.#best()
    if (lane) lane.send(request)
    else this.#waiting.push({ request, sinceMs: performance.now() })
    if ((!lane || lane.depth > DEPTH_TO_GROW) && this.#mayOpen) void this.#open()
    else if (!lane && this.#lanes.size === 0 && !this.#isOpening) this.#refuseWaiting(undefined)
  }

  /** Resolves when the cancel can hit nothing else any more. */
  async cancel(request: QuickRequest): Promise<void> {
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
    for (const lane of [...this.#lanes]) lane.release()
  }

  /** The door closes: nobody waits any more. */
  close(): void {
    this.retire()
    this.#ending.abort()
    clearInterval(this.#upkeep)
    this.#refuseWaiting(undefined)
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
  #best(): Lane | undefined {
    let best: Lane | undefined
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

  async #prepare(lease: Lease<PostgresConnection>): Promise<void> {
    const failure = await lease.connection.adopt(this.#options.settings)
    if (!failure) return
    lease.connection.close()
    lease[Symbol.dispose]()
    throw failure
  }

  #start(lease: Lease<PostgresConnection>): void {
    const lane = new Lane(lease, {
      returned: (requests) => this.#sendAgain(requests),
      free: (one) => this.#refill(one),
      over: (one) => this.#lanes.delete(one),
    })
    this.#lanes.add(lane)
    this.#refill(lane)
  }

  #sendAgain(requests: readonly QuickRequest[]): void {
    for (const request of requests) {
      if (request.tries < MAX_TRIES) this.send(request)
      else request.failed(this.#unavailable('the connection was lost again and again'), false)
    }
  }

  #refill(lane: Lane): void {
    while (lane.isOpen && lane.depth < MAX_DEPTH) {
      const next = this.#waiting.shift()
      if (!next) break
      lane.send(next.request)
    }
    if (lane.depth > 0) return
    if (this.#isRetired || this.#options.pool.figures.waiting > 0) lane.release()
  }

  #refuseWaiting(error: unknown): void {
    const why = error ?? this.#unavailable('no lane could be opened')
    for (const { request } of this.#waiting.splice(0)) request.failed(why, false)
  }

  #unavailable(why: string): BackendUnavailable {
    return new BackendUnavailable(this.#options.database.name, why)
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

  #maintainLane(lane: Lane, nowMs: number): void {
    lane.isStuck = lane.depth > 0 && lane.ageMs > MAX_AGE_MS
    if (lane.depth > 1 && lane.isStuck) this.#sendAgain(lane.takeWaiting())
    const isIdle = lane.depth === 0 && lane.ageMs >= IDLE_MS
    const isOld = lane.depth === 0 && nowMs - lane.openedMs >= LIFETIME_MS
    if (isIdle || isOld) lane.release()
  }
}
