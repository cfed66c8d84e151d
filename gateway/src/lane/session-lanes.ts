import type { SnapshotDatabase } from '@articdbm/contract'
import type { BackendConnection, BackendPool } from '../pool/pool.ts'
import type { Pools } from '../pool/pools.ts'
import type { Wish } from '../route/wish.ts'
import type { LaneSet } from './lane-set.ts'
import type { Lanes } from './lanes.ts'
import type { LaneRequest } from './request.ts'

/** Whose lanes a session may take, and what its clients' settings are to them. */
export interface LaneSource<
  C extends BackendConnection,
  Seen,
  R extends LaneRequest<Seen>,
  Client,
> {
  readonly lanes: Lanes<C, Seen, R>
  readonly pools: Pools<C>
  /** Undefined: no lane leads there. */
  readonly database: () => SnapshotDatabase | undefined
  /** Equal for settings that can share lanes. */
  readonly keyOf: (client: Client) => string
  /** Gives a connection these settings. Rejects where it can't have them. */
  readonly adopt: (connection: C, client: Client) => Promise<void>
}

/** One session's way to lanes: found anew only where its database or its settings have changed. */
export class SessionLanes<
  C extends BackendConnection,
  Seen,
  R extends LaneRequest<Seen>,
  Client extends string | object,
> {
  readonly #source: LaneSource<C, Seen, R, Client>
  readonly #known = new Map<BackendPool<C>, LaneSet<C, Seen, R>>()
  #database: SnapshotDatabase | undefined
  #client: Client | undefined

  constructor(source: LaneSource<C, Seen, R, Client>) {
    this.#source = source
  }

  /** To the backend where the wish leads to; undefined: its request takes no lane. */
  toward(wish: Wish, client: Client): LaneSet<C, Seen, R> | undefined {
    const database = wish.mayShare ? this.#source.database() : undefined
    const pool = database && this.#source.pools.of(database).toward(wish)
    if (!pool) return undefined
    if (this.#database !== database || this.#client !== client) this.#known.clear()
    this.#database = database
    this.#client = client
    const known = this.#known.get(pool)
    if (known) return known
    const set = this.#find(database, pool, client)
    if (set) this.#known.set(pool, set)
    return set
  }

  #find(database: SnapshotDatabase, pool: BackendPool<C>, client: Client) {
    const { lanes, keyOf, adopt } = this.#source
    return lanes.of(keyOf(client), {
      database,
      pool,
      adopt: (connection) => adopt(connection, client),
    })
  }
}
