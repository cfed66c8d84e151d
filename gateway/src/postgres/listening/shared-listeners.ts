import { type SnapshotDatabase, UnknownDatabase } from '@articdbm/contract'
import type { Gateway } from '../../gateway.ts'
import type { Pools } from '../../pool/pools.ts'
import type { PostgresConnection } from '../backend/connection.ts'
import { SharedListener } from './shared-listener.ts'

interface Entry {
  readonly place: string
  readonly listener: SharedListener
}

/** The listeners of a door, one a database, made when somebody first asks for it. */
export class SharedListeners {
  readonly #gateway: Gateway
  readonly #pools: Pools<PostgresConnection>
  readonly #listeners = new Map<string, Entry>()

  /** `pools` are not those of the sessions: a full pool must not keep a listener out, nor the other way round. */
  constructor(gateway: Gateway, pools: Pools<PostgresConnection>) {
    this.#gateway = gateway
    this.#pools = pools
  }

  of(database: SnapshotDatabase): SharedListener {
    const { id } = database
    const place = placeOf(database)
    const known = this.#listeners.get(id)
    const listener = known?.listener ?? this.#create(id)
    if (known && known.place !== place) listener.move()
    this.#listeners.set(id, { place, listener })
    return listener
  }

  #create(id: string): SharedListener {
    return new SharedListener((signal) => {
      const database = this.#gateway.database(id)
      if (!database) throw new UnknownDatabase(id)
      return this.#pools.of({ ...database, pool: loneOf(database) }).checkout(signal)
    })
  }

  async close(): Promise<void> {
    for (const { listener } of this.#listeners.values()) listener.close()
    await this.#pools.close()
  }
}

function loneOf({ pool }: SnapshotDatabase): SnapshotDatabase['pool'] {
  return { ...pool, maxConnections: 1, warmupRatio: 0 }
}

/** Where notifications come from: when it changes, they are to be had elsewhere. */
function placeOf({ backends, target, credential }: SnapshotDatabase): string {
  return JSON.stringify([backends, target, credential])
}
