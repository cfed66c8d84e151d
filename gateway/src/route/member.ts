import type { Backend } from '@articdbm/contract'
import { HealthRecord } from '../pool/health.ts'
import type { Observation } from './observation.ts'
import { hasReached, type Position } from './position.ts'

const MAX_MARKS = 64

/** Where a backend was, asked at a moment: who has reached it has all that was written before. */
export interface Mark {
  readonly askedAtMs: number
  readonly position: Position
}

/** How much one backend has of what was written on another. */
interface Reached {
  readonly asOfMs: number
  readonly isNewest: boolean
}

/** Lets go who waits on a backend that isn't there any more. */
interface SilentPool {
  countSilence(): void
  forgetSilence(): void
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
  /** Connections in use and waited for, by all doors' pools. */
  readonly loads = new Map<object, () => number>()
  /** All that have connections to it, those too whose last leases aren't over yet. */
  readonly pools = new Set<SilentPool>()
  /** When the last check that was answered began. */
  #checkedAtMs = Number.NEGATIVE_INFINITY
  #failedChecks = 0
  #marks: readonly Mark[] = []
  readonly #reached = new Map<string, Reached>()

  constructor(configured: Backend) {
    this.key = keyOf(configured)
    this.configured = configured
  }

  get load(): number {
    let sum = 0
    for (const count of this.loads.values()) sum += count()
    return sum
  }

  /** Everything that was written on `source` before this moment is here. */
  freshAsOfMs(source: string): number {
    if (source === this.key) return Number.POSITIVE_INFINITY
    return this.#reached.get(source)?.asOfMs ?? Number.NEGATIVE_INFINITY
  }

  /** Behind `writer`, who alone takes the writes; undefined: nobody knows. */
  lagMs(nowMs: number, writer: Member | undefined): number | undefined {
    const reached = writer && this.#reached.get(writer.key)
    if (reached?.isNewest) return 0
    if (this.seen?.lagMs !== undefined) return this.seen.lagMs
    return reached && Number.isFinite(reached.asOfMs) ? nowMs - reached.asOfMs : undefined
  }

  answered(seen: Observation, askedAtMs: number, nowMs: number): void {
    this.seen = seen
    this.#checkedAtMs = Math.max(this.#checkedAtMs, askedAtMs)
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

  /** A check found it, or nothing at all. */
  noteReach(isThere: boolean): void {
    for (const pool of this.pools) {
      if (isThere) pool.forgetSilence()
      else pool.countSilence()
    }
  }

  /** It said where it is: who gets there has what was written on it. */
  mark(mark: Mark): void {
    this.#marks = [...this.#marks, mark].slice(-MAX_MARKS)
  }

  /** Was it asked later than `sinceMs`? If so, and it told: where it was then, as one that takes writes. */
  checkAfter(sinceMs: number): { readonly position: Position | undefined } | undefined {
    if (this.#checkedAtMs <= sinceMs) return undefined
    return { position: this.#marks.find(({ askedAtMs }) => askedAtMs > sinceMs)?.position }
  }

  compare(source: Member): void {
    const at = this.seen?.position
    const marks = source.#marks
    const reached = at && marks.findLast(({ position }) => hasReached(at, position))
    const known = this.freshAsOfMs(source.key)
    const asOfMs = Math.max(known, reached?.askedAtMs ?? known)
    const isNewest = reached !== undefined && reached === marks.at(-1)
    this.#reached.set(source.key, { asOfMs, isNewest })
  }
}
