/** What the last attempts to reach a backend say of it. */
export interface Health {
  readonly state: 'up' | 'down' | 'unknown'
  readonly message: string
}

const RETRY_MS = 1_000
const MAX_RETRY_MS = 15_000
/** A backend that fails again this soon was not well in between: its pause goes on growing. */
const FORGOTTEN_AFTER_MS = 30_000

export class HealthRecord {
  #now: Health = { state: 'unknown', message: 'not tried yet' }
  #failures = 0
  #failedAtMs = 0

  get now(): Health {
    return this.#now
  }

  succeeded(): void {
    this.#now = { state: 'up', message: '' }
  }

  failed(message: string, nowMs: number): void {
    if (nowMs - this.#failedAtMs >= FORGOTTEN_AFTER_MS) this.#failures = 0
    this.#failures += 1
    this.#failedAtMs = nowMs
    this.#now = { state: 'down', message }
  }

  /** Is it time to try by ourselves again? The pause doubles with each failure. */
  mayDial(nowMs: number): boolean {
    const pauseMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(this.#failures - 1, 10))
    return this.#now.state !== 'down' || nowMs - this.#failedAtMs >= pauseMs
  }
}
