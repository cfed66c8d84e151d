import { LRUCache } from 'lru-cache'

/** A statement that is to share a connection with others must be known to be over in a moment. */
const MAX_SHORT_MS = 20
const MAX_SHORT_BYTES = 32_768
const RUNS_BEFORE_SHORT = 2
/** Weight of the newest run among all. */
const NEWEST_WEIGHT = 1 / 16
/** On a busy machine now and then one takes long. */
const MAX_LONG_RATIO = 0.25
/** One that took this long is kept apart for a while, whatever the others did. */
const VERY_LONG_MS = 1_000
const PAUSE_MS = 10_000
const MAX_PACES = 20_000
/** In characters of the shapes. */
const MAX_SIZE = 8_000_000

/** How long statements of one shape have taken on one database. */
export class Pace {
  #runs = 0
  #longRatio = 0
  #apartUntilMs = 0

  /** From its history, of the next run. */
  isShort(nowMs: number): boolean {
    return (
      this.#runs >= RUNS_BEFORE_SHORT &&
      this.#longRatio <= MAX_LONG_RATIO &&
      nowMs >= this.#apartUntilMs
    )
  }

  /** `serviceMs`: while the backend was at it. */
  note(serviceMs: number, bytes: number, nowMs: number): void {
    const isLong = serviceMs > MAX_SHORT_MS || bytes > MAX_SHORT_BYTES
    this.#runs += 1
    this.#longRatio += ((isLong ? 1 : 0) - this.#longRatio) * NEWEST_WEIGHT
    const isVeryLong = serviceMs > VERY_LONG_MS || bytes > MAX_SHORT_BYTES
    if (isVeryLong) this.#apartUntilMs = nowMs + PAUSE_MS
  }
}

/** By database and shape. */
export class Paces {
  readonly #known = new LRUCache<string, Pace>({ max: MAX_PACES, maxSize: MAX_SIZE })

  of(databaseId: string, shapeKey: string): Pace {
    const name = `${databaseId} ${shapeKey}`
    const known = this.#known.get(name)
    if (known) return known
    const pace = new Pace()
    this.#known.set(name, pace, { size: name.length })
    return pace
  }
}
