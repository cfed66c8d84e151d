import { Kysely, sql, type Transaction } from 'kysely'
import type { Engine } from './engine.ts'
import { CommitUnknown } from './faults.ts'
import { openMysql } from './mysql/engine.ts'
import { openPostgres } from './postgres/engine.ts'
import { withRetries } from './retry.ts'
import type { Schema } from './schema.ts'
import { openSqlite } from './sqlite/engine.ts'
import { DEFAULT_RETRIES, type StoreConfig, type StoreType } from './store-config.ts'
import { asTransaction, dialectFor } from './store-driver.ts'

export type Tx = Transaction<Schema>

export interface WorkOptions {
  /** The work may be repeated even where the first commit's outcome is unknown. */
  readonly isIdempotent?: boolean
}

export interface Store extends AsyncDisposable {
  readonly type: StoreType
  /** For single statements. What several statements decide together belongs in `transaction`. */
  readonly db: Kysely<Schema>
  /** All of `work` or nothing of it; repeated after deadlocks and lost connections, so it must have no effect elsewhere. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: WorkOptions): Promise<T>
  /** Reads without a transaction, repeated after a lost connection. */
  read<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /** Resolves when the store answers, rejects with StoreUnavailable when it doesn't. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Connects lazily: the first statement finds out whether the store is there. */
export function openStore(config: StoreConfig): Store {
  const db = new Kysely<Schema>({ dialect: dialectFor(openEngine(config)) })
  const limits = config.retries ?? DEFAULT_RETRIES
  const close = (): Promise<void> => db.destroy()
  return {
    type: config.type,
    db,
    transaction: (work, options = {}) =>
      withRetries(limits, () => transactOnce(db, work), mayRepeat(options)),
    read: (work) => withRetries(limits, () => work(db), mayRepeat({ isIdempotent: true })),
    ping: async () => {
      await sql`SELECT 1 AS answer`.execute(db)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function openEngine(config: StoreConfig): Engine {
  switch (config.type) {
    case 'sqlite':
      return openSqlite(config)
    case 'postgres':
      return openPostgres(config)
    case 'mysql':
    case 'galera':
      return openMysql(config)
  }
}

function transactOnce<T>(db: Kysely<Schema>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute((tx) => asTransaction(() => work(tx)))
}

function mayRepeat({ isIdempotent = false }: WorkOptions): (fault: unknown) => boolean {
  return (fault) => isIdempotent || !(fault instanceof CommitUnknown)
}
