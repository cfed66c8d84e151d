import type { Analysis, Statement } from '@articdbm/sql'
import { pinOf } from '../../pool/pin.ts'
import type { Lease, Pool } from '../../pool/pool.ts'
import type { SessionRoute } from '../../route/session-route.ts'
import type { Wish } from '../../route/wish.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { BackendLost } from '../faults.ts'

/** SHOW WARNINGS and its like ask the connection that gave them: it stays this long, if nobody waits for it. */
const LINGER_MS = 250
const RESET_TIMEOUT_MS = 5_000
const ABANDON_MS = 3_000

export interface Taken {
  readonly connection: MysqlBackend
  /** It may have served another session since this one had it. */
  readonly isFresh: boolean
}

/** The backend connection of one session: leased for a request or a transaction, or pinned to the session's end. */
export class Hold {
  readonly #pool: () => Pool<MysqlBackend>
  readonly #route: SessionRoute
  readonly #signal: AbortSignal
  #lease: Lease<MysqlBackend> | undefined
  #aim: Wish['aim'] = 'primary'
  #pinned: string | undefined
  #isBusy = false
  /** Nobody knows what is left on the connection. */
  #mustClean = false
  #cursors = 0
  #linger: NodeJS.Timeout | undefined
  #cancelling: Promise<void> | undefined

  constructor(pool: () => Pool<MysqlBackend>, route: SessionRoute, signal: AbortSignal) {
    this.#pool = pool
    this.#route = route
    this.#signal = signal
  }

  get connection(): MysqlBackend | undefined {
    return this.#lease?.connection
  }

  /** Something would be lost if the connection went to somebody else now. */
  get isKept(): boolean {
    const connection = this.connection
    if (!connection) return false
    return this.#pinned !== undefined || this.#cursors > 0 || connection.isInTransaction
  }

  get isInTransaction(): boolean {
    return this.connection?.isInTransaction ?? false
  }

  pin(reason: string, statement: Pick<Statement, 'normalized' | 'digest'>): void {
    this.connection?.taint()
    if (this.#pinned !== undefined) return
    this.#pinned = reason
    this.#lease?.pin(pinOf(reason, statement))
  }

  /** Code runs on the connection that nobody has read. */
  noteUnreadCode(): void {
    this.#mustClean = true
  }

  get hasRunUnreadCode(): boolean {
    return this.#mustClean
  }

  openCursor(): void {
    this.#cursors += 1
  }

  closeCursor(): void {
    this.#cursors -= 1
  }

  /** Without analyses, whichever connection the session has, or one to the primary. */
  async take(analyses?: readonly Analysis[]): Promise<Taken> {
    clearTimeout(this.#linger)
    const wish = analyses ? this.#route.wishFor(analyses) : this.#route.toPrimary
    // One that only lingers for SHOW WARNINGS may lead to a replica.
    if (analyses && wish.aim !== this.#aim && !this.isKept) this.#release()
    const held = this.#lease
    if (held?.connection.isOpen) {
      this.#isBusy = true
      return { connection: held.connection, isFresh: false }
    }
    if (held) this.#dropLost()
    this.#lease = await this.#pool().checkout(this.#signal, wish)
    this.#aim = wish.aim
    this.#isBusy = true
    return { connection: this.#lease.connection, isFresh: true }
  }

  /** As `take`, for a known shape; undefined where anything has to be waited for, or has to be told apart. */
  takeNow(analysis: Analysis): MysqlBackend | undefined {
    const isAtRest = !this.#isBusy && this.#cancelling === undefined && this.#cursors === 0
    if (!isAtRest || this.#route.mode === 'statement') return undefined
    // One that only lingers may lead elsewhere.
    if (this.#lease && !(this.#staysLeased && this.#lease.connection.isOpen)) return undefined
    const wish = this.#route.wishFor([analysis])
    if (!this.#lease) {
      this.#lease = this.#pool().checkoutNow(wish)
      this.#aim = wish.aim
    }
    this.#isBusy = this.#lease !== undefined
    return this.#lease?.connection
  }

  /** As `giveBack`, where nothing has to be waited for; false: it has to. */
  giveBackNow(): boolean {
    if (this.#cancelling !== undefined) return false
    this.#isBusy = false
    if (!(this.#staysLeased && this.connection?.isOpen)) this.#release()
    return true
  }

  /** After each request. */
  async giveBack(wish: { readonly mayLinger: boolean }): Promise<void> {
    this.#isBusy = false
    // Whether the KILL arrived is its sender's concern: this session has its answer.
    await this.#cancelling?.catch(() => undefined)
    if (!this.#lease || (this.#staysLeased && this.connection?.isOpen)) return
    const mayLinger = wish.mayLinger && this.connection?.isReusable === true
    if (mayLinger && this.#pool().figures.waiting === 0) {
      this.#linger = setTimeout(() => this.#release(), LINGER_MS)
    } else {
      this.#release()
    }
  }

  /** Ends what is under way for this session; never a neighbour's. */
  async cancel(): Promise<void> {
    const { connection } = this
    if (!connection || !this.#isBusy || this.#cancelling !== undefined) return
    // The connection isn't given back before the KILL has arrived.
    this.#cancelling = connection.cancel().finally(() => {
      this.#cancelling = undefined
    })
    await this.#cancelling
  }

  /** The client is gone: a backend that doesn't heed the KILL is left. */
  async abandon(): Promise<void> {
    const { connection } = this
    if (!connection || !this.#isBusy) return
    const timer = setTimeout(() => connection.close(), ABANDON_MS)
    connection.onClosed(() => clearTimeout(timer))
    await this.cancel()
  }

  /** COM_RESET_CONNECTION, and the session's end: nothing of it stays on the connection. */
  async end(): Promise<void> {
    clearTimeout(this.#linger)
    const connection = this.connection
    if (!connection) return
    if (this.#isBusy) connection.close()
    else if (connection.isOpen && this.#staysLeased) {
      await cleaned(connection)
      this.#mustClean = false
    }
    this.#release()
  }

  get #staysLeased(): boolean {
    return this.isKept || this.#route.mode === 'session'
  }

  #release(): void {
    const [lease, mustClean] = [this.#lease, this.#mustClean]
    this.#lease = undefined
    this.#pinned = undefined
    this.#mustClean = false
    this.#cursors = 0
    if (!lease) return
    this.#route.released(this.#aim)
    if (mustClean && lease.connection.isOpen)
      void cleaned(lease.connection).finally(() => lease[Symbol.dispose]())
    else lease[Symbol.dispose]()
  }

  /** A transaction, or what else the session had there, is gone: it must not go on as if it weren't. */
  #dropLost(): void {
    const wasKept = this.isKept
    this.#release()
    if (wasKept)
      throw new BackendLost('its transaction or session state is gone', 'ends the session')
  }
}

/** Fresh again, or closed. */
async function cleaned(connection: MysqlBackend): Promise<void> {
  const timer = setTimeout(() => connection.close(), RESET_TIMEOUT_MS)
  try {
    await connection.reset()
  } catch {
    connection.close()
  } finally {
    clearTimeout(timer)
  }
}
