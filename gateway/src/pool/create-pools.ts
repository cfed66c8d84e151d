import { type DatabaseStatus, Secret, type SnapshotDatabase } from '@articdbm/contract'
import { type MasterKey, unseal } from '@articdbm/credential'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { nowMs } from '../clock.ts'
import type { Member } from '../route/member.ts'
import { Rosters } from '../route/roster.ts'
import { watch } from '../route/watch.ts'
import type { BackendConnection } from './pool.ts'
import type { DialTarget, Pools, Protocol } from './pools.ts'
import { Router } from './router.ts'

const MAINTENANCE_MS = 1_000
const DIAL_TIMEOUT_MS = 10_000
const Credential = Type.Object({ user: Type.String(), password: Type.String() })

export interface PoolsOptions<C extends BackendConnection> extends Protocol<C> {
  readonly master: MasterKey
  readonly sessionsOf: (databaseId: string) => number
  /** What all pools of a gateway know of the backends. */
  readonly rosters?: Rosters
  readonly routed?: (databaseId: string, role: 'primary' | 'replica') => void
}

interface Entry<C extends BackendConnection> {
  database: SnapshotDatabase
  readonly router: Router<C>
  readonly stopped: AbortController
}

/** Pools that follow the snapshot: see `follow`. */
export interface FollowingPools<C extends BackendConnection> extends Pools<C> {
  /** Opens pools for new databases, follows changed ones, drains those of removed databases. */
  follow(databases: readonly SnapshotDatabase[]): void
}

export function createPools<C extends BackendConnection>(
  options: PoolsOptions<C>,
): FollowingPools<C> {
  const rosters = options.rosters ?? new Rosters({ nowMs, random: Math.random })
  const entries = new Map<string, Entry<C>>()
  const timer = setInterval(() => {
    for (const { router } of entries.values()) router.maintain()
  }, MAINTENANCE_MS)

  const of = (database: SnapshotDatabase): Router<C> => {
    const known = entries.get(database.id)
    if (known?.database === database) return known.router
    const entry = known ?? openEntry(database, rosters, options)
    entry.database = database
    entries.set(database.id, entry)
    rosters.of(database)
    entry.router.follow()
    return entry.router
  }
  return {
    of,
    follow: (databases) => {
      const wanted = databases.filter(
        ({ id, engine }) => options.engines?.includes(engine) || entries.has(id),
      )
      for (const database of wanted) of(database)
      const ids = new Set(databases.map(({ id }) => id))
      for (const [id, entry] of [...entries].filter(([id]) => !ids.has(id))) {
        entries.delete(id)
        entry.stopped.abort()
        entry.router.retire()
      }
      rosters.keep(ids)
    },
    status: () => [...entries.values()].map((entry) => statusOf(entry, options)),
    close: async () => {
      clearInterval(timer)
      for (const { router, stopped } of entries.values()) {
        stopped.abort()
        router.close()
      }
    },
  }
}

function openEntry<C extends BackendConnection>(
  database: SnapshotDatabase,
  rosters: Rosters,
  options: PoolsOptions<C>,
): Entry<C> {
  const roster = rosters.of(database)
  const dial = (member: Member, signal: AbortSignal) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)])
    return options.dial(targetOf(roster.database, member.configured, options.master), deadline)
  }
  const routed = (role: 'primary' | 'replica') => options.routed?.(database.id, role)
  const { catchUp } = options
  const router = new Router<C>({ roster, dial, catchUp, nowMs, random: Math.random, routed })
  const stopped = new AbortController()
  if (options.probe) watch(roster, { dial, probe: options.probe }, stopped.signal)
  return { database, router, stopped }
}

function targetOf(
  database: SnapshotDatabase,
  backend: DialTarget['backend'],
  master: MasterKey,
): DialTarget {
  if (database.credential === null) return { database, backend, user: '', password: new Secret('') }
  const opened: unknown = JSON.parse(unseal(master, 'backend-credential', database.credential))
  const { user, password } = Value.Parse(Credential, opened)
  return { database, backend, user, password: new Secret(password) }
}

function statusOf<C extends BackendConnection>(
  { database, router }: Entry<C>,
  options: PoolsOptions<C>,
): DatabaseStatus {
  return { sessions: options.sessionsOf(database.id), ...router.status() }
}
