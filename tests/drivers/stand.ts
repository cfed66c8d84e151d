// stand: a private server and the whole product before it, with one person who may do everything.
import mysql from 'mysql2/promise'
import pg from 'pg'
import { Product } from '../support/product.ts'
import { type Server, startMariadb, startPostgres } from '../support/servers/index.ts'
import type { Suite, Target } from './suite.ts'

const PASSWORD = 'a-password-of-Suites-1'

export interface Stand extends AsyncDisposable {
  readonly direct: Target
  readonly door: Target
}

/** A new one for each suite: what one leaves behind doesn't change another. */
export async function openStand(suite: Suite): Promise<Stand> {
  const settings = suite.settings ?? []
  const isMariadb = suite.engine === 'mariadb'
  const server = await (isMariadb ? startMariadb({ settings }) : startPostgres({ settings }))
  const product = await Product.start()
  await (isMariadb ? prepareMariadb(server, suite) : preparePostgres(server, suite))
  await register(product, server, suite)
  const { host, user } = server
  const target = (port: number): Target => ({ host, port, user, password: PASSWORD })
  return {
    direct: target(server.port),
    door: target(isMariadb ? product.ports.mysql : product.ports.postgres),
    [Symbol.asyncDispose]: async () => {
      await product.stop()
      await server.stop()
    },
  }
}

async function prepareMariadb(server: Server, suite: Suite): Promise<void> {
  const { host, port, user, password } = server
  const client = await mysql.createConnection({ host, port, user, password })
  for (const name of suite.databases) await client.query(`CREATE DATABASE IF NOT EXISTS ${name}`)
  await client.query(`SET PASSWORD FOR '${user}'@'%' = PASSWORD('${PASSWORD}')`)
  await client.end()
}

async function preparePostgres(server: Server, suite: Suite): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database')
  const there = new Set(rows.map(({ datname }) => datname))
  for (const name of suite.databases) {
    if (!there.has(name)) await client.query(`CREATE DATABASE ${name}`)
  }
  await client.query(`ALTER ROLE ${server.user} PASSWORD '${PASSWORD}'`)
  await client.end()
}

async function register(product: Product, server: Server, suite: Suite): Promise<void> {
  const { host, port, user } = server
  const rest = await product.login()
  await rest.data('POST', 'users', { name: user, role: 'viewer', password: PASSWORD })
  for (const name of suite.databases) {
    await rest.data('POST', 'databases', {
      ...{ name, engine: suite.engine, target: name },
      backends: [{ host, port, tls: 'disable' }],
      credential: { user, password: PASSWORD },
      policy: { blockDefaultResources: false, allowLocalFiles: true },
    })
    const actions = ['read', 'write', 'admin']
    await rest.data('POST', 'grants', { user, database: name, schema: '*', actions })
  }
}
