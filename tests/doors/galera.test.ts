// A Galera cluster behind one name: what is written through the door is on every node.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import { attempt, doorsOf } from '../support/doors.ts'
import { type Person, Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'

const { url: urls, skip } = serverUrl('galera')

describe('galera: one name for three nodes', { skip }, () => {
  const nodes = urls.split(',').map((url) => new URL(url || 'mysql://none'))
  let product: Product
  let writer: Person

  before(async () => {
    product = await Product.start()
    await onNode(nodes[0], ['DROP DATABASE IF EXISTS door', 'CREATE DATABASE door'])
    const rest = await product.login()
    await rest.data('POST', 'databases', {
      name: 'cluster',
      engine: 'galera',
      target: 'door',
      backends: nodes.map(({ hostname, port }) => ({
        host: hostname,
        port: Number(port),
        tls: 'disable',
      })),
      credential: {
        user: decodeURIComponent(nodes[0]?.username ?? ''),
        password: decodeURIComponent(nodes[0]?.password ?? ''),
      },
    })
    writer = await product.addPerson('writer', [
      { database: 'cluster', table: '*', schema: '*', actions: ['read', 'write', 'admin'] },
    ])
    const statements = ['CREATE TABLE marks (id int PRIMARY KEY, door varchar(40))']
    const created = await attempt(product, writer, 'mysql', { database: 'cluster', statements })
    assert.equal(created.code, '', created.message)
  })
  after(() => product?.stop())

  test('the connection test finds it, through the gateway', async () => {
    const rest = await product.login()
    const { isReachable, serverVersion } = await rest.data('POST', 'databases/cluster/test')
    assert.equal(isReachable, true)
    assert.match(serverVersion, /MariaDB/)
  })

  for (const [at, door] of doorsOf('mariadb').entries()) {
    test(`what ${door} writes is on every node`, async () => {
      const statements = [`INSERT INTO marks VALUES (${at}, '${door}')`]
      const { code, message } = await attempt(product, writer, door, {
        database: 'cluster',
        statements,
      })
      assert.equal(code, '', message)
      for (const node of nodes) {
        const rows = await onNode(node, [
          'SET SESSION wsrep_sync_wait = 1',
          `SELECT door FROM door.marks WHERE id = ${at}`,
        ])
        assert.deepEqual(rows, [[door]])
      }
    })
  }
})

async function onNode(node: URL | undefined, statements: readonly string[]): Promise<unknown> {
  const connection = await mysql.createConnection({
    host: node?.hostname ?? '',
    port: Number(node?.port),
    user: decodeURIComponent(node?.username ?? ''),
    password: decodeURIComponent(node?.password ?? ''),
    rowsAsArray: true,
  })
  try {
    let last: unknown
    for (const statement of statements) [last] = await connection.query(statement)
    return last
  } finally {
    await connection.end()
  }
}
