// The same three tables on each engine, as databases behind the doors.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { Product } from './product.ts'
import { serverUrl } from './servers/index.ts'

export type TestEngine = 'postgres' | 'mariadb' | 'sqlite'

/** What bypass tries are after: `orders` may be read, `customers` and `secrets` may not. */
const TABLES = [
  'CREATE TABLE customers (id int PRIMARY KEY, name varchar(100))',
  'CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status varchar(20), total numeric(10,2))',
  'CREATE TABLE secrets (id int PRIMARY KEY, secret varchar(100))',
  "INSERT INTO customers VALUES (1, 'Grace'), (2, 'Edsger')",
  "INSERT INTO orders VALUES (1, 1, 'open', 10.50), (2, 1, 'paid', 20.00), (3, 2, 'open', 30.25)",
  "INSERT INTO secrets VALUES (1, 'the-crown-jewels')",
]

export interface TestDatabase {
  readonly engine: TestEngine
  /** As the gateway names it. */
  readonly name: string
  /** Asks the database itself, past the gateway. */
  ask(sql: string): Promise<readonly (readonly unknown[])[]>
  close(): Promise<void>
}

/** Why this engine can't be tested here; false when it can. */
export function skipReason(engine: TestEngine): string | false {
  return engine === 'sqlite' ? false : serverUrl(engine).skip
}

/** Makes a database with the tables and adds it to the product under `name`. */
export async function addTestDatabase(
  product: Product,
  engine: TestEngine,
  name: string,
): Promise<TestDatabase> {
  switch (engine) {
    case 'postgres':
      return addPostgres(product, name)
    case 'mariadb':
      return addMariadb(product, name)
    case 'sqlite':
      return addSqlite(product, name)
  }
}

async function addPostgres(product: Product, name: string): Promise<TestDatabase> {
  const url = new URL(serverUrl('postgres').url)
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query([...TABLES, 'CREATE SCHEMA other', 'CREATE TABLE other.t (id int)'].join(';'))
  await register(product, name, 'postgres', url)
  return {
    engine: 'postgres',
    name,
    ask: async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    close: () => client.end(),
  }
}

async function addMariadb(product: Product, name: string): Promise<TestDatabase> {
  const url = new URL(serverUrl('mariadb').url)
  const client = await mysql.createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    rowsAsArray: true,
  })
  for (const schema of [name, 'other']) {
    await client.query(`DROP DATABASE IF EXISTS ${schema}`)
    await client.query(`CREATE DATABASE ${schema}`)
  }
  await client.query(`USE ${name}`)
  for (const statement of [...TABLES, 'CREATE TABLE other.t (id int)'])
    await client.query(statement)
  await register(product, name, 'mariadb', url)
  return {
    engine: 'mariadb',
    name,
    ask: async (sql) => (await client.query(sql))[0] as unknown as unknown[][],
    close: () => client.end(),
  }
}

async function addSqlite(product: Product, name: string): Promise<TestDatabase> {
  mkdirSync(join(product.directory, 'files'), { recursive: true })
  const path = join(product.directory, 'files', `${name}.db`)
  const file = new DatabaseSync(path)
  file.exec(['PRAGMA journal_mode = WAL', 'PRAGMA busy_timeout = 5000', ...TABLES].join(';'))
  const rest = await product.login()
  await rest.data('POST', 'databases', { name, engine: 'sqlite', target: path })
  return {
    engine: 'sqlite',
    name,
    ask: async (sql) =>
      file
        .prepare(sql)
        .all()
        .map((row) => Object.values(row)),
    close: async () => file.close(),
  }
}

async function register(
  product: Product,
  name: string,
  engine: TestEngine,
  url: URL,
): Promise<void> {
  const rest = await product.login()
  await rest.data('POST', 'databases', {
    name,
    engine,
    target: name,
    backends: [{ host: url.hostname, port: Number(url.port), tls: 'disable' }],
    credential: {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    },
  })
}
