import type { SnapshotDatabase } from '@articdbm/contract'
import type { BackendConnection, BackendPool } from '../pool/pool.ts'
import { LaneSet, type LaneSetOptions, type OpenLine } from './lane-set.ts'
import type { LaneRequest } from './request.ts'

/** On one backend, clients with other settings than these many kinds of clients lease connections of their own. */
const MAX_SETS = 8

type SetsByKey<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> = Map<
  string,
  LaneSet<C, Seen, R>
>

interface Entry<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> {
  readonly database: SnapshotDatabase
  readonly backends: Map<BackendPool<C>, SetsByKey<C, Seen, R>>
}

/** The lane sets of all databases, by their backends and by what their clients have set. */
export class Lanes<C extends BackendConnection, Seen, R extends LaneRequest<Seen>> {
  readonly #openLine: OpenLine<C, Seen, R>
  readonly #entries = new Map<string, Entry<C, Seen, R>>()

  constructor(openLine: OpenLine<C, Seen, R>) {
    this.#openLine = openLine
  }

  /** `key`: equal for clients with the same settings. Undefined: there are too many kinds of clients already. */
  of(key: string, options: LaneSetOptions<C>): LaneSet<C, Seen, R> | undefined {
    const sets = this.#setsOf(options)
    const known = sets.get(key)
    if (known) return known
    if (sets.size >= MAX_SETS && !forgetEmpty(sets)) return undefined
    const set = new LaneSet<C, Seen, R>(options, this.#openLine)
    sets.set(key, set)
    return set
  }

  close(): void {
    for (const entry of this.#entries.values()) for (const set of setsIn(entry)) set.close()
    this.#entries.clear()
  }

  #setsOf({ database, pool }: LaneSetOptions<C>): SetsByKey<C, Seen, R> {
    const { backends } = this.#entryOf(database)
    const sets: SetsByKey<C, Seen, R> = backends.get(pool) ?? new Map()
    backends.set(pool, sets)
    return sets
  }

  /** The lanes of a database that may have changed end as they run empty. */
  #entryOf(database: SnapshotDatabase): Entry<C, Seen, R> {
    const known = this.#entries.get(database.id)
    if (known?.database === database) return known
    if (known) for (const set of setsIn(known)) set.retire()
    const entry: Entry<C, Seen, R> = { database, backends: new Map() }
    this.#entries.set(database.id, entry)
    return entry
  }
}

function* setsIn<C extends BackendConnection, Seen, R extends LaneRequest<Seen>>({
  backends,
}: Entry<C, Seen, R>): Iterable<LaneSet<C, Seen, R>> {
  for (const sets of backends.values()) yield* sets.values()
}

function forgetEmpty(
  sets: Map<string, { readonly isEmpty: boolean; readonly retire: () => void }>,
): boolean {
  for (const [key, set] of sets) {
    if (!set.isEmpty) continue
    set.retire()
    return sets.delete(key)
  }
  return false
}
