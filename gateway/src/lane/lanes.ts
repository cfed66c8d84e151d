import type { SnapshotDatabase } from '@articdbm/contract'
import type { BackendConnection } from '../pool/pool.ts'
import { LaneSet, type LaneSetOptions, type OpenLine } from './lane-set.ts'
import type { LaneRequest } from './request.ts'

/** Clients with other settings than these many kinds of clients have lease connections of their own. */
const MAX_SETS = 8

/** Lanes lead to one backend: where there are several, each request finds its own way. */
function mayTakeLanes({ engine, backends, pool }: SnapshotDatabase): boolean {
  const isShared = pool.lanes !== false && pool.mode !== 'session'
  return engine !== 'sqlite' && backends.length === 1 && isShared
}

type SetsByKey<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> = Map<
  string,
  LaneSet<C, Seen, R>
>

/** The lane sets of all databases, by what their clients have set. */
export class Lanes<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> {
  readonly #openLine: OpenLine<C, Seen, R>
  readonly #entries = new Map<
    string,
    { readonly database: SnapshotDatabase; readonly sets: SetsByKey<C, Seen, R> }
  >()

  constructor(openLine: OpenLine<C, Seen, R>) {
    this.#openLine = openLine
  }

  /** `key`: equal for clients with the same settings. Undefined: statements of these clients take no lane. */
  of(key: string, options: LaneSetOptions<C>): LaneSet<C, Seen, R> | undefined {
    if (!mayTakeLanes(options.database)) return undefined
    const sets = this.#setsOf(options.database)
    const known = sets.get(key)
    if (known) return known
    if (sets.size >= MAX_SETS && !forgetEmpty(sets)) return undefined
    const set = new LaneSet<C, Seen, R>(options, this.#openLine)
    sets.set(key, set)
    return set
  }

  close(): void {
    for (const { sets } of this.#entries.values()) for (const set of sets.values()) set.close()
    this.#entries.clear()
  }

  /** The lanes of a database that may have changed end as they run empty. */
  #setsOf(database: SnapshotDatabase): SetsByKey<C, Seen, R> {
    const known = this.#entries.get(database.id)
    if (known?.database === database) return known.sets
    for (const set of known?.sets.values() ?? []) set.retire()
    const sets: SetsByKey<C, Seen, R> = new Map()
    this.#entries.set(database.id, { database, sets })
    return sets
  }
}

function forgetEmpty(sets: Map<string, { readonly isEmpty: boolean }>): boolean {
  for (const [key, set] of sets) if (set.isEmpty) return sets.delete(key)
  return false
}
