// A Galera node is killed under load: another one takes the writes, nothing acknowledged is lost, nothing is there twice,
// and the node serves again when it is back.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import { CLIENTS, Load } from '../support/load.ts'
import { type Person, Product } from '../support/product.ts'
import { backendOf, openSession, until } from '../support/replicated.ts'
import { type Galera, type GaleraNode, serverUrl, startGalera } from '../support/servers/index.ts'

describe('galera: the writer is killed under load', { skip: serverUrl('galera').skip }, () => {
  const name = 'cluster'
  let product: Product
  let galera: Galera
  let person: Person
  const load = new Load()

  before(async () => {
    galera = await startGalera()
    product = await Product.start()
    const [first] = galera.nodes
    assert.ok(first)
    await ask(first, 'CREATE TABLE events (number int, client int)')
    const rest = await product.login()
    await rest.data('POST', 'databases', {
      ...{ name, engine: 'galera', target: 'articdbm' },
      backends: galera.nodes.map((node) => backendOf(node, 'primary')),
      credential: { user: first.user, password: first.password },
      pool: { warmupRatio: 0 },
      routing: { healthCheckMs: 300, healthTimeoutMs: 5_000 },
    })
    person = await product.addPerson('writer', [
      { database: name, schema: '*', table: '*', actions: ['read', 'write'] },
    ])
  })
  after(async () => {
    load.stop()
    await load.ended()
    await product?.stop()
    await galera?.stop()
  })

  test('one node takes the writes, the others read', async () => {
    for (let client = 0; client < CLIENTS; client += 1) {
      load.start(() => openSession(product, person, { name, engine: 'mariadb' }), client)
    }
    await load.goesOn('at first')
    const reader = await openSession(product, person, { name, engine: 'mariadb' })
    await until('a read elsewhere', async () => {
      await reader.ask('SELECT count(*) FROM events')
      const text = await metrics()
      return /articdbm_route_total\{role="replica"\} [1-9]/.test(text)
    })
    reader.close()
  })

  test('the writer is killed: writes go on elsewhere, and nothing acknowledged is lost', async () => {
    await galera.nodes[0]?.kill()
    await load.goesOn('without the first node')
    await load.pause()
    await assertTold(galera.nodes[1])
    load.resume()
  })

  test('the node comes back and is seen up', async () => {
    await galera.nodes[0]?.restart()
    const rest = await product.login()
    await until('it is seen', async () => {
      const { gateways } = await rest.data('GET', `databases/${name}/pool`)
      return gateways[0]?.backends.every(({ state }: { state: string }) => state === 'up')
    })
    await load.goesOn('with all nodes')
    await load.pause()
    for (const node of galera.nodes) await assertTold(node)
  })

  async function metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${product.ports.metrics}/metrics`)).text()
  }

  async function assertTold(node: GaleraNode | undefined): Promise<void> {
    assert.ok(node)
    const rows = await ask(node, 'SELECT number FROM events')
    const numbers = rows.map(({ number }) => Number(number))
    const stored = new Set(numbers)
    assert.equal(stored.size, numbers.length, 'a number stands there twice')
    assert.deepEqual(
      load.acknowledged.filter((number) => !stored.has(number)),
      [],
    )
    assert.deepEqual(load.missed, [], 'written by a session, and not seen by it')
  }
})

/** On a node itself, which first applies all that the cluster has. */
async function ask(node: GaleraNode, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await mysql.createConnection({ uri: node.url, connectTimeout: 30_000 })
  try {
    await connection.query('SET SESSION wsrep_sync_wait = 1')
    const [rows] = await connection.query(sql)
    return rows as Record<string, unknown>[]
  } finally {
    await connection.end()
  }
}
