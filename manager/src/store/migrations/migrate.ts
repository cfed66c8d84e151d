import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { Conflict, UniqueViolation } from '../faults.ts'
import { endLease, takeLease } from '../leases.ts'
import type { Store } from '../open-store.ts'
import type { AuditHeadRow, CounterRow, Schema } from '../schema.ts'
import { ensureRow } from '../writing.ts'
import { first } from './0001-first.ts'
import { userPooling } from './0002-user-pooling.ts'
import { firewall } from './0003-firewall.ts'
import { learning } from './0004-learning.ts'
import { sqlFiles } from './0005-sql-files.ts'
import { masking } from './0006-masks.ts'
import type { Migration } from './migration.ts'
import {
  type Addition,
  addStatement,
  createStatements,
  type Ddl,
  instant,
  type Table,
  text,
} from './table.ts'

const MIGRATIONS: readonly Migration[] = [first, userPooling, firewall, learning, sqlFiles, masking]

/** What must be there before a migration can be recorded, or kept from running twice. */
const FOUNDATION: readonly Table[] = [
  {
    name: 'leases',
    columns: { name: text(128), owner: text(128), valid_until: instant },
    primary: ['name'],
  },
  {
    name: 'schema_migrations',
    columns: { name: text(128), applied_at: instant },
    primary: ['name'],
  },
]

const LEASE = 'schema_migrations'
const LEASE_MS = 30_000
const POLL_MS = 100

export interface MigrateOptions {
  readonly clock?: () => Date
  /** How long to wait while another process migrates. */
  readonly timeoutMs?: number
}

/**
 * Brings the store to this program's schema and returns the names of the migrations it applied. Several may
 * start it at once; one works, under a lease row, because GET_LOCK holds on one Galera node only. DDL doesn't
 * roll back on MySQL: every statement may be repeated, and a migration is recorded when its last one is through.
 */
export async function migrate(
  store: Store,
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  const { clock = () => new Date(), timeoutMs = 120_000 } = options
  const ddl = await ddlOf(store)
  await layFoundation(store, ddl)
  if ((await pending(store.db)).length === 0) return []

  const owner = randomUUID()
  await waitForLease(store, { owner, clock, giveUpAt: clock().getTime() + timeoutMs })
  try {
    const waiting = await pending(store.db)
    for (const migration of waiting) await apply(store, migration, { ddl, owner, clock })
    return waiting.map(({ name }) => name)
  } finally {
    await endLease(store, LEASE, owner)
  }
}

/** Whether the store has this program's schema; throws when it has a newer one. */
export async function isMigrated(store: Store): Promise<boolean> {
  try {
    return (await pending(store.db)).length === 0
  } catch (error) {
    if (await hasTables(store)) throw error
    return false
  }
}

async function hasTables(store: Store): Promise<boolean> {
  const tables = await store.db.introspection.getTables()
  return tables.some(({ name }) => name === 'schema_migrations')
}

async function pending(db: Kysely<Schema>): Promise<readonly Migration[]> {
  const rows = await db.selectFrom('schema_migrations').select('name').execute()
  const applied = new Set(rows.map(({ name }) => name))
  const unknown = [...applied].filter((name) => !MIGRATIONS.some((known) => known.name === name))
  if (unknown.length > 0) {
    throw new Error(`the store was migrated by a newer version of ArticDBM: ${unknown.join(', ')}`)
  }
  return MIGRATIONS.filter(({ name }) => !applied.has(name))
}

interface Course {
  readonly ddl: Ddl
  readonly owner: string
  readonly clock: () => Date
}

async function apply(store: Store, migration: Migration, course: Course): Promise<void> {
  for (const table of migration.tables ?? []) {
    await keepLease(store, course)
    await create(store.db, table, course.ddl)
  }
  for (const addition of migration.additions ?? []) {
    await keepLease(store, course)
    await add(store.db, addition, course.ddl)
  }
  await store.transaction(
    async (tx) => {
      for (const counter of migration.counters ?? []) {
        await ensureRow(tx, 'counters', counter satisfies Record<keyof CounterRow, unknown>)
      }
      for (const head of migration.heads ?? []) {
        await ensureRow(tx, 'audit_head', head satisfies Record<keyof AuditHeadRow, unknown>)
      }
      const applied = { name: migration.name, applied_at: course.clock().toISOString() }
      await tx.insertInto('schema_migrations').values(applied).execute()
    },
    { isIdempotent: false },
  )
}

async function create(db: Kysely<Schema>, table: Table, ddl: Ddl): Promise<void> {
  for (const statement of createStatements(table, ddl)) await sql.raw(statement).execute(db)
}

async function keepLease(store: Store, { owner, clock }: Course): Promise<void> {
  if (await takeLease(store, { name: LEASE, owner, validForMs: LEASE_MS, now: clock() })) return
  throw new Error('the lease on the migration was lost: another process has taken it over')
}

async function waitForLease(
  store: Store,
  { owner, clock, giveUpAt }: { owner: string; clock: () => Date; giveUpAt: number },
): Promise<void> {
  for (;;) {
    const claim = { name: LEASE, owner, validForMs: LEASE_MS, now: clock() }
    if (await takeLease(store, claim)) return
    if (clock().getTime() > giveUpAt) throw new Error('another process migrates and does not end')
    await sleep(POLL_MS)
  }
}

async function add(db: Kysely<Schema>, addition: Addition, ddl: Ddl): Promise<void> {
  const tables = await db.introspection.getTables()
  const table = tables.find(({ name }) => name === addition.table)
  if (table?.columns.some(({ name }) => name === addition.name)) return
  await sql.raw(addStatement(addition, ddl)).execute(db)
}

const FOUNDATION_TRIES = 10

/** PostgreSQL's IF NOT EXISTS looks before it locks: two at once may still meet in its catalog. */
async function layFoundation(store: Store, ddl: Ddl): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      for (const table of FOUNDATION) await create(store.db, table, ddl)
      return
    } catch (error) {
      const mayPass = error instanceof UniqueViolation || error instanceof Conflict
      if (!mayPass || tries === FOUNDATION_TRIES) throw error
      await sleep(POLL_MS)
    }
  }
}

async function ddlOf(store: Store): Promise<Ddl> {
  const { type } = store
  if (type === 'sqlite' || type === 'postgres') return { type, collation: '' }
  const { rows } = await store.read((db) =>
    sql<{ version: string }>`SELECT VERSION() AS version`.execute(db),
  )
  const isMariadb = /mariadb/i.test(rows[0]?.version ?? '')
  return { type, collation: isMariadb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin' }
}
