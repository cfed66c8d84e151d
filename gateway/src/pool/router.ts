// The pools of one database, one a backend, and the way of a session to one of them.
import {
  type BackendStatus,
  BackendUnavailable,
  type DatabaseStatus,
  type PinnedConnection,
  ShuttingDown,
  type SnapshotDatabase,
} from '@articdbm/contract'
import type { Member } from '../route/member.ts'
import type { Choice, Roster } from '../route/roster.ts'
import { isUpTo, TO_PRIMARY, type Wish } from '../route/wish.ts'
import { ConnectionPool, type Tenant } from './connection-pool.ts'
import {
  addFigures,
  type BackendConnection,
  type BackendPool,
  type Lease,
  type Pool,
  type PoolFigures,
} from './pool.ts'
import type { CatchUp } from './pools.ts'

const MAX_PINNED = 100
const EMPTY: PoolFigures = { open: 0, idle: 0, leased: 0, waiting: 0 }

export interface RouterOptions<C extends BackendConnection> {
  readonly roster: Roster
  readonly dial: (member: Member, signal: AbortSignal) => Promise<C>
  readonly nowMs: () => number
  readonly random: () => number
  /** Makes a backend of a cluster have all that was written on any of its nodes. */
  readonly catchUp?: CatchUp<C> | undefined
  /** A lease was given on a backend in this role. */
  readonly routed: (role: 'primary' | 'replica') => void
}

interface Given<C extends BackendConnection> {
  readonly lease: Lease<C>
  readonly member: Member
}

interface Entry<C extends BackendConnection> {
  readonly shape: string
  readonly pool: ConnectionPool<C>
  readonly shared: BackendPool<C>
}

export class Router<C extends BackendConnection> implements Pool<C> {
  readonly #options: RouterOptions<C>
  readonly #roster: Roster
  readonly #pools = new Map<Member, Entry<C>>()
  #isClosed = false

  constructor(options: RouterOptions<C>) {
    this.#options = options
    this.#roster = options.roster
  }

  get database(): SnapshotDatabase {
    return this.#roster.database
  }

  get figures(): PoolFigures {
    let figures = EMPTY
    for (const { pool } of this.#pools.values()) figures = addFigures(figures, pool.figures)
    return figures
  }

  checkout(signal: AbortSignal, wish: Wish = TO_PRIMARY): Promise<Lease<C>> {
    return this.#lend(() => this.#roster.choose(wish), signal, wish)
  }

  async #lend(choices: Choices, signal: AbortSignal, wish: Wish): Promise<Lease<C>> {
    const { pool, name } = this.database
    const { user, maxConnections: limit } = wish
    const entering = { user, database: name, limit, timeoutMs: pool.checkoutTimeoutMs }
    const left = await this.#roster.turnstile.enter(entering, signal)
    try {
      const given = await this.#onSome(choices(), async ({ member, role }) => {
        const lease = await this.#checkoutOf(member, signal, { ...wish, left })
        this.#options.routed(role)
        return { lease, member }
      })
      await this.#catchUp(given, wish)
      wish.placed(given.member.key)
      return given.lease
    } catch (error) {
      left()
      throw error
    }
  }

  checkoutNow(wish: Wish): Lease<C> | undefined {
    const [choice] = this.#isClosed ? [] : this.#roster.choose(wish)
    if (!choice || this.#mustCatchUp(choice.member, wish)) return undefined
    const { user, maxConnections: limit } = wish
    const left = this.#roster.turnstile.enterNow({ user, limit })
    if (!left) return undefined
    const lease = this.#poolOf(choice.member).checkoutNow({ ...wish, left })
    if (!lease) left()
    else {
      this.#options.routed(choice.role)
      wish.placed(choice.member.key)
    }
    return lease
  }

  toward(wish: Wish): BackendPool<C> | undefined {
    const [choice] = this.#isClosed ? [] : this.#roster.choose(wish)
    if (!choice || this.#mustCatchUp(choice.member, wish)) return undefined
    return this.#entryOf(choice.member).shared
  }

  dial(signal: AbortSignal): Promise<C> {
    return this.#onSome(this.#roster.choose(TO_PRIMARY), ({ member }) =>
      this.#options.dial(member, signal),
    )
  }

  /** Opens what is new, drains what is gone or has changed its shape; what hasn't changed stays as it is. */
  follow(): void {
    const { members } = this.#roster
    for (const [member, entry] of this.#pools) {
      const isWanted = members.includes(member) && member.configured.weight > 0
      if (isWanted && entry.shape === shapeOf(this.database)) continue
      this.#pools.delete(member)
      this.#retire(member, entry)
    }
    for (const member of members) if (member.configured.weight > 0) this.#poolOf(member)
  }

  maintain(): void {
    for (const [member, { pool }] of this.#pools) {
      if (member.health.now.state === 'down') pool.closeIdle()
      pool.maintain()
    }
  }

  close(): void {
    this.#isClosed = true
    for (const { pool } of this.#pools.values()) pool.close()
  }

  /** Sessions keep their leases; each connection ends when it comes back. */
  retire(): void {
    this.#isClosed = true
    for (const [member, entry] of this.#pools) this.#retire(member, entry)
  }

  /** `sessions` is the door's to tell. */
  status(): Omit<DatabaseStatus, 'sessions'> {
    const { state, message } = this.#roster.writer?.health.now ?? NO_PRIMARY
    return {
      databaseId: this.database.id,
      state,
      message,
      maxConnections: this.database.pool.maxConnections * Math.max(1, this.#pools.size),
      ...this.figures,
      ...(this.database.engine === 'sqlite' ? {} : { backends: this.#backends() }),
      pinned: this.#pinned(),
    }
  }

  /** The first that gives a connection. Nothing was sent to the others, so that nothing can run twice. */
  async #onSome<T>(
    choices: readonly Choice[],
    connect: (choice: Choice) => Promise<T>,
  ): Promise<T> {
    let failure: Error = new BackendUnavailable(this.database.name, NO_PRIMARY.message)
    for (const choice of choices) {
      try {
        return await connect(choice)
      } catch (error) {
        if (!(error instanceof BackendUnavailable)) throw error
        this.#roster.hurry()
        failure = error
      }
    }
    throw failure
  }

  #mustCatchUp(member: Member, wish: Wish): boolean {
    const mayBeBehind = this.#options.catchUp !== undefined && this.database.engine === 'galera'
    return mayBeBehind && !wish.isHinted && !isUpTo(member, wish)
  }

  /** Writes go to another node of a cluster than before: it may not have applied yet what the session wrote there. */
  async #catchUp({ lease, member }: Given<C>, wish: Wish): Promise<void> {
    if (!this.#mustCatchUp(member, wish)) return
    try {
      await this.#options.catchUp?.(lease.connection)
      wish.caughtUp(member.key)
    } catch (error) {
      lease.connection.close()
      lease[Symbol.dispose]()
      const why = error instanceof Error ? error.message : String(error)
      throw new BackendUnavailable(this.database.name, `it has not all that you wrote: ${why}`)
    }
  }

  /** A pool that was replaced while somebody stood in its line sends them to the new one. */
  async #checkoutOf(member: Member, signal: AbortSignal, tenant: Tenant): Promise<Lease<C>> {
    for (;;) {
      const pool = this.#poolOf(member)
      try {
        return await pool.checkout(signal, tenant)
      } catch (error) {
        const isReplaced = error instanceof ShuttingDown && pool.isClosing && !signal.aborted
        if (!isReplaced || this.#isClosed || this.#pools.get(member)?.pool === pool) throw error
        if (!this.#roster.members.includes(member) || member.configured.weight === 0) {
          throw new BackendUnavailable(this.database.name, 'its backend was taken away')
        }
      }
    }
  }

  #poolOf(member: Member): ConnectionPool<C> {
    return this.#entryOf(member).pool
  }

  #entryOf(member: Member): Entry<C> {
    const known = this.#pools.get(member)
    if (known) return known
    if (this.#isClosed) throw new ShuttingDown()
    const { nowMs, random, dial } = this.#options
    const pool = new ConnectionPool<C>({
      databaseName: this.database.name,
      settings: this.database.pool,
      dial: (signal) => dial(member, signal),
      nowMs,
      random,
      health: member.health,
      onLost: () => this.#roster.hurry(),
    })
    const shared = this.#shared(member, pool)
    const entry = { shape: shapeOf(this.database), pool, shared }
    this.#pools.set(member, entry)
    member.pools.add(pool)
    member.loads.set(pool, () => pool.figures.leased + pool.figures.waiting)
    pool.warmUp()
    return entry
  }

  #shared(member: Member, pool: ConnectionPool<C>): BackendPool<C> {
    const choices = (): readonly Choice[] => [
      ...this.#roster.members.filter((one) => one === member).map(asReader),
      ...this.#roster.choose(TO_PRIMARY).filter((choice) => choice.member !== member),
    ]
    return {
      checkout: (signal) => this.#lend(choices, signal, TO_PRIMARY),
      get figures() {
        return pool.figures
      },
      weigh: (sharer, load) => {
        if (load) member.loads.set(sharer, load)
        else member.loads.delete(sharer)
      },
    }
  }

  #retire(member: Member, { pool }: Entry<C>): void {
    member.loads.delete(pool)
    void pool.drain().finally(() => member.pools.delete(pool))
  }

  #backends(): BackendStatus[] {
    return this.#roster.members.map((member) => {
      const { configured, seen, health } = member
      const isDraining = configured.weight === 0
      const role = seen?.role ?? configured.role
      return {
        host: configured.host,
        port: configured.port,
        role,
        configuredRole: configured.role,
        state: isDraining ? 'draining' : health.now.state,
        message: health.now.state === 'up' ? (seen?.unfit ?? '') : health.now.message,
        lagMs: role === 'primary' ? null : rounded(this.#roster.lagMs(member)),
        weight: configured.weight,
        ...(this.#pools.get(member)?.pool.figures ?? EMPTY),
      }
    })
  }

  #pinned(): PinnedConnection[] {
    const all = [...this.#pools].flatMap(([{ configured }, { pool }]) =>
      pool.pinned.map((one) => ({ backend: `${configured.host}:${configured.port}`, ...one })),
    )
    return all.sort((left, right) => left.since.localeCompare(right.since)).slice(0, MAX_PINNED)
  }
}

type Choices = () => readonly Choice[]

function asReader(member: Member): Choice {
  return { member, role: 'replica' }
}

const NO_PRIMARY = { state: 'down', message: 'none of its backends is a primary now' } as const

function rounded(lagMs: number | undefined): number | null {
  return lagMs === undefined ? null : Math.round(lagMs)
}

/** What a pool depends on: when it changes, so does the pool. Its backend's address is its member's key. */
function shapeOf({ engine, target, credential, pool }: SnapshotDatabase): string {
  return JSON.stringify([engine, target, credential, pool])
}
