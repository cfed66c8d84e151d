import type { SqliteLeasable } from '../../gateway.ts'
import type { Lease, Pool } from '../../pool/pool.ts'

/** The SQLite connection of one session: leased for a statement or a transaction. */
export class SqliteHold {
  readonly #pool: () => Pool<SqliteLeasable>
  readonly #signal: AbortSignal
  #lease: Lease<SqliteLeasable> | undefined
  #isPinned = false

  constructor(pool: () => Pool<SqliteLeasable>, signal: AbortSignal) {
    this.#pool = pool
    this.#signal = signal
  }

  get isInTransaction(): boolean {
    return this.#lease?.connection.inTransaction ?? false
  }

  /** It holds temporary objects, which end with it: no other session may have it. */
  pin(): void {
    this.#isPinned = true
  }

  async take(): Promise<SqliteLeasable> {
    if (this.#lease && !this.#lease.connection.isOpen) this.#release()
    this.#lease ??= await this.#pool().checkout(this.#signal)
    return this.#lease.connection
  }

  giveBack(): void {
    if (!this.#isPinned && !this.isInTransaction) this.#release()
  }

  interrupt(): void {
    this.#lease?.connection.interrupt()
  }

  /** What a transaction or a temporary table leaves goes with its connection. */
  async end(): Promise<void> {
    const connection = this.#lease?.connection
    if (this.#isPinned || this.isInTransaction) await connection?.close()
    this.#release()
  }

  #release(): void {
    const lease = this.#lease
    this.#lease = undefined
    this.#isPinned = false
    lease?.[Symbol.dispose]()
  }
}
