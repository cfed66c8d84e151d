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
      // Beside the pool: a full one must not keep a listener out, nor the other way round.
      return this.#pools.of(database).dial(signal)
    })
  }

  close(): void {
    for (const { listener } of this.#listeners.values()) listener.close()
  }
}

/** Where notifications come from: when it changes, they are to be had elsewhere. */
function placeOf({ backends, target, credential }: SnapshotDatabase): string {
  return JSON.stringify([backends, target, credential])
}
