/** Which texts are prepared on one backend connection, by the backend's own ids. */
export class PreparedOnBackend {
  readonly #ids = new Map<string, number>()

  find(key: string): number | undefined {
    const id = this.#ids.get(key)
    if (id === undefined) return undefined
    // Used last, thrown out last.
    this.#ids.delete(key)
    this.#ids.set(key, id)
    return id
  }

  /** Gives the ids that are no longer needed. */
  remember(key: string, id: number): readonly number[] {
    const replaced = this.#ids.get(key)
    this.#ids.delete(key)
    this.#ids.set(key, id)
    const [oldest] = this.#ids
    const isFull = this.#ids.size > MAX_STATEMENTS && oldest !== undefined
    if (isFull) this.#ids.delete(oldest[0])
    return [replaced, isFull ? oldest[1] : undefined].filter((one) => one !== undefined)
  }

  /** Takes a statement out of common use: a cursor is open on it. */
  take(key: string): void {
    this.#ids.delete(key)
  }

  clear(): void {
    this.#ids.clear()
  }
}

/** Of a backend's max_prepared_stmt_count, 16,382 by default, every connection of every gateway takes its part. */
const MAX_STATEMENTS = 100
