import {
  BackendUnavailable,
  type DatabaseStatus,
  type Engine,
  Secret,
  type SnapshotDatabase,
} from '@articdbm/contract'
import { type MasterKey, unseal } from '@articdbm/credential'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { backendsToTry } from '../route/choose.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { BackendConnection, Pool } from './pool.ts'
import type { Dialer, DialTarget, Pools } from './pools.ts'

const MAINTENANCE_MS = 1_000
const DIAL_TIMEOUT_MS = 10_000
const Credential = Type.Object({ user: Type.String(), password: Type.String() })

export interface PoolsOptions<C extends BackendConnection> {
  readonly dial: Dialer<C>
  /** Pools of these engines are opened and warmed up as soon as a snapshot names their database. */
  readonly engines: readonly Engine[]
  readonly master: MasterKey
  readonly sessionsOf: (databaseId: string) => number
}

interface Entry<C extends BackendConnection> {
  readonly shape: string
  readonly databaseId: string
  readonly maxConnections: number
  readonly pool: ConnectionPool<C>
}

/** Pools that follow the snapshot: see `follow`. */
export interface FollowingPools<C extends BackendConnection> extends Pools<C> {
  /** Opens pools for new databases, replaces changed ones, drains those of removed databases. */
  follow(databases: readonly SnapshotDatabase[]): void
}

export function createPools<C extends BackendConnection>(
  options: PoolsOptions<C>,
): FollowingPools<C> {
  const entries = new Map<string, Entry<C>>()
  const timer = setInterval(() => {
    for (const { pool } of entries.values()) pool.maintain()
  }, MAINTENANCE_MS)

  const of = (database: SnapshotDatabase): Pool<C> => {
    const shape = shapeOf(database)
    const known = entries.get(database.id)
    if (known?.shape === shape) return known.pool
    if (known) retire(known)
    const entry = openEntry(database, shape, options)
    entries.set(database.id, entry)
    return entry.pool
  }
  return {
    of,
    follow: (databases) => {
      const wanted = databases.filter(({ engine }) => options.engines.includes(engine))
      for (const database of wanted) of(database)
      const ids = new Set(databases.map(({ id }) => id))
      for (const entry of [...entries.values()].filter((one) => !ids.has(one.databaseId))) {
        entries.delete(entry.databaseId)
        retire(entry)
      }
    },
    status: () => [...entries.values()].map((entry) => statusOf(entry, options)),
    close: async () => {
      clearInterval(timer)
      for (const { pool } of entries.values()) pool.close()
    },
  }
}

/** What a pool depends on: when it changes, so does the pool. */
function shapeOf({ engine, target, backends, credential, pool }: SnapshotDatabase): string {
  return JSON.stringify([engine, target, backends, credential, pool])
}

function openEntry<C extends BackendConnection>(
  database: SnapshotDatabase,
  shape: string,
  options: PoolsOptions<C>,
): Entry<C> {
  const pool = new ConnectionPool<C>({
    databaseName: database.name,
    settings: database.pool,
    dial: (signal) => dialSome(database, options, signal),
    nowMs: Date.now,
    random: Math.random,
  })
  pool.warmUp()
  return { shape, databaseId: database.id, maxConnections: database.pool.maxConnections, pool }
}

function retire<C extends BackendConnection>(entry: Entry<C>): void {
  // Sessions keep their leases; each connection ends when it comes back.
  entry.pool.drain().catch(() => undefined)
}

/** The first backend that answers; the last one's failure if none does. */
async function dialSome<C extends BackendConnection>(
  database: SnapshotDatabase,
  options: PoolsOptions<C>,
  signal: AbortSignal,
): Promise<C> {
  let failure: Error = new BackendUnavailable(database.name, 'it has no primary backend')
  for (const backend of backendsToTry(database, Math.random)) {
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)])
      return await options.dial(targetOf(database, backend, options.master), deadline)
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
    }
  }
  throw failure
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
  { databaseId, maxConnections, pool }: Entry<C>,
  options: PoolsOptions<C>,
): DatabaseStatus {
  const sessions = options.sessionsOf(databaseId)
  return { databaseId, sessions, maxConnections, ...pool.health, ...pool.figures }
}
