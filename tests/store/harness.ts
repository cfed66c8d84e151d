// The four engines, each with a new database of its own, and a test that must come out alike on all.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Secret } from '@articdbm/contract'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import {
  migrate,
  openStore,
  type RetryLimits,
  type Store,
  type StoreConfig,
} from '../../manager/src/store/index.ts'
import { serverUrl } from '../support/servers/index.ts'

export interface StoreEngine {
  readonly name: string
  readonly skip: string | false
  /** A new, empty database; nothing is migrated yet. */
  create(): Promise<Place>
}

export interface Place {
  readonly config: StoreConfig
  /** For a second process, or another node: the same database. */
  readonly others: readonly StoreConfig[]
  drop(): Promise<void>
}

const RETRIES: RetryLimits = { maxRetries: 8, retryDelayMs: 500 }

export const ENGINES: readonly StoreEngine[] = [
  { name: 'sqlite', skip: false, create: createSqlite },
  { name: 'postgres', skip: serverUrl('postgres').skip, create: createPostgres },
  { name: 'mariadb', skip: serverUrl('mariadb').skip, create: createMariadb },
  { name: 'galera', skip: serverUrl('galera').skip, create: createGalera },
]

const databaseName = (): string => `store_${randomBytes(6).toString('hex')}`

async function createSqlite(): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'articdbm-store-'))
  const config = { type: 'sqlite', path: join(directory, 'store.db'), retries: RETRIES } as const
  return { config, others: [config], drop: async () => rmSync(directory, { recursive: true }) }
}

/** Its defaults are as unlike ours as they can be: another collation, another time zone, another isolation. */
async function createPostgres(): Promise<Place> {
  const { url } = serverUrl('postgres')
  const database = databaseName()
  await askPostgres(url, [
    `CREATE DATABASE ${database} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`,
    `ALTER DATABASE ${database} SET timezone = 'Asia/Kathmandu'`,
    `ALTER DATABASE ${database} SET default_transaction_isolation = 'serializable'`,
  ])
  const config = serverConfig('postgres', [url], database)
  const drop = () => askPostgres(url, [`DROP DATABASE ${database} WITH (FORCE)`])
  return { config, others: [config], drop }
}

export async function askPostgres(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function createMariadb(): Promise<Place> {
  const { url } = serverUrl('mariadb')
  const database = await createSchema(url)
  const config = serverConfig('mysql', [url], database)
  return { config, others: [config], drop: () => askMysql(url, [`DROP DATABASE ${database}`]) }
}

async function createGalera(): Promise<Place> {
  const urls = serverUrl('galera').url.split(',')
  const [first = ''] = urls
  const database = await createSchema(first)
  const config = serverConfig('galera', urls, database)
  const others = urls.map((_, at) =>
    serverConfig('galera', [...urls.slice(at), ...urls.slice(0, at)], database),
  )
  return { config, others, drop: () => askMysql(first, [`DROP DATABASE ${database}`]) }
}

async function createSchema(url: string): Promise<string> {
  const database = databaseName()
  await askMysql(url, [
    `CREATE DATABASE ${database} CHARACTER SET latin1 COLLATE latin1_swedish_ci`,
  ])
  return database
}

export async function askMysql(url: string, statements: readonly string[]): Promise<void> {
  const client = await createConnection(url)
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function serverConfig(
  type: 'postgres' | 'mysql' | 'galera',
  urls: readonly string[],
  database: string,
): StoreConfig {
  const parsed = urls.map((url) => new URL(url))
  const hosts = parsed.map(({ hostname, port }) => ({ host: hostname, port: Number(port) }))
  const { username = '', password = '' } = parsed[0] ?? {}
  return {
    type,
    hosts,
    database,
    user: username,
    password: new Secret(password),
    poolSize: 8,
    retries: RETRIES,
  }
}

/** Runs `work` on a migrated, empty store of each engine and compares what it returns: with `expected`, and with each other. */
export function alike<T>(
  name: string,
  work: (store: Store, place: Place) => Promise<T>,
  expected?: T,
): void {
  test(name, async (context) => {
    const results = new Map<string, T>()
    for (const engine of ENGINES) {
      await context.test(engine.name, { skip: engine.skip }, async () => {
        const result = await onFreshStore(engine, work)
        results.set(engine.name, result)
        if (expected !== undefined) assert.deepEqual(result, expected)
      })
    }
    compare(results)
  })
}

function compare(results: ReadonlyMap<string, unknown>): void {
  const [[firstName, first] = ['', undefined], ...others] = [...results]
  for (const [name, result] of others) {
    assert.deepEqual(result, first, `${name} must be as ${firstName}`)
  }
}

export async function onFreshStore<T>(
  engine: StoreEngine,
  work: (store: Store, place: Place) => Promise<T>,
): Promise<T> {
  const { place, store } = await shared(engine)
  await emptyTables(store)
  return work(store, place)
}

interface Shared {
  readonly place: Place
  readonly store: Store
}

const opened = new Map<string, Promise<Shared>>()

/** One database an engine for a test file. */
function shared(engine: StoreEngine): Promise<Shared> {
  const known = opened.get(engine.name)
  if (known) return known
  const opening = open(engine)
  opened.set(engine.name, opening)
  return opening
}

async function open(engine: StoreEngine): Promise<Shared> {
  const place = await engine.create()
  const store = openStore(place.config)
  await migrate(store)
  return { place, store }
}

export function closeAllAfter(): void {
  after(async () => {
    const shareds = await Promise.allSettled(opened.values())
    for (const shared of shareds) {
      if (shared.status === 'rejected') continue // the test that opened it has failed with this
      await shared.value.store.close()
      await shared.value.place.drop()
    }
  })
}

const TABLES = [
  'users',
  'api_keys',
  'logins',
  'databases',
  'backends',
  'grants',
  'rules',
  'bypasses',
  'masks',
  'habits',
  'sql_file_runs',
  'sql_files',
  'audit_log',
  'audit_chain',
  'leases',
  'settings',
  'gateways',
] as const

async function emptyTables(store: Store): Promise<void> {
  for (const table of TABLES) await store.db.deleteFrom(table).execute()
  await store.db.updateTable('counters').set({ value: 0 }).execute()
}

/** What a promise came to, in words that can be compared. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'ok'
  } catch (fault) {
    if (!(fault instanceof Error)) return String(fault)
    const detail = 'constraint' in fault ? ` ${fault.constraint}` : ''
    return `${fault.constructor.name}${detail}`
  }
}
