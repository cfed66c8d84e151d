/**
 * A Bind or Describe that fails so says that the statement no longer fits its tables: "cached plan must not change
 * result type" (0A000), or what its text means now is an error (class 42). Prepared anew, it may be right again.
 */
export function isOutdatedBy(sqlState: string): boolean {
  return sqlState === '0A000' || sqlState.startsWith('42')
}

/** What one backend connection has prepared, oldest use first. */
export class PreparedNames {
  readonly #keys = new Set<string>()
  readonly #outdated = new Set<string>()
  readonly #maxNames: number
  /** What its unnamed statement is, where that is known. */
  unnamed: string | undefined
  constructor(maxNames: number) {
    this.#maxNames = maxNames
  }

  has(key: string): boolean {
    const isKnown = this.#keys.delete(key)
    if (isKnown) this.#keys.add(key)
    return isKnown
  }

  /** It is about to be prepared. Answers with those that have to be closed before. */
  enter(key: string): readonly string[] {
    const closed = this.#outdated.delete(key) ? [key] : []
    this.#keys.add(key)
    if (this.#keys.size <= this.#maxNames) return closed
    const [oldest] = this.#keys
    if (oldest === undefined) return closed
    this.#keys.delete(oldest)
    return [...closed, oldest]
  }

  delete(key: string): void {
    this.#keys.delete(key)
  }

  /** Its plan no longer fits its tables: it has to be closed before it is prepared anew. */
  outdate(key: string): void {
    if (this.#keys.delete(key)) this.#outdated.add(key)
  }

  /** It should have been closed and perhaps was not. */
  leaveOutdated(key: string): void {
    this.#outdated.add(key)
  }

  /** DEALLOCATE ALL, or DISCARD ALL. Answers with what takes that back. */
  clear(): () => void {
    const [keys, outdated] = [[...this.#keys], [...this.#outdated]]
    this.#keys.clear()
    this.#outdated.clear()
    return () => {
      for (const key of keys) this.#keys.add(key)
      for (const key of outdated) this.#outdated.add(key)
    }
  }
}
