// A token with one use is used once, whatever races: within this process by this memory.
export class SingleUse {
  readonly #used = new Map<string, number>()

  /** True the first time; false ever after, until the token is out of date anyway. */
  take(nonce: string, validUntilMs: number, nowMs: number): boolean {
    if (this.#used.has(nonce)) return false
    this.#forget(nowMs)
    this.#used.set(nonce, validUntilMs)
    return true
  }

  /** Tokens live for about a minute and are remembered in the order they came, so the old ones stand first. */
  #forget(nowMs: number): void {
    for (const [nonce, validUntilMs] of this.#used) {
      if (validUntilMs > nowMs) return
      this.#used.delete(nonce)
    }
  }
}
