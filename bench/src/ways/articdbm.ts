// The whole product, with everything on: grants, injection inspection that blocks, audit.
import { type GrantWish, Product } from '../../../tests/support/product.ts'
import { HOST } from '../../../tests/support/servers/server.ts'
import type { Bed, Engine } from '../bed.ts'
import { POOL_SIZE, type Way } from './way.ts'

const DATABASE = 'bench'
const MAX_SESSIONS = '6000'
/** `auditIsShipped` waits a minute each time. */
const SETTLE_ATTEMPTS = 3

export async function articdbm(bed: Bed, engine: Engine): Promise<Way> {
  const product = await Product.start({ environment: { MAX_SESSIONS } })
  try {
    await register(product, bed, engine)
    const grant: GrantWish = { database: DATABASE, table: '*', actions: ['read', 'write'] }
    const person = await product.addPerson('reader', [grant])
    const { postgres, mysql } = product.ports
    const port = engine === 'postgres' ? postgres : mysql
    return {
      name: 'articdbm',
      address: {
        host: HOST,
        port,
        user: person.name,
        password: person.password,
        database: DATABASE,
      },
      pids: [product.pid('gateway')],
      managerPids: [product.pid('manager')],
      note: '',
      settle: () => settle(product),
      [Symbol.asyncDispose]: () => product.stop(),
    }
  } catch (error) {
    await product.stop()
    throw error
  }
}

async function register(product: Product, bed: Bed, engine: Engine): Promise<void> {
  const server = await bed.server(engine)
  const { host, port } = server
  const { user, password, database } = bed.login(server)
  const rest = await product.login()
  await rest.data('POST', 'databases', {
    name: DATABASE,
    engine,
    target: database,
    backends: [{ host, port, tls: 'disable' }],
    credential: { user, password },
    pool: { maxConnections: POOL_SIZE },
    policy: { mode: 'enforce', sqlInjectionDetection: true, blockDefaultResources: true },
  })
}

async function settle(product: Product): Promise<void> {
  for (let left = SETTLE_ATTEMPTS; left > 1; left -= 1) {
    const isShipped = await product.auditIsShipped().then(
      () => true,
      () => false,
    )
    if (isShipped) return
  }
  await product.auditIsShipped()
}
