/** What the last attempts to reach a backend say of it. */
export interface Health {
  readonly state: 'up' | 'down' | 'unknown'
  readonly message: string
}

const RETRY_MS = 1_000
const MAX_RETRY_MS = 15_000

export class HealthRecord {
  #now: Health = { state: 'unknown', message: 'not tried yet' }
  #failures = 0
  #failedAtMs = 0

  get now(): Health {
    return this.#now
  }

  succeeded(): void {
    this.#failures = 0
    this.#now = { state: 'up', message: '' }
  }

  failed(message: string, nowMs: number): void {
    this.#failures += 1
    this.#failedAtMs = nowMs
    this.#now = { state: 'down', message }
  }

  /** Is it time for the pool to try by itself again? The pause doubles with each failure. */
  mayDial(nowMs: number): boolean {
    const pauseMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(this.#failures, 10))
    return this.#failures === 0 || nowMs - this.#failedAtMs >= pauseMs
  }
}
