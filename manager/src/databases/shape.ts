// From what a person sends to rows, and back, with the rules of each engine.

import { randomUUID } from 'node:crypto'
import { isAbsolute } from 'node:path'
import {
  type BackendCreation,
  type BackendView,
  type Database,
  type DatabaseChange,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  DEFAULT_ROUTING,
  type Engine,
  type Policy,
  type PoolSettings,
  type Routing,
} from '@articdbm/contract'
import { NotAcceptable } from '../http/faults.ts'
import type { BackendRecord, DatabaseRecord } from './store.ts'

/** Where an unqualified name is found. */
export function defaultSchema(engine: Engine, target: string): string {
  if (engine === 'postgres') return 'public'
  return engine === 'sqlite' ? 'main' : target
}

export function targetOf(engine: Engine, name: string, target: string | undefined): string {
  if (engine !== 'sqlite') return target ?? name
  if (target === undefined || !isAbsolute(target)) {
    throw new NotAcceptable(
      'path_required',
      'a SQLite database needs the absolute path of its file as target',
    )
  }
  return target
}

/** SQLite is a file of the gateway's; everything else needs somewhere to connect to, once as primary. */
export function assertBackendsFit(engine: Engine, backends: readonly BackendCreation[]): void {
  if (engine === 'sqlite') {
    if (backends.length === 0) return
    throw new NotAcceptable('no_backends_for_sqlite', 'a SQLite database has no backends')
  }
  if (backends.some(({ role }) => (role ?? 'primary') === 'primary')) return
  throw new NotAcceptable('primary_required', `a ${engine} database needs a primary backend`)
}

export function backendRows(
  databaseId: string,
  backends: readonly BackendCreation[],
): readonly BackendRecord[] {
  return backends.map((backend, position) => ({
    id: randomUUID(),
    database_id: databaseId,
    host: backend.host,
    port: backend.port,
    role: backend.role ?? 'primary',
    weight: backend.weight ?? 100,
    tls: backend.tls ?? 'prefer',
    position,
  }))
}

export function poolOf(current: PoolSettings, change: DatabaseChange['pool']): PoolSettings {
  return { ...current, ...change }
}

export function policyOf(current: Policy, change: DatabaseChange['policy']): Policy {
  return { ...current, ...change }
}

export function routingOf(current: Routing, change: DatabaseChange['routing']): Routing {
  return { ...current, ...change }
}

/** The column `pool` holds the routing, too. */
type PoolColumn = Partial<PoolSettings> & { readonly routing?: Partial<Routing> }

export function poolColumn(pool: PoolSettings, routing: Routing): string {
  return JSON.stringify({ ...pool, routing })
}

/** Also of rows that an earlier version wrote, which lack what was added since. */
export function readPool(row: Pick<DatabaseRecord, 'pool'>): PoolSettings {
  const { routing: _routing, ...pool } = JSON.parse(row.pool) as PoolColumn
  return { ...DEFAULT_POOL, ...pool }
}

export function readRouting(row: Pick<DatabaseRecord, 'pool'>): Routing {
  return { ...DEFAULT_ROUTING, ...(JSON.parse(row.pool) as PoolColumn).routing }
}

export function readPolicy(row: Pick<DatabaseRecord, 'policy'>): Policy {
  return { ...DEFAULT_POLICY, ...(JSON.parse(row.policy) as Partial<Policy>) }
}

export function presentBackend(row: BackendRecord): BackendView {
  return {
    id: row.id,
    host: row.host,
    port: Number(row.port),
    role: row.role as BackendView['role'],
    weight: Number(row.weight),
    tls: row.tls as BackendView['tls'],
  }
}

export function presentDatabase(row: DatabaseRecord, backends: readonly BackendRecord[]): Database {
  return {
    id: row.id,
    name: row.name,
    engine: row.engine as Engine,
    target: row.target,
    defaultSchema: row.default_schema,
    backends: backends.filter((b) => b.database_id === row.id).map(presentBackend),
    hasCredential: row.credential_sealed !== null,
    pool: readPool(row),
    routing: readRouting(row),
    policy: readPolicy(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: Number(row.version),
  }
}
