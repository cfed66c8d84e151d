// The database servers that everything is measured on, with their data: started when first asked for.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { type Server, startMariadb, startPostgres } from '../../tests/support/servers/index.ts'
import { DATABASE } from '../../tests/support/servers/server.ts'
import { BIG_RESULT_FILE } from './loads/pgbench.ts'
import { streamOf } from './loads/stream.ts'
import { sysbenchArguments } from './loads/sysbench.ts'
import { execute } from './measure/program.ts'
import type { Address } from './ways/way.ts'

export type Engine = 'postgres' | 'mariadb'

/** As many branches as the most clients that write at once. */
const SCALE = 16
const PREPARATION_LIMIT_MS = 180_000

const RESULT_ROWS = 100_000
const RESULT_QUERY = 'SELECT * FROM bench_rows'

const POSTGRES_SETTINGS = [
  'shared_buffers = 512MB', // all data is in memory: proxies are measured, not disks
  'max_wal_size = 4GB',
  'checkpoint_timeout = 1h',
  'autovacuum = off', // `tidy` does it, between the loads
]
const MARIADB_SETTINGS = ['innodb_buffer_pool_size=512M', 'innodb_log_file_size=256M']

export class Bed implements AsyncDisposable {
  readonly directory: string
  readonly #servers = new Map<Engine, Promise<Server>>()
  #resultBytes: Promise<number> | undefined

  constructor(directory: string) {
    this.directory = directory
  }

  server(engine: Engine): Promise<Server> {
    const started = this.#servers.get(engine) ?? this.#start(engine)
    this.#servers.set(engine, started)
    return started
  }

  /** How one logs in at the server itself, and at proxies that know no other people. */
  login({ user, password }: Server): Pick<Address, 'user' | 'password' | 'database'> {
    return { user, password, database: DATABASE }
  }

  async scramVerifier(): Promise<string> {
    const [row] = await this.#ask('SELECT rolpassword FROM pg_authid WHERE rolname = current_user')
    return String(row?.rolpassword)
  }

  /** Takes away what writing has left behind, so that no run pays for the one before. */
  async tidy(): Promise<void> {
    await this.#ask('TRUNCATE pgbench_history')
    await this.#ask('VACUUM pgbench_branches, pgbench_tellers, pgbench_accounts')
    await this.#ask('CHECKPOINT')
  }

  /** What the big result takes on the wire, all messages included. */
  resultBytes(): Promise<number> {
    this.#resultBytes ??= this.#withClient(async (client) => {
      const stream = streamOf(client)
      const before = stream.bytesRead
      await client.query(RESULT_QUERY)
      return stream.bytesRead - before
    })
    return this.#resultBytes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const started = await Promise.allSettled(this.#servers.values())
    await Promise.allSettled(
      started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)),
    )
  }

  async #start(engine: Engine): Promise<Server> {
    if (engine === 'mariadb') {
      const server = await startMariadb({ settings: MARIADB_SETTINGS })
      await this.#fillMariadb(server)
      return server
    }
    const server = await startPostgres({ settings: POSTGRES_SETTINGS })
    await this.#fillPostgres(server)
    return server
  }

  async #fillPostgres(server: Server): Promise<void> {
    await this.#prepare('pgbench', ['-i', '-q', '-s', `${SCALE}`, server.url])
    const client = new pg.Client(server.url)
    await client.connect()
    await client.query(`CREATE TABLE bench_rows AS
      SELECT g AS id, md5(g::text) AS name, now() AS at, g * 1.25 AS total FROM generate_series(1, ${RESULT_ROWS}) g`)
    await client.query('VACUUM ANALYZE bench_rows')
    await client.end()
    writeFileSync(join(this.directory, BIG_RESULT_FILE), `${RESULT_QUERY};\n`)
  }

  async #fillMariadb(server: Server): Promise<void> {
    const address = { host: server.host, port: server.port, ...this.login(server) }
    await this.#prepare('sysbench', [...sysbenchArguments('oltp_read_write', address), 'prepare'])
  }

  async #prepare(file: string, args: readonly string[]): Promise<void> {
    const { directory } = this
    await execute({ file, args, directory, timeLimitMs: PREPARATION_LIMIT_MS })
  }

  async #ask(sql: string): Promise<readonly Record<string, unknown>[]> {
    return this.#withClient(async (client) => (await client.query(sql)).rows)
  }

  async #withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client((await this.server('postgres')).url)
    client.on('error', () => undefined) // the failure that matters is the one of the query
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
}
