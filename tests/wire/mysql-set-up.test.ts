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
    for (const sql of ['SHOW TABLES', "SET time_zone = '+00:00'", 'CREATE TABLE nowhere (a INT)']) {
      await assert.rejects(client.query(sql), { errno: 1046 })
      await assert.rejects(client.prepare(sql), { errno: 1046 })
    }
    await client.query('USE maria')
    client.destroy()
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
