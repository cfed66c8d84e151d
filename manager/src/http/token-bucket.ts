import { TooManyRequests } from './faults.ts'

export interface BucketSettings {
  readonly capacity: number
  readonly refillPerSecond: number
  /** Keys remembered; the one untouched for longest is forgotten first. */
  readonly maxKeys: number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** A token bucket a key: `take` says how many seconds to wait, 0 when there was one. */
export class TokenBuckets {
  readonly #settings: BucketSettings
  readonly #nowMs: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(settings: BucketSettings, nowMs: () => number) {
    this.#settings = settings
    this.#nowMs = nowMs
  }

  take(key: string): number {
    const bucket = this.#filled(key)
    this.#remember(key, bucket)
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return 0
    }
    return Math.ceil((1 - bucket.tokens) / this.#settings.refillPerSecond)
  }

  #filled(key: string): Bucket {
    const nowMs = this.#nowMs()
    const known = this.#buckets.get(key) ?? { tokens: this.#settings.capacity, atMs: nowMs }
    const gained = ((nowMs - known.atMs) / 1000) * this.#settings.refillPerSecond
    return { tokens: Math.min(this.#settings.capacity, known.tokens + gained), atMs: nowMs }
  }

  #remember(key: string, bucket: Bucket): void {
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size <= this.#settings.maxKeys) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}

export interface Limits {
  /** Throws TooManyRequests. By address and by address with name, so that neither can be tried through. */
  login(address: string, name: string): void
}

export function createLimits(nowMs: () => number): Limits {
  const byAddress = new TokenBuckets({ capacity: 60, refillPerSecond: 2, maxKeys: 50_000 }, nowMs)
  const byName = new TokenBuckets({ capacity: 10, refillPerSecond: 0.2, maxKeys: 50_000 }, nowMs)
  return {
    login: (address, name) => {
      const waitSeconds = Math.max(
        byAddress.take(address),
        byName.take(`${address} ${name.toLowerCase()}`),
      )
      if (waitSeconds > 0) throw new TooManyRequests(waitSeconds)
    },
  }
}
