import type { SnapshotDatabase } from '@articdbm/contract'
import type { Pool } from '../../pool/pool.ts'
import type { PostgresConnection } from '../backend/connection.ts'
import { LaneSet } from './lane-set.ts'

/** Clients with other settings than these many kinds of clients have lease connections of their own. */
const MAX_SETS = 8

interface Entry {
  readonly database: SnapshotDatabase
  readonly sets: Map<string, LaneSet>
}

/** The lane sets of all databases, by what their clients have set. */
export class Lanes {
  readonly #entries = new Map<string, Entry>()

  /** Undefined: statements of clients with these settings take no lane. */
  of(
    database: SnapshotDatabase,
    pool: Pool<PostgresConnection>,
    settings: ReadonlyMap<string, string>,
  ): LaneSet | undefined {
    const sets = this.#setsOf(database)
    const key = keyOf(settings)
    const known = sets.get(key)
    if (known) return known
    if (sets.size >= MAX_SETS && !forgetEmpty(sets)) return undefined
    const set = new LaneSet({ database, pool, settings })
    sets.set(key, set)
    return set
  }

  close(): void {
    for (const { sets } of this.#entries.values()) for (const set of sets.values()) set.close()
    this.#entries.clear()
  }

  /** The lanes of a database that may have changed end as they run empty. */
  #setsOf(database: SnapshotDatabase): Map<string, LaneSet> {
    const known = this.#entries.get(database.id)
    if (known?.database === database) return known.sets
    for (const set of known?.sets.values() ?? []) set.retire()
    const sets = new Map<string, LaneSet>()
    this.#entries.set(database.id, { database, sets })
    return sets
  }
}

function forgetEmpty(sets: Map<string, LaneSet>): boolean {
  for (const [key, set] of sets) if (set.isEmpty) return sets.delete(key)
  return false
}

function keyOf(settings: ReadonlyMap<string, string>): string {
  return JSON.stringify([...settings].sort(([left], [right]) => (left < right ? -1 : 1)))
}
