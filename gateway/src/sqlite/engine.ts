import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { guard } from './guard.ts'
import type { Allowed, Answer, Ended, Insert, SessionState, Start } from './messages.ts'
import { EVERYTHING, type Permits, permitsOf } from './permits.ts'
import { readSchema, type Schema, schemaVersion } from './schema.ts'
import type { SqliteColumn, SqliteValue } from './types.ts'

const BUSY_TIMEOUT_MS = 5_000
const MAX_VALUE_BYTES = 64 * 1024 * 1024
const MAX_SQL_BYTES = 4_000_000
const BATCH_ROWS = 256
const BATCH_BYTES = 64 * 1024
/** A slow statement answers with what it has, so that it can be cancelled between rows. */
const BATCH_MS = 20
const VALUE_BYTES = 8
const MAX_REMEMBERED = 256

type Row = readonly SqliteValue[]

interface Running {
  readonly rows: Iterator<Row>
  readonly isWrapped: boolean
  readonly changesBefore: bigint
}

/** One open file, and at most one statement that is not yet at its end. Lives in a process of its own. */
export class Engine {
  readonly #database: DatabaseSync
  readonly #counters: StatementSync
  #running: Running | undefined
  #schema: Schema | undefined
  readonly #known = new Map<string, Permits>()
  #isPristine = true

  constructor(path: string) {
    this.#database = openFile(path)
    this.#counters = this.#database.prepare(
      'SELECT changes(), total_changes(), last_insert_rowid()',
    )
  }

  get state(): SessionState {
    const inTransaction = this.#database.isTransaction && this.#running?.isWrapped !== true
    return { inTransaction, isPristine: this.#isPristine }
  }

  describe(sql: string, allowed: Allowed, isDefinition: boolean): Answer {
    this.#guard({ allowed, isDefinition, isDescription: true })
    return { kind: 'described', columns: columnsOf(this.#database.prepare(sql)) }
  }

  start(start: Start): Answer {
    this.#guard({ ...start, isDescription: false })
    const statement = this.#database.prepare(start.sql)
    statement.setAllowBareNamedParameters(false)
    const isWrapped = start.isReturning && !this.#database.isTransaction
    const changesBefore = this.#count().total
    if (isWrapped) this.#database.exec('BEGIN')
    this.#running = { rows: iterate(statement, start), isWrapped, changesBefore }
    return this.#batch(columnsOf(statement))
  }

  next(): Answer {
    return this.#batch(undefined)
  }

  /** `inserted` hears of each row that went in; throws at the first that can't. */
  insert({ sql, rows, allowed }: Insert, inserted: () => void): void {
    this.#guard({ allowed, isDefinition: false, isDescription: false })
    const statement = this.#database.prepare(sql)
    for (const row of rows) {
      statement.run(...row)
      inserted()
    }
  }

  /** Its reader wants no more rows, or it failed. */
  finish(outcome: 'keep' | 'undo'): void {
    const running = this.#running
    this.#running = undefined
    running?.rows.return?.()
    if (running?.isWrapped) this.#end(outcome)
  }

  close(): void {
    this.#running?.rows.return?.()
    this.#database.close()
  }

  #batch(columns: readonly SqliteColumn[] | undefined): Answer {
    const rows: Row[] = []
    const isOver = fill(rows, this.#running?.rows)
    const ended = isOver ? this.#ended() : undefined
    return { kind: 'batch', columns, rows, ended, ...this.state }
  }

  #ended(): Ended {
    const before = this.#running?.changesBefore
    this.finish('keep')
    const { changes, total, lastInsertRowid } = this.#count()
    return { changes: total === before ? 0 : Number(changes), lastInsertRowid }
  }

  #end(outcome: 'keep' | 'undo'): void {
    if (!this.#database.isTransaction) return
    try {
      this.#database.exec(outcome === 'keep' ? 'COMMIT' : 'ROLLBACK')
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  #count(): {
    readonly changes: bigint
    readonly total: bigint
    readonly lastInsertRowid: bigint
  } {
    const row = this.#counters.get() as unknown as readonly bigint[]
    const [changes = 0n, total = 0n, lastInsertRowid = 0n] = row
    return { changes, total, lastInsertRowid }
  }

  #guard(asked: {
    readonly allowed: Allowed
    readonly isDefinition: boolean
    readonly isDescription: boolean
  }): void {
    const permits = this.#permits(asked.allowed)
    const marks = () => {
      this.#isPristine = false
    }
    this.#database.setAuthorizer(guard({ ...asked, permits, marks }))
  }

  #permits(allowed: Allowed): Permits {
    if (allowed === 'everything') return EVERYTHING
    this.#database.setAuthorizer(null)
    const version = schemaVersion(this.#database)
    if (this.#schema?.version !== version) {
      this.#schema = readSchema(this.#database)
      this.#known.clear()
    }
    return this.#remembered(allowed, this.#schema)
  }

  /** What follows from the same tables stays the same until the schema changes. */
  #remembered(allowed: Allowed, schema: Schema): Permits {
    const key = JSON.stringify(allowed)
    const known = this.#known.get(key)
    if (known) return known
    if (this.#known.size === MAX_REMEMBERED) this.#known.clear()
    const permits = permitsOf(this.#database, allowed, schema)
    this.#known.set(key, permits)
    return permits
  }
}

function openFile(path: string): DatabaseSync {
  // mode=rw: a missing file is an error, never a new database.
  const url = pathToFileURL(path)
  url.searchParams.set('mode', 'rw')
  const database = new DatabaseSync(url, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    allowExtension: false,
    defensive: true,
    readBigInts: true,
    returnArrays: true,
    limits: { attach: 0, length: MAX_VALUE_BYTES, sqlLength: MAX_SQL_BYTES },
  })
  database.exec('PRAGMA trusted_schema = OFF')
  database.exec('PRAGMA cell_size_check = ON')
  // What spills would fill a disk; memory is bounded by the process's watch.
  database.exec('PRAGMA temp_store = MEMORY')
  // A read-only file, or another writer just now, keeps its journal as it is.
  ignoreFailure(() => database.exec('PRAGMA journal_mode = WAL'))
  return database
}

function ignoreFailure(work: () => void): void {
  try {
    work()
  } catch {}
}

function iterate(statement: StatementSync, { named, values }: Start): Iterator<Row> {
  const rows =
    Object.keys(named).length === 0
      ? statement.iterate(...values)
      : statement.iterate(named, ...values)
  return rows as unknown as Iterator<Row>
}

/** True when the statement is at its end. */
function fill(rows: Row[], source: Iterator<Row> | undefined): boolean {
  const deadline = performance.now() + BATCH_MS
  let bytes = 0
  while (rows.length < BATCH_ROWS && bytes < BATCH_BYTES) {
    const step = source?.next()
    if (step === undefined || step.done) return true
    rows.push(step.value)
    bytes += bytesOf(step.value)
    if (performance.now() > deadline) return false
  }
  return false
}

function bytesOf(row: Row): number {
  return row.reduce<number>((bytes, value) => bytes + valueBytes(value), 0)
}

function valueBytes(value: SqliteValue): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : VALUE_BYTES
}

function columnsOf(statement: StatementSync): readonly SqliteColumn[] {
  return statement.columns().map(({ name, type, table, column }) => ({
    name,
    declaredType: type ?? undefined,
    table: table ?? undefined,
    column: column ?? undefined,
  }))
}
