import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import {
  type Answer,
  codeOf,
  type Engine,
  exactNumber,
  type Row,
  type Session,
  type Value,
} from '../engine.ts'
import type { SqliteConfig } from '../store-config.ts'
import { explainSqlite, isBusy } from './faults.ts'
import { Turnstile } from './turnstile.ts'

const BUSY_TIMEOUT_MS = 5_000
const BUSY_PAUSE_MS = 20
const CACHED_STATEMENTS = 200
/** A batch's statement is long, differs with its number of rows and holds megabytes once prepared. */
const CACHED_CHARACTERS = 4_000

export function openSqlite(config: SqliteConfig): Engine {
  const database = new DatabaseSync(config.path, { timeout: 0, enableForeignKeyConstraints: true })
  prepareDatabase(database)
  const turnstile = new Turnstile()
  const statements = new StatementCache(database)
  return {
    type: 'sqlite',
    begin: 'BEGIN IMMEDIATE', // a deferred one may fail when it comes to its first write
    connect: async () => {
      const leave = await turnstile.enter()
      return openSession(database, statements, leave)
    },
    end: async () => database.close(),
    explain: explainSqlite,
    adapter: () => new OwnTurnstileAdapter(),
    compiler: () => new SqliteQueryCompiler(),
    introspector: (db) => new SqliteIntrospector(db),
  }
}

/** Kysely's own queue would make a statement past its transaction wait for ever, before the store can refuse it. */
class OwnTurnstileAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): true {
    return true
  }
}

function prepareDatabase(database: DatabaseSync): void {
  database.exec('PRAGMA busy_timeout = 5000') // for this start only: another process may be switching to WAL
  database.exec('PRAGMA journal_mode = WAL')
  // FULL: an acknowledged audit event is deleted at the gateway, so it must survive a power cut here.
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA case_sensitive_like = ON')
  database.exec('PRAGMA trusted_schema = OFF')
  database.exec('PRAGMA cache_size = -32000')
  database.exec('PRAGMA busy_timeout = 0') // waiting happens between tries, not on the event loop
}

function openSession(
  database: DatabaseSync,
  statements: StatementCache,
  leave: () => void,
): Session {
  return {
    execute: (sql, parameters) =>
      whenNotBusy(database, () => execute(statements.prepare(sql), parameters)),
    release: leave,
    destroy: () => {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
      leave()
    },
  }
}

/** Another process holds the write lock for milliseconds; inside a transaction the lock is ours already. */
async function whenNotBusy(database: DatabaseSync, work: () => Answer): Promise<Answer> {
  const giveUpAt = performance.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || database.isTransaction || performance.now() > giveUpAt) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * BUSY_PAUSE_MS))
  }
}

function execute(statement: StatementSync, parameters: readonly Value[]): Answer {
  if (statement.columns().length > 0)
    return { rows: read(statement, parameters), affected: undefined }
  const { changes } = statement.run(...parameters)
  return { rows: [], affected: Number(changes) }
}

function read(statement: StatementSync, parameters: readonly Value[]): readonly Row[] {
  try {
    return statement.all(...parameters)
  } catch (error) {
    if (codeOf(error) !== 'ERR_OUT_OF_RANGE') throw error
  }
  return readBigInts(statement, parameters)
}

/** Only rows with a number past 2^53 come here: reading all as bigints costs. */
function readBigInts(statement: StatementSync, parameters: readonly Value[]): readonly Row[] {
  statement.setReadBigInts(true)
  try {
    return statement
      .all(...parameters)
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'bigint' ? exactNumber(value) : value,
          ]),
        ),
      )
  } finally {
    statement.setReadBigInts(false)
  }
}

class StatementCache {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  constructor(database: DatabaseSync) {
    this.#database = database
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    if (sql.length > CACHED_CHARACTERS) return statement
    if (this.#statements.size >= CACHED_STATEMENTS) this.#forgetOldest()
    this.#statements.set(sql, statement)
    return statement
  }

  #forgetOldest(): void {
    const oldest = this.#statements.keys().next().value
    if (oldest !== undefined) this.#statements.delete(oldest)
  }
}
