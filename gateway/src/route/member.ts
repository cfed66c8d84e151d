import type { Backend } from '@articdbm/contract'
import { HealthRecord } from '../pool/health.ts'
import type { Observation } from './observation.ts'
import { hasReached, type Position } from './position.ts'

/** Where a primary was, asked at a moment: who has reached it has all that was written before. */
export interface Mark {
  readonly askedAtMs: number
  readonly position: Position
}

/** What makes it another server: the rest of a backend's settings may change while it serves. */
export function keyOf({ host, port, tls }: Backend): string {
  return `${host}:${port} ${tls}`
}

/** One backend of a database, with what is known of it. */
export class Member {
  readonly key: string
  readonly health = new HealthRecord()
  configured: Backend
  seen: Observation | undefined
  /** Everything written before this moment is there. */
  freshAsOfMs = Number.NEGATIVE_INFINITY
  /** Connections in use and waited for, by all doors' pools. */
  readonly loads = new Map<object, () => number>()
  #failedChecks = 0
  #isAtNewest = false

  constructor(configured: Backend) {
    this.key = keyOf(configured)
    this.configured = configured
  }

  get load(): number {
    let sum = 0
    for (const count of this.loads.values()) sum += count()
    return sum
  }

  lagMs(nowMs: number): number | undefined {
    if (this.#isAtNewest) return 0
    if (this.seen?.lagMs !== undefined) return this.seen.lagMs
    return Number.isFinite(this.freshAsOfMs) ? nowMs - this.freshAsOfMs : undefined
  }

  answered(seen: Observation, nowMs: number): void {
    this.seen = seen
    this.#failedChecks = 0
    if (this.health.mayDial(nowMs)) this.health.succeeded()
  }

  /** One missed check may be a busy moment: the second one counts. */
  missed(why: string, nowMs: number): 'once' | 'down' {
    this.#failedChecks += 1
    if (this.#failedChecks === 1 && this.health.now.state === 'up') return 'once'
    this.health.failed(why, nowMs)
    return 'down'
  }

  compare(marks: readonly Mark[]): void {
    const { seen } = this
    const at = seen?.position
    const reached = at && marks.findLast(({ position }) => hasReached(at, position))
    this.#isAtNewest = reached !== undefined && reached === marks.at(-1)
    if (reached) this.freshAsOfMs = Math.max(this.freshAsOfMs, reached.askedAtMs)
  }
}
