// A product before a primary and its replica, and what tests of routing ask of it.
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { Person, Product } from './product.ts'
import {
  type Pair,
  type PairOptions,
  startMariadbPair,
  startPostgresPair,
} from './servers/index.ts'

export type ReplicatedEngine = 'postgres' | 'mariadb'

export interface Session {
  /** The rows of one statement as texts; rejects with `code`. */
  ask(sql: string): Promise<readonly (readonly string[])[]>
  close(): void
}

export function startPair(engine: ReplicatedEngine, options: PairOptions = {}): Promise<Pair> {
  return engine === 'postgres' ? startPostgresPair(options) : startMariadbPair(options)
}

export interface Place {
  readonly host: string
  readonly port: number
}

export interface Replicated {
  readonly name: string
  readonly engine: ReplicatedEngine
  readonly pair: Pair
  /** Where the gateway finds the two, when not where they are. */
  readonly places?: readonly [Place, Place]
  readonly pool?: object
  readonly routing?: object
}

/** Short periods: tests wait for what checks find. */
const ROUTING = { healthCheckMs: 300, healthTimeoutMs: 5_000 }

export async function addReplicated(product: Product, wish: Replicated): Promise<void> {
  const { name, engine, pair, pool = {}, routing = {} } = wish
  const [primary, replica] = wish.places ?? [pair.primary, pair.replica]
  const rest = await product.login()
  await rest.data('POST', 'databases', {
    ...{ name, engine, target: pair.database },
    backends: [backendOf(primary, 'primary'), backendOf(replica, 'replica')],
    credential: { user: pair.user, password: pair.password },
    pool: { warmupRatio: 0, ...pool },
    routing: { ...ROUTING, ...routing },
  })
}

export function backendOf({ host, port }: Place, role: 'primary' | 'replica', weight = 100) {
  return { host, port, role, weight, tls: 'disable' }
}

/** Changes a database's settings, and waits until the gateway has them. */
export function changeDatabase(product: Product, name: string, change: object): Promise<void> {
  return patch(product, `databases/${name}`, change)
}

/** Changes somebody's account, and waits until the gateway has it. */
export function changePerson(product: Product, { name }: Person, change: object): Promise<void> {
  return patch(product, `users/${name}`, change)
}

async function patch(product: Product, path: string, change: object): Promise<void> {
  const rest = await product.login()
  await rest.data('PATCH', path, change)
  const { revision } = await rest.data('GET', 'status')
  await until('the gateway follows', async () => {
    const { gateways } = await rest.data('GET', 'status')
    return gateways[0]?.revision >= revision
  })
}

/** Tries until the gateway has the configuration that names the database and the person. */
export async function openSession(
  product: Product,
  person: Person,
  { name, engine }: Pick<Replicated, 'name' | 'engine'>,
): Promise<Session> {
  let session: Session | undefined
  await until(`a session on ${name}`, async () => {
    session = await trySession(product, person, { name, engine })
    return true
  })
  if (!session) throw new Error('no session')
  return session
}

export function trySession(
  product: Product,
  person: Person,
  { name, engine }: Pick<Replicated, 'name' | 'engine'>,
): Promise<Session> {
  return engine === 'postgres'
    ? openPostgres(product, person, name)
    : openMysql(product, person, name)
}

async function openPostgres(product: Product, person: Person, name: string): Promise<Session> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: product.ports.postgres, database: name },
    ...{ user: person.name, password: person.password, application_name: 'routing test' },
    query_timeout: 60_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  return {
    ask: async (sql) => {
      const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
      return ([result].flat().at(-1)?.rows ?? []).map((row) => row.map(String))
    },
    close: () => void client.end().catch(() => undefined),
  }
}

async function openMysql(product: Product, person: Person, name: string): Promise<Session> {
  const client = await mysql.createConnection({
    ...{ host: '127.0.0.1', port: product.ports.mysql, database: name },
    ...{ user: person.name, password: person.password, rowsAsArray: true },
    connectTimeout: 60_000,
  })
  client.on('error', () => undefined)
  return {
    ask: async (sql) => {
      const [rows] = await client.query(sql)
      return Array.isArray(rows) ? (rows as unknown[][]).map((row) => row.map(String)) : []
    },
    close: () => client.destroy(),
  }
}

/** Waits for what a condition tells; its last word is the failure's reason. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let last: unknown = ''
  while (Date.now() < deadline) {
    try {
      if (await check()) return
      last = ''
    } catch (error) {
      last = error
    }
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`${what}: not within ${timeoutMs} ms ${last}`)
}
