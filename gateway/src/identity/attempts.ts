// Wrong credentials are counted by address and by address with name, so that guessing gets slow and then stops.
import { LRUCache } from 'lru-cache'

const WINDOW_MS = 60_000
const MAX_PER_ADDRESS = 60
const MAX_PER_NAME = 10
const MAX_REMEMBERED = 20_000
const DELAY_STEP_MS = 50
const MAX_DELAY_MS = 500

export class Attempts {
  readonly #failures = new LRUCache<string, number>({ max: MAX_REMEMBERED, ttl: WINDOW_MS })

  areTooMany(user: string, address: string): boolean {
    return (
      this.#count(address) >= MAX_PER_ADDRESS || this.#count(pair(user, address)) >= MAX_PER_NAME
    )
  }

  /** Counts one more; tells how long to wait before answering, in milliseconds. */
  failed(user: string, address: string): number {
    this.#add(address)
    this.#add(pair(user, address))
    return Math.min(MAX_DELAY_MS, this.#count(pair(user, address)) * DELAY_STEP_MS)
  }

  succeeded(user: string, address: string): void {
    this.#failures.delete(pair(user, address))
  }

  #count(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  #add(key: string): void {
    // The window begins with the first failure.
    const ttl = this.#failures.getRemainingTTL(key) || WINDOW_MS
    this.#failures.set(key, this.#count(key) + 1, { ttl })
  }
}

function pair(user: string, address: string): string {
  return `${address} ${user.toLowerCase()}`
}
