import { randomBytes, randomUUID } from 'node:crypto'
import {
  type BackendCredential,
  type Database,
  type DatabaseChange,
  type DatabaseCreation,
  DEFAULT_POLICY,
  DEFAULT_ROUTING,
  defaultPool,
  type Engine,
} from '@articdbm/contract'
import { NONCE_BYTES, seal } from '@articdbm/credential'
import type { Kysely } from 'kysely'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import type { Actor } from '../identity/actor.ts'
import { may } from '../identity/permissions.ts'
import type { Acting } from '../identity/services.ts'
import { poolsOf } from '../status/status.ts'
import { foldKey, NotFound, type Schema, UniqueViolation, updateVersion } from '../store/index.ts'
import type { Databases } from './services.ts'
import {
  assertBackendsFit,
  backendRows,
  defaultSchema,
  policyOf,
  poolColumn,
  poolOf,
  presentDatabase,
  readPolicy,
  readPool,
  readRouting,
  routingOf,
  targetOf,
} from './shape.ts'
import {
  backendsOf,
  type DatabaseRecord,
  deleteDatabase,
  findDatabase,
  insertDatabase,
  listDatabases,
  replaceBackends,
} from './store.ts'

export const CREDENTIAL_PURPOSE = 'backend-credential'

export function createDatabases(base: Base, test: Databases['test']): Databases {
  return {
    list: async (actor, { search = '', limit = 50, offset = 0 }) => {
      const grantedTo = narrowing(base, actor)
      return base.store.read(async (db) => {
        const { rows, total } = await listDatabases(db, { search, limit, offset, grantedTo })
        return { items: await presentAll(db, rows, actor), total }
      })
    },
    get: (actor, name) => getDatabase(base, actor, name),
    pool: async (actor, name) => {
      const { id, pool } = await getDatabase(base, actor, name)
      return { mode: pool.mode ?? 'transaction', gateways: await poolsOf(base, id) }
    },
    create: (by, creation) => createDatabase(base, by, creation),
    change: (by, name, change) => changeDatabase(base, by, { name, change }),
    remove: (by, name) => removeDatabase(base, by, name),
    test: async (actor, name) => {
      await getDatabase(base, actor, name)
      return test(actor, name)
    },
  }
}

/** Who may not administer databases sees only those that a grant opens. */
function narrowing(base: Base, actor: Actor) {
  if (may(actor.role, 'databases:write')) return undefined
  return { userId: actor.userId, now: base.now().toISOString() }
}

async function getDatabase(base: Base, actor: Actor, name: string): Promise<Database> {
  const grantedTo = narrowing(base, actor)
  const found = await base.store.read(async (db) => {
    const { rows } = grantedTo
      ? await listDatabases(db, { search: '', limit: 10_000, offset: 0, grantedTo })
      : { rows: [await findDatabase(db, name)] }
    const row = rows.find((candidate) => candidate?.name_key === foldKey(name))
    return row && (await presentAll(db, [row], actor))[0]
  })
  if (!found) throw new NotFound(`database "${name}"`)
  return found
}

async function presentAll(
  db: Kysely<Schema>,
  rows: readonly DatabaseRecord[],
  actor: Actor,
): Promise<Database[]> {
  const isTrusted = may(actor.role, 'databases:write')
  const backends = isTrusted
    ? await backendsOf(
        db,
        rows.map(({ id }) => id),
      )
    : []
  return rows.map((row) => presentDatabase(row, backends))
}

function createDatabase(base: Base, by: Acting, creation: DatabaseCreation): Promise<Database> {
  const { engine, name, backends = [] } = creation
  assertBackendsFit(engine, backends)
  const target = targetOf(engine, name, creation.target)
  const at = base.now().toISOString()
  const row: DatabaseRecord = {
    id: randomUUID(),
    name,
    name_key: foldKey(name),
    engine,
    target,
    default_schema: defaultSchema(engine, target),
    credential_sealed: sealed(base, creation.credential ?? null),
    pool: poolColumn(
      poolOf(defaultPool(creation.engine), creation.pool),
      routingOf(DEFAULT_ROUTING, creation.routing),
    ),
    policy: JSON.stringify(policyOf(DEFAULT_POLICY, creation.policy)),
    created_at: at,
    updated_at: at,
    version: 1,
  }
  return administer(base, by, 'databases', async (tx) => {
    if (await findDatabase(tx, name)) throw new UniqueViolation('databases_name_key_unique')
    const rows = backendRows(row.id, backends)
    await insertDatabase(tx, row)
    await replaceBackends(tx, row.id, rows)
    const result = presentDatabase(row, rows)
    const subject = `database:${name}`
    return { result, action: 'database.create', subject, before: null, after: result }
  })
}

interface NamedChange {
  readonly name: string
  readonly change: DatabaseChange
}

function changeDatabase(base: Base, by: Acting, { name, change }: NamedChange): Promise<Database> {
  return administer(base, by, 'databases', async (tx) => {
    const row = await existing(tx, name)
    const engine = row.engine as Engine
    const before = presentDatabase(row, await backendsOf(tx, [row.id]))
    const changed = changedRow(base, row, change)
    const version = change.version ?? Number(row.version)
    const { created_at: _created, id: _id, version: _version, ...columns } = changed
    await updateVersion(tx, 'databases', { id: row.id, version }, columns)
    if (change.backends) {
      assertBackendsFit(engine, change.backends)
      await replaceBackends(tx, row.id, backendRows(row.id, change.backends))
    }
    const result = presentDatabase(
      { ...changed, version: version + 1 },
      await backendsOf(tx, [row.id]),
    )
    const subject = `database:${row.name}`
    return { result, action: 'database.change', subject, before, after: result }
  })
}

function changedRow(base: Base, row: DatabaseRecord, change: DatabaseChange): DatabaseRecord {
  const engine = row.engine as Engine
  const target = targetOf(engine, row.name, change.target ?? row.target)
  return {
    ...row,
    target,
    default_schema: defaultSchema(engine, target),
    credential_sealed:
      change.credential === undefined ? row.credential_sealed : sealed(base, change.credential),
    pool: poolColumn(
      poolOf(readPool(row), change.pool),
      routingOf(readRouting(row), change.routing),
    ),
    policy: JSON.stringify(policyOf(readPolicy(row), change.policy)),
    updated_at: base.now().toISOString(),
  }
}

function removeDatabase(base: Base, by: Acting, name: string): Promise<void> {
  return administer(base, by, 'databases', async (tx) => {
    const row = await existing(tx, name)
    const before = presentDatabase(row, await backendsOf(tx, [row.id]))
    await deleteDatabase(tx, row.id)
    const subject = `database:${row.name}`
    return { result: undefined, action: 'database.remove', subject, before, after: null }
  })
}

async function existing(db: Kysely<Schema>, name: string): Promise<DatabaseRecord> {
  const row = await findDatabase(db, name)
  if (!row) throw new NotFound(`database "${name}"`)
  return row
}

function sealed(base: Base, credential: BackendCredential | null): string | null {
  if (credential === null) return null
  const { user, password } = credential
  const text = JSON.stringify({ user, password })
  return seal(base.master, CREDENTIAL_PURPOSE, text, randomBytes(NONCE_BYTES))
}
