import { stat } from 'node:fs/promises'
import { parse, resolve } from 'node:path'
import { BackendUnavailable, PoolExhausted, ShuttingDown } from '@articdbm/contract'
import { EngineConnection } from './connection.ts'
import { EngineClient } from './engine-client.ts'
import { sqliteError } from './error.ts'
import type { SqliteConnection, SqliteDatabases } from './types.ts'

export interface SqliteOptions {
  readonly maxConnections?: number
  readonly checkoutTimeoutMs?: number
  /** Processes started ahead, so that a connect doesn't wait for one. */
  readonly warmProcesses?: number
  /** Of one engine's process: beyond it, the process ends. */
  readonly maxBytes?: number
}

/** Beyond SQLite's own waiting for a lock. */
const OPEN_TIMEOUT_MS = 15_000

const DEFAULTS = {
  maxConnections: 64,
  checkoutTimeoutMs: 5_000,
  warmProcesses: 1,
  maxBytes: 1024 * 1024 * 1024,
} as const satisfies Required<SqliteOptions>

export function createSqliteDatabases(options: SqliteOptions = {}): SqliteDatabases {
  return new Databases({ ...DEFAULTS, ...options })
}

class Databases implements SqliteDatabases {
  readonly #options: Required<SqliteOptions>
  readonly #open = new Set<SqliteConnection>()
  readonly #warm: EngineClient[] = []
  readonly #queue: (() => void)[] = []
  #opening = 0
  #isClosed = false

  constructor(options: Required<SqliteOptions>) {
    this.#options = options
    this.#warmUp()
  }

  async open(path: string): Promise<SqliteConnection> {
    const file = resolve(path)
    await mustBeFile(file)
    await this.#room(file)
    try {
      const connection = await this.#connect(file)
      this.#open.add(connection)
      return connection
    } finally {
      this.#opening -= 1
      this.#next()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiting of this.#queue.splice(0)) waiting()
    const ends = this.#warm.splice(0).map((engine) => engine.kill())
    await Promise.all([...ends, ...[...this.#open].map((connection) => connection.close())])
  }

  async #connect(file: string): Promise<SqliteConnection> {
    if (this.#isClosed) throw new ShuttingDown()
    const engine = this.#takeEngine()
    const timer = setTimeout(() => void engine.kill(), OPEN_TIMEOUT_MS)
    try {
      await engine.ready()
      const answer = await engine.ask({ kind: 'open', path: file })
      if (answer.kind === 'failed') throw sqliteError(answer.message, answer.resultCode, '')
      if (this.#isClosed) throw new ShuttingDown()
      return new EngineConnection(engine, (connection) => this.#forget(connection))
    } catch (error) {
      await engine.kill()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  #takeEngine(): EngineClient {
    const warm = this.#warm.pop()
    const engine = warm && !warm.isGone ? warm : new EngineClient(this.#options.maxBytes)
    engine.ref()
    this.#warmUp()
    return engine
  }

  #warmUp(): void {
    while (!this.#isClosed && this.#warm.length < this.#options.warmProcesses) {
      const engine = new EngineClient(this.#options.maxBytes)
      engine.unref()
      this.#warm.push(engine)
    }
  }

  #forget(connection: SqliteConnection): void {
    this.#open.delete(connection)
    this.#next()
  }

  /** Waits until another connection may be open. */
  async #room(file: string): Promise<void> {
    if (this.#isClosed) throw new ShuttingDown()
    if (this.#isFull && !(await this.#waited())) {
      throw new PoolExhausted(parse(file).name, this.#options.checkoutTimeoutMs)
    }
    this.#opening += 1
  }

  get #isFull(): boolean {
    return this.#open.size + this.#opening >= this.#options.maxConnections
  }

  async #waited(): Promise<boolean> {
    const { promise, resolve: settle } = Promise.withResolvers<boolean>()
    const wake = () => settle(true)
    this.#queue.push(wake)
    const timer = setTimeout(() => settle(false), this.#options.checkoutTimeoutMs)
    const isWoken = await promise
    clearTimeout(timer)
    const place = this.#queue.indexOf(wake)
    if (place !== -1) this.#queue.splice(place, 1)
    return isWoken
  }

  #next(): void {
    if (!this.#isFull) this.#queue.shift()?.()
  }
}

async function mustBeFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  const { name } = parse(file)
  if (found === undefined) throw new BackendUnavailable(name, 'its file does not exist')
  if (!found.isFile()) throw new BackendUnavailable(name, 'its path is not a regular file')
}
