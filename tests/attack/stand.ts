// stand: the application before a database behind the gateway. Its account may do everything, so that the injection rules alone
// stand between an attacker and the data.
import mysql from 'mysql2/promise'
import pg from 'pg'
import { Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'
import { type Application, openApplication } from './application/application.ts'
import { type Engine, openAsker } from './application/ask.ts'
import { TABLES } from './application/tables.ts'

const DATABASE = 'shopfront'

export interface Stand extends AsyncDisposable {
  readonly application: Application
  /** Whether injection is looked for; in force when it resolves. */
  detect(isOn: boolean): Promise<void>
}

export async function openStand(engine: Engine): Promise<Stand> {
  const url = new URL(serverUrl(engine).url)
  await (engine === 'postgres' ? fillPostgres(url) : fillMariadb(url))
  const product = await Product.start()
  const person = await register(product, engine, url)
  const port = product.ports[engine === 'postgres' ? 'postgres' : 'mysql']
  const { name: user, password } = person
  const asker = openAsker(engine, { port, user, password, database: DATABASE })
  const application = await openApplication(asker)
  const rest = await product.login()
  return {
    application,
    detect: (isOn) =>
      rest.data('PATCH', `databases/${DATABASE}`, { policy: { sqlInjectionDetection: isOn } }),
    [Symbol.asyncDispose]: async () => {
      await application.close()
      await product.stop()
    },
  }
}

async function fillPostgres(url: URL): Promise<void> {
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${DATABASE}`)
  await admin.end()
  const client = new pg.Client({
    connectionString: Object.assign(new URL(url), { pathname: `/${DATABASE}` }).href,
  })
  await client.connect()
  await client.query(TABLES.join(';'))
  await client.end()
}

async function fillMariadb(url: URL): Promise<void> {
  const client = await mysql.createConnection({ uri: url.href, multipleStatements: true })
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE}; CREATE DATABASE ${DATABASE}`)
  await client.query(`USE ${DATABASE}`)
  await client.query(TABLES.join(';'))
  await client.end()
}

async function register(product: Product, engine: Engine, url: URL) {
  const rest = await product.login()
  const [user, password] = [url.username, url.password].map(decodeURIComponent)
  await rest.data('POST', 'databases', {
    ...{ name: DATABASE, engine, target: DATABASE, credential: { user, password } },
    backends: [{ host: url.hostname, port: Number(url.port), tls: 'disable' }],
    policy: { mode: 'enforce', blockDefaultResources: false },
  })
  const actions = ['read', 'write', 'admin'] as const
  return product.addPerson('webshop', [{ database: DATABASE, schema: '*', actions }])
}
