// What drivers' own test suites, and scripts like them, do through the MySQL door before they come to their subject.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { encodeCommand } from '@articdbm/wire/mysql'
import mysql, { type Connection, type ResultSetHeader } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
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

  test('who has one database gets it by what they say first, judged and recorded there', async () => {
    const bob = await connect('bob')
    await bob.query("SET time_zone = '+00:00'")
    assert.deepEqual((await bob.query('SELECT @@time_zone AS z, DATABASE() AS d'))[0], [
      { z: '+00:00', d: new URL(url).pathname.slice(1) },
    ])
    await bob.query('USE maria')
    assert.deepEqual((await bob.query('SELECT @@time_zone AS z'))[0], [{ z: '+00:00' }])
    await assert.rejects(bob.query('CREATE TABLE not_his (a INT)'), { errno: 1142 })
    bob.destroy()
    assert.ok(door.statements().includes("allow: SET time_zone = '+00:00'"))
    const eve = await connect('eve')
    await assert.rejects(eve.query('SHOW TABLES'), { errno: 1046 })
    eve.destroy()
  })

  test('who has several databases chooses one first', async () => {
    const both = await openDoor({ backendUrl: url, sqliteFile: '/nowhere/there.db' })
    const there = { host: '127.0.0.1', port: both.port, user: 'ann', password: PASSWORD }
    const client = await mysql.createConnection(there)
    for (const sql of ['SHOW TABLES', 'SET wait_timeout = 5', 'CREATE TABLE nowhere (a INT)']) {
      await assert.rejects(client.query(sql), { errno: 1046 })
      await assert.rejects(client.prepare(sql), { errno: 1046 })
    }
    assert.deepEqual((await client.query('SHOW DATABASES'))[0], [
      { Database: 'maria' },
      { Database: 'lite' },
    ])
    assert.deepEqual((await client.query("SHOW SCHEMAS LIKE 'm%'"))[0], [
      { 'Database (m%)': 'maria' },
    ])
    await client.query('USE maria')
    await client.end()
    const eve = await mysql.createConnection({ ...there, user: 'eve' })
    assert.deepEqual((await eve.query('SHOW DATABASES'))[0], [])
    await eve.end()
    await both.close()
  })

  test('what is set before a database is chosen is set with it, judged and recorded there', async () => {
    const both = await openDoor({ backendUrl: url, sqliteFile: createLite() })
    const connectTo = (user: string) =>
      mysql.createConnection({ host: '127.0.0.1', port: both.port, user, password: PASSWORD })
    const ann = await connectTo('ann')
    await ann.query("SET time_zone = '+03:00', @mine = 'x'")
    await ann.query('SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE')
    assert.deepEqual(both.statements(), [])
    await ann.query('USE maria')
    assert.deepEqual(both.statements(), [
      "allow: SET time_zone = '+03:00', @mine = 'x'",
      'allow: SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    ])
    const [rows] = await ann.query(
      'SELECT @@time_zone AS z, @mine AS mine, @@tx_isolation AS level',
    )
    assert.deepEqual(rows, [{ z: '+03:00', mine: 'x', level: 'SERIALIZABLE' }])
    await ann.end()

    // What is refused, and what the server doesn't take, opens nothing until it is taken back.
    for (const [user, sql, errno] of [
      ['bob', 'SET foreign_key_checks = 0', 1142],
      ['ann', "SET time_zone = 'Nowhere/None'", 1298],
    ] as const) {
      const client = await connectTo(user)
      await client.query(sql)
      await assert.rejects(client.query('USE maria'), { errno }, sql)
      await assert.rejects(client.query('SELECT * FROM open_table'), { errno: 1046 })
      await client.reset()
      await client.query('USE maria')
      await client.query('SELECT 1 + 1')
      await client.end()
    }
    const lite = await connectTo('ann')
    await lite.query("SET time_zone = '+03:00'")
    await lite.query('USE lite')
    assert.deepEqual((await lite.query('SELECT count(*) AS n FROM open_table'))[0], [{ n: 3 }])
    await lite.end()
    await both.close()
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
