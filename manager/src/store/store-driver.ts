import { AsyncLocalStorage } from 'node:async_hooks'
import { Fault } from '@articdbm/contract'
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  OperationNode,
  QueryResult,
} from 'kysely'
import type { Engine, Session } from './engine.ts'
import { CommitUnknown, StoreUnavailable } from './faults.ts'
import { presentRows, writable } from './values.ts'

/** Kysely's view of an engine. */
export function dialectFor(engine: Engine): Dialect {
  return {
    createAdapter: () => engine.adapter(),
    createQueryCompiler: () => engine.compiler(),
    createIntrospector: (db) => engine.introspector(db),
    createDriver: () => new StoreDriver(engine),
  }
}

interface OpenTransaction {
  isOpen: boolean
}

const insideTransaction = new AsyncLocalStorage<OpenTransaction>()

/** Marks what `work` starts, so that a statement past the transaction is found on every engine, not only where it would wait for ever. */
export async function asTransaction<T>(work: () => Promise<T>): Promise<T> {
  const mark: OpenTransaction = { isOpen: true }
  try {
    return await insideTransaction.run(mark, work)
  } finally {
    mark.isOpen = false
  }
}

class StoreDriver implements Driver {
  readonly #engine: Engine
  constructor(engine: Engine) {
    this.#engine = engine
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<StoreConnection> {
    if (insideTransaction.getStore()?.isOpen) {
      throw new Error('inside a transaction use the transaction, not the store')
    }
    try {
      return new StoreConnection(this.#engine, await this.#engine.connect())
    } catch (error) {
      throw this.#engine.explain(error, '') ?? error
    }
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).begin()
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).commit()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).rollback()
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    own(connection).release()
  }

  async destroy(): Promise<void> {
    await this.#engine.end()
  }
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'active' }
  /** A statement failed: PostgreSQL refuses all that follows, so every engine does. */
  | { readonly kind: 'failed'; readonly fault: unknown }
  | { readonly kind: 'broken' }

class StoreConnection implements DatabaseConnection {
  readonly #engine: Engine
  readonly #session: Session
  #phase: Phase = { kind: 'idle' }

  constructor(engine: Engine, session: Session) {
    this.#engine = engine
    this.#session = session
  }

  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#phase.kind === 'failed') {
      throw new Error('a statement of this transaction failed: it can only be rolled back', {
        cause: this.#phase.fault,
      })
    }
    try {
      const parameters = compiled.parameters.map(writable)
      const { rows, affected } = await this.#session.execute(compiled.sql, parameters)
      const result = { rows: presentRows(rows) as R[] }
      return affected === undefined ? result : { ...result, numAffectedRows: BigInt(affected) }
    } catch (error) {
      throw this.#failed(error, tableOf(compiled.query))
    }
  }

  // biome-ignore lint/correctness/useYield: a store's answers are pages, never streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the store does not stream')
  }

  async begin(): Promise<void> {
    try {
      await this.#session.execute(this.#engine.begin, [])
      this.#phase = { kind: 'active' }
    } catch (error) {
      throw this.#failed(error, '')
    }
  }

  async commit(): Promise<void> {
    if (this.#phase.kind === 'failed') throw this.#phase.fault
    try {
      await this.#session.execute('COMMIT', [])
      this.#phase = { kind: 'idle' }
    } catch (error) {
      const fault = this.#failed(error, '')
      throw fault instanceof StoreUnavailable ? new CommitUnknown(error) : fault
    }
  }

  async rollback(): Promise<void> {
    if (this.#phase.kind === 'broken') return
    try {
      await this.#session.execute('ROLLBACK', [])
      this.#phase = { kind: 'idle' }
    } catch {
      this.#phase = { kind: 'broken' } // the first failure is the one to tell; this connection is not used again
    }
  }

  release(): void {
    if (this.#phase.kind === 'idle') this.#session.release()
    else this.#session.destroy()
  }

  #failed(error: unknown, table: string): unknown {
    const fault = error instanceof Fault ? error : (this.#engine.explain(error, table) ?? error)
    if (fault instanceof StoreUnavailable) this.#phase = { kind: 'broken' }
    else if (this.#phase.kind === 'active') this.#phase = { kind: 'failed', fault }
    return fault
  }
}

function own(connection: DatabaseConnection): StoreConnection {
  if (connection instanceof StoreConnection) return connection
  throw new Error('a connection of another driver')
}

/** The table that a statement writes; MariaDB names only PRIMARY when its key is violated. */
function tableOf(node: OperationNode | object): string {
  if ('name' in node && typeof node.name === 'string') return node.name
  for (const [name, inner] of Object.entries(node)) {
    if (TOWARDS_TABLE.has(name) && typeof inner === 'object' && inner !== null)
      return tableOf(inner)
  }
  return ''
}

const TOWARDS_TABLE = new Set(['into', 'table', 'identifier'])
