// Galera's own refusals through the MySQL door: a write that lost against another node's is told as the deadlock that it is, and
// who asks for causal reads gets them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { backendDialer } from '../../gateway/src/mysql/backend/dial.ts'
import { probeMysql } from '../../gateway/src/mysql/backend/probe.ts'
import { serverUrl } from '../support/servers/index.ts'
import { dialTarget, openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url: urls, skip } = serverUrl('galera')
const DEADLOCK = { errno: 1213, sqlState: '40001' }

describe('Galera behind the MySQL door', { skip, timeout: 120_000 }, () => {
  const [first = '', second = ''] = urls.split(',')
  let door: TestDoor
  let elsewhere: Connection

  before(async () => {
    elsewhere = await mysql.createConnection(second)
    await elsewhere.query('SET SESSION wsrep_sync_wait = 7')
    await elsewhere.query('CREATE OR REPLACE TABLE conflicts (id INT PRIMARY KEY, v INT)')
    door = await openDoor({ backendUrl: first, maxConnections: 3 })
  })
  after(async () => {
    await elsewhere?.query('DROP TABLE IF EXISTS conflicts')
    await elsewhere?.end()
    await door?.close()
  })

  const connect = async (work: (client: Connection) => Promise<void>) => {
    const client = await mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
    })
    try {
      await work(client)
    } finally {
      client.destroy()
    }
  }
  const valueSeen = async (client: Connection) => {
    await client.query('SET SESSION wsrep_sync_wait = 1')
    const [rows] = await client.query<RowDataPacket[]>('SELECT v FROM conflicts WHERE id = 1')
    return rows[0]?.v
  }
  const renew = async () => {
    await elsewhere.query('REPLACE INTO conflicts VALUES (1, 0), (2, 0)')
    await connect(async (client) => assert.equal(await valueSeen(client), 0))
  }

  const ENDS: readonly (readonly [string, (client: Connection) => Promise<unknown>])[] = [
    ['COMMIT', (client) => client.query('COMMIT')],
    ['a prepared COMMIT', (client) => client.execute('COMMIT')],
    ['the next statement', (client) => client.query('UPDATE conflicts SET v = 3 WHERE id = 2')],
    ['a read, prepared', (client) => client.execute('SELECT v FROM conflicts WHERE id = 2')],
  ]
  for (const [what, end] of ENDS) {
    test(`a transaction that lost against another node's is told at ${what}, and the session goes on`, async () => {
      await renew()
      await connect(async (client) => {
        await client.beginTransaction()
        await client.query('UPDATE conflicts SET v = 1 WHERE id = 1')
        await elsewhere.query('UPDATE conflicts SET v = 2 WHERE id = 1')
        await applied('SELECT v FROM conflicts WHERE id = 1', 2)
        await assert.rejects(end(client), DEADLOCK)
        const [rows] = await client.query<RowDataPacket[]>('SELECT @@in_transaction AS open')
        assert.equal(Number(rows[0]?.open), 0)
        assert.equal(await valueSeen(client), 2)
        await client.execute('UPDATE conflicts SET v = 4 WHERE id = 1')
      })
      assert.equal(await valueSeen(elsewhere), 4)
      const refused = door.events.filter(
        (event) => event.kind === 'statement.ended' && event.errorCode === '1213',
      )
      assert.ok(refused.length > 0)
    })
  }

  test('a single statement that loses is told, too, and nothing of it stays', async () => {
    await renew()
    await connect(async (client) => {
      await client.query('SET SESSION wsrep_retry_autocommit = 0')
      await client.query('SET autocommit = 0')
      await client.query('INSERT INTO conflicts VALUES (7, 7)')
      await elsewhere.query('INSERT INTO conflicts VALUES (7, 8)')
      await applied('SELECT v FROM conflicts WHERE id = 7', 8)
      await assert.rejects(client.query('SET autocommit = 1'), DEADLOCK)
    })
    await applied('SELECT v FROM conflicts WHERE id = 7', 8)
  })

  test('a node that gives its state away, or lags on purpose, is fit for nobody', async () => {
    const connection = await backendDialer(false)(dialTarget(second), AbortSignal.timeout(10_000))
    const unfit = async () => (await probeMysql(connection, 'primary')).unfit
    assert.equal(await unfit(), '')
    await elsewhere.query('SET GLOBAL wsrep_desync = ON')
    try {
      assert.match(await unfit(), /^it is (?:not synced|desynced)/)
    } finally {
      await elsewhere.query('SET GLOBAL wsrep_desync = OFF')
    }
    while ((await unfit()) !== '') await elsewhere.query('DO SLEEP(0.1)')
    connection.close()
  })

  /** On the first node itself, until the other node's write has come. */
  async function applied(sql: string, value: number): Promise<void> {
    const direct = await mysql.createConnection(first)
    await direct.query('SET SESSION wsrep_sync_wait = 1')
    for (;;) {
      const [rows] = await direct.query<RowDataPacket[]>(sql)
      if (rows[0]?.v === value) break
    }
    await direct.end()
  }
})
