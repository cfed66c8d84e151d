// What drivers' own test suites, and scripts like them, do through the MySQL door before they come to their subject.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { encodeCommand } from '@articdbm/wire/mysql'
import mysql, { type Connection, type ResultSetHeader } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')

describe('a set-up script at the MySQL door', { skip }, () => {
  let door: TestDoor
  before(async () => {
    door = await openDoor({ backendUrl: url })
  })
  after(() => door?.close())

  const connect = (user = 'ann'): Promise<Connection> =>
    mysql.createConnection({ host: '127.0.0.1', port: door.port, user, password: PASSWORD })

  test("a wrong password is told in MySQL's first words", async () => {
    const wrong = { host: '127.0.0.1', port: door.port, user: 'ann', password: 'wrong' }
    await assert.rejects(mysql.createConnection(wrong), { errno: 1045, message: /^Access denied/ })
  })

  test('CREATE DATABASE before any database is chosen says that it is there', async () => {
    const client = await connect()
    const [created] = await client.query<ResultSetHeader>('CREATE DATABASE IF NOT EXISTS `maria`')
    assert.equal(created.warningStatus, 1)
    await assert.rejects(client.query('CREATE DATABASE maria CHARACTER SET utf8mb4'), {
      errno: 1007,
    })
    await assert.rejects(client.query('CREATE OR REPLACE DATABASE maria'), { errno: 1007 })
    await client.query('USE maria')
    client.destroy()
  })

  test('CREATE DATABASE tells nothing of databases that one may not open', async () => {
    const client = await connect('eve')
    for (const name of ['maria', 'nowhere']) {
      await assert.rejects(client.query(`CREATE DATABASE IF NOT EXISTS ${name}`), { errno: 1046 })
    }
    client.destroy()
  })

  test('bytes of any kind may stand in a _binary string, and nowhere else', async () => {
    const raw = new RawClient(door.port)
    assert.equal(await raw.logIn({ database: 'maria' }), 'OK')
    const ask = (text: string) =>
      raw.ask(encodeCommand({ kind: 'query', text: Buffer.from(text, 'latin1') }))
    await ask('CREATE OR REPLACE TABLE blobs (v VARBINARY(300))')
    const bytes = Array.from({ length: 256 }, (_, byte) => byte)
    const written = Buffer.from(bytes).toString('latin1').replaceAll(/['\\]/g, '\\$&')
    assert.equal(await ask(`INSERT INTO blobs VALUES (_binary'${written}')`), 'OK')

    for (const text of [
      "INSERT INTO blobs VALUES ('\xff')",
      "INSERT INTO blobs VALUES (_binary'\xff', '\xff')",
      "INSERT INTO blobs VALUES (_utf8mb4'\xff')",
      "INSERT INTO blobs VALUES (_binary'a') /* \xff */",
      "SELECT _binary'\xff' AS \xff",
      "SELECT v AS `\xff` FROM blobs WHERE v = _binary'\xff'",
      "SET @kept = _binary'\xff'",
    ]) {
      assert.equal(await ask(text), 'ERR 1300', text)
    }
    raw.socket.destroy()
    const client = await connect()
    await client.query('USE maria')
    const [rows] = await client.query('SELECT HEX(v) AS v FROM blobs')
    assert.deepEqual(rows, [{ v: Buffer.from(bytes).toString('hex').toUpperCase() }])
    client.destroy()
  })
})
