// Known shapes are answered quickly on a session's own connection at the MySQL door, too.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
const CLIENTS = 10
const TRANSACTIONS_EACH = 30
const read = (id: number | '?') => `SELECT n FROM own_test WHERE id = ${id}`
const add = (id: number | '?') => `UPDATE own_test SET n = n + 1 WHERE id = ${id}`

describe('quick answers on a connection of one’s own at the MySQL door', {
  skip,
  timeout: 120_000,
}, () => {
  let door: TestDoor
  let direct: Connection
  let auditFault: string | undefined

  before(async () => {
    door = await openDoor({ backendUrl: url, maxConnections: 4, auditFault: () => auditFault })
    direct = await mysql.createConnection({ uri: url, multipleStatements: true })
    await direct.query(`DROP TABLE IF EXISTS own_test, own_wide;
      CREATE TABLE own_test (id INT PRIMARY KEY, n INT NOT NULL);
      INSERT INTO own_test SELECT seq, 0 FROM seq_1_to_100;
      CREATE TABLE own_wide (id INT PRIMARY KEY, v LONGTEXT);
      INSERT INTO own_wide SELECT seq, REPEAT(MD5(seq), 300) FROM seq_1_to_1500`)
  })
  after(async () => {
    await direct?.end()
    await door?.close()
  })

  const connect = async () => {
    const client = await mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
    })
    client.on('error', () => undefined)
    return client
  }
  const rowsOf = async (client: Connection, sql: string, values?: number[]) => {
    const [rows] = values
      ? await client.execute<RowDataPacket[]>(sql, values)
      : await client.query<RowDataPacket[]>(sql)
    return rows
  }
  const nOf = async (client: Connection, id: number) =>
    Number((await rowsOf(client, read(id)))[0]?.n)
  /** A shape is known once it was judged. */
  const teach = async (client: Connection) => {
    for (let run = 0; run < 2; run += 1) {
      for (const text of ['BEGIN', read(99), add(99), 'ROLLBACK', 'COMMIT'])
        await client.query(text)
      for (const text of [read('?'), add('?')]) await client.execute(text, [99])
    }
  }
  const waitingFor = async (text: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const [waiting] = await direct.query<RowDataPacket[]>(
        'SELECT id FROM information_schema.processlist WHERE info = ? AND id <> CONNECTION_ID()',
        [text],
      )
      if (waiting[0]) return Number(waiting[0].id)
      await sleep(25)
    }
    return assert.fail('nobody waits for the lock')
  }
  const whileLocked = async (id: number, during: () => Promise<void>) => {
    const holder = await mysql.createConnection(url)
    await holder.query('BEGIN')
    await holder.query(add(id))
    try {
      await during()
    } finally {
      await holder.query('ROLLBACK')
      await holder.end()
    }
  }

  test('transactions of many clients: each sees its own, and only what was committed stays', async () => {
    const once = async (
      client: Connection,
      { id, run, before }: { id: number; run: number; before: number },
    ) => {
      const isOdd = run % 2 === 1
      await client.query(isOdd ? 'BEGIN' : 'START TRANSACTION')
      assert.equal(await nOf(client, id), before)
      if (isOdd) await client.query(add(id))
      else await client.execute(add('?'), [id])
      const [seen] = await rowsOf(client, read('?'), [id])
      assert.equal(seen?.n, before + 1)
    }
    const work = async (at: number) => {
      const client = await connect()
      const id = at + 1
      let committed = 0
      for (let run = 0; run < TRANSACTIONS_EACH; run += 1) {
        await once(client, { id, run, before: committed })
        const keeps = run % 3 !== 0
        await client.query(keeps ? 'COMMIT' : 'ROLLBACK')
        committed += keeps ? 1 : 0
      }
      await client.end()
      assert.equal(await nOf(direct, id), committed)
    }
    await Promise.all(Array.from({ length: CLIENTS }, (_, at) => work(at)))
    const began = door.statements().filter((one) => one === 'allow: BEGIN')
    assert.equal(began.length, (CLIENTS * TRANSACTIONS_EACH) / 2)
  })

  test('an error leaves the transaction as the server has it', async () => {
    const client = await connect()
    await teach(client)
    const insert = (id: number) => `INSERT INTO own_test (id, n) VALUES (${id}, 7)`
    await client.query('BEGIN')
    await client.query(insert(201))
    await assert.rejects(client.query(insert(201)), { errno: 1062 })
    await assert.rejects(client.query(insert(201)), { errno: 1062 })
    assert.equal(await nOf(client, 201), 7)
    await client.query('COMMIT')
    assert.equal(await nOf(direct, 201), 7)
    await assert.rejects(client.query(insert(201)), { errno: 1062 })
    const [warned] = await rowsOf(client, 'SHOW WARNINGS')
    assert.equal(warned?.Code, 1062)
    await client.end()
  })

  test('a cancelled write is undone, and the session goes on', async () => {
    const [client, other] = [await connect(), await connect()]
    await teach(client)
    const [me] = await rowsOf(client, 'SELECT CONNECTION_ID() AS id')
    await whileLocked(50, async () => {
      await client.query('BEGIN')
      await client.query(add(51))
      const stuck = client.query(add(50))
      stuck.catch(() => undefined)
      await waitingFor(add(50))
      await other.query(`KILL QUERY ${me?.id}`)
      await assert.rejects(stuck, { errno: 1317 })
      assert.equal(await nOf(client, 51), 1)
      await client.query('ROLLBACK')
    })
    assert.equal(await nOf(client, 51), 0)
    await Promise.all([client.end(), other.end()])
  })

  test('a connection lost within a transaction ends the session with an error', async () => {
    const client = await connect()
    await teach(client)
    await whileLocked(60, async () => {
      await client.query('BEGIN')
      await client.query(add(61))
      const stuck = client.query(add(60))
      stuck.catch(() => undefined)
      await direct.query(`KILL ${await waitingFor(add(60))}`)
      await assert.rejects(stuck)
    })
    await assert.rejects(client.query(read(1)))
    assert.equal(await nOf(direct, 61), 0)
    client.destroy()
  })

  test('who goes away in a transaction leaves nothing behind', async () => {
    const client = await connect()
    await teach(client)
    await client.query('BEGIN')
    await client.query(add(70))
    client.destroy()
    const next = await connect()
    await next.query(add(70))
    assert.equal(await nOf(direct, 70), 1)
    await next.end()
  })

  test('what can’t be recorded isn’t executed, and the transaction goes on', async () => {
    const client = await connect()
    await teach(client)
    await client.query('BEGIN')
    await client.query(add(80))
    auditFault = 'the disk is full'
    await assert.rejects(client.query(add(80)), /the disk is full/)
    await assert.rejects(client.execute(add('?'), [80]), /the disk is full/)
    await assert.rejects(client.query('COMMIT'), /the disk is full/)
    auditFault = undefined
    assert.equal(await nOf(client, 80), 1)
    await client.query('COMMIT')
    assert.equal(await nOf(direct, 80), 1)
    await client.end()
  })

  test('a slow reader of a long answer gets all of it', async () => {
    const client = await connect()
    const wide = 'SELECT id, v FROM own_wide'
    for (let run = 0; run < 2; run += 1) await client.query(wide)
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const stream = (
      client as unknown as { connection: mysql.Connection & { stream: NodeJS.ReadableStream } }
    ).connection
    let rows = 0
    const asked = (stream as unknown as { query(sql: string): NodeJS.EventEmitter }).query(wide)
    asked.on('result', () => {
      rows += 1
      if (rows % 300 !== 0) return
      stream.stream.pause()
      setImmediate(() => stream.stream.resume())
    })
    asked.on('error', reject)
    asked.on('end', () => resolve(rows))
    assert.equal(await promise, 1500)
    assert.equal(await nOf(client, 90), 0)
    await client.end()
  })
})
