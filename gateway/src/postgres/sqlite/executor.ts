import type { SnapshotDatabase } from '@articdbm/contract'
import type { Piece } from '@articdbm/wire/postgres'
import type { Gateway, SqliteLeasable } from '../../gateway.ts'
import type { Lease, Pin } from '../../pool/pool.ts'
import type { Wish } from '../../route/wish.ts'
import type { Executor, Outgoing } from '../executor.ts'
import { PreparedNames } from '../prepared-names.ts'
import { SqliteServer } from './server.ts'
import { SQLITE_PARAMETERS } from './substitutes.ts'
import type { Told } from './told.ts'

const MAX_PREPARED = 1_000
/** Small answers go out in one write. */
const GATHERED_BYTES = 32_768

export async function checkoutSqlite(
  gateway: Gateway,
  { database, version }: { readonly database: SnapshotDatabase; readonly version: string },
  signal: AbortSignal,
  wish: Wish,
): Promise<Executor> {
  const lease = await gateway.sqlite.of(database).checkout(signal, wish)
  return new SqliteExecutor(lease, { database: database.name, version })
}

/** A SQLite file that answers PostgreSQL's frames while a session has it on lease. */
class SqliteExecutor implements Executor {
  readonly #lease: Lease<SqliteLeasable>
  readonly #told: Told
  readonly #server: SqliteServer
  readonly #queue: Outgoing[] = []
  #settings: ReadonlyMap<string, string> = new Map()
  #answer: AsyncIterator<Piece | undefined> | undefined
  /** The answer goes on when the client has sent more: it is a COPY that takes its lines. */
  #isWaiting = false
  readonly prepared = new PreparedNames(MAX_PREPARED)
  readonly isInsideFrame = false
  onActivity: () => void = () => undefined

  constructor(lease: Lease<SqliteLeasable>, told: Told) {
    this.#lease = lease
    this.#told = told
    this.#server = new SqliteServer(lease.connection, told, this.#queue)
  }

  get parameters(): ReadonlyMap<string, string> {
    const parameters = new Map([['server_version', this.#told.version], ...SQLITE_PARAMETERS])
    for (const name of parameters.keys()) {
      const setting = this.#settings.get(name.toLowerCase())
      if (setting !== undefined) parameters.set(name, setting)
    }
    return parameters
  }

  get hasAnswer(): boolean {
    return this.#queue.length > 0 || (this.#answer !== undefined && !this.#isWaiting)
  }

  adopt(settings: ReadonlyMap<string, string>): Promise<undefined> {
    this.#settings = settings
    this.#server.timeoutMs = Number(settings.get('statement_timeout') ?? 0) || undefined
    return Promise.resolve(undefined)
  }

  pin(pin: Pin): void {
    this.#lease.pin(pin)
  }

  noteSetting(): void {
    // SQLite has no settings of PostgreSQL: nothing there has changed.
  }

  noteReset(): void {
    // The same.
  }

  send(outgoing: readonly Outgoing[]): Promise<void> {
    this.#queue.push(...outgoing)
    this.onActivity()
    return Promise.resolve()
  }

  /** A lost connection shows as the error of the statement that met it; afterwards the session takes another. */
  async receive(): Promise<readonly Piece[]> {
    const pieces: Piece[] = []
    let gathered = 0
    while (gathered < GATHERED_BYTES) {
      const piece = await this.#next()
      if (!piece) break
      pieces.push(piece)
      gathered += piece.bytes.length
    }
    return pieces
  }

  async #next(): Promise<Piece | undefined> {
    for (;;) {
      if (!this.#answer) {
        const outgoing = this.#queue.shift()
        if (!outgoing) return undefined
        this.#answer = this.#server.answer(outgoing)
      }
      const { value, done } = await this.#answer.next()
      this.#isWaiting = !done && value === undefined
      if (!done) return value
      this.#answer = undefined
    }
  }

  /** Everything of SQLite's is answered message by message. */
  quickWay(): undefined {
    return undefined
  }

  releaseNow(): boolean {
    return false
  }

  cancel(): Promise<void> {
    this.#server.cancel()
    return Promise.resolve()
  }

  async release(state: 'clean' | 'pinned' | 'dirty'): Promise<void> {
    await this.#answer?.return?.()
    await this.#server.closePortals()
    // What a session leaves behind in SQLite (temporary tables, PRAGMA) ends only with its connection.
    if (state !== 'clean') await this.#lease.connection.close()
    this.#lease[Symbol.dispose]()
  }
}
