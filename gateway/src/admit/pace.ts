import { LRUCache } from 'lru-cache'

/** A statement that is to share a connection with others must be known to be over in a moment. */
const MAX_SHORT_MS = 20
const MAX_SHORT_BYTES = 32_768
const RUNS_BEFORE_SHORT = 2
const PAUSE_MS = 60_000
const MAX_PACES = 20_000

/** How long statements of one shape have taken on one database. */
export class Pace {
  #shortRuns = 0
  #longUntilMs = 0

  /** From its history, of the next run. */
  isShort(nowMs: number): boolean {
    return this.#shortRuns >= RUNS_BEFORE_SHORT && nowMs >= this.#longUntilMs
  }

  note(durationMs: number, bytes: number, nowMs: number): void {
    if (durationMs <= MAX_SHORT_MS && bytes <= MAX_SHORT_BYTES) {
      this.#shortRuns += 1
      return
    }
    this.#shortRuns = 0
    this.#longUntilMs = nowMs + PAUSE_MS
  }
}

/** By database and shape. */
export class Paces {
  readonly #known = new LRUCache<string, Pace>({ max: MAX_PACES })

  of(databaseId: string, shapeKey: string): Pace {
    const name = `${databaseId} ${shapeKey}`
    const known = this.#known.get(name)
    if (known) return known
    const pace = new Pace()
    this.#known.set(name, pace)
    return pace
  }
}
