// The MySQL door before a real MariaDB: what a client sees must be what it would see without the gateway.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { FAILURES, ROWS, TABLE, VALUES } from './mysql/cases.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
const SCHEMA = 'mysql_door_test'

describe('the MySQL door before MariaDB', { skip }, () => {
  let door: TestDoor
  let direct: Connection
  let backendUrl: string

  before(async () => {
    const address = new URL(url)
    const admin = await mysql.createConnection(url)
    await admin.query(`CREATE DATABASE IF NOT EXISTS ${SCHEMA} CHARACTER SET utf8mb4`)
    await admin.end()
    address.pathname = `/${SCHEMA}`
    backendUrl = address.href
    direct = await mysql.createConnection({ uri: backendUrl, ...EXACT })
    for (const table of ['kinds', 'open_table', 'secret', 'moves']) {
      await direct.query(`DROP TABLE IF EXISTS ${table}`)
    }
    for (const sql of [TABLE, ...ROWS]) await direct.query(sql)
    await direct.query('CREATE TABLE open_table (id INT PRIMARY KEY, name VARCHAR(20))')
    await direct.query('CREATE TABLE secret (id INT PRIMARY KEY)')
    await direct.query('CREATE TABLE moves (id INT AUTO_INCREMENT PRIMARY KEY, v INT)')
    await direct.query("INSERT INTO open_table VALUES (1, 'one'), (2, NULL)")
    door = await openDoor({ backendUrl, maxConnections: 6 })
  })

  after(async () => {
    await direct?.end()
    await door?.close()
  })

  const connect = (options: ConnectionOptions = {}) =>
    mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
      ...EXACT,
      ...options,
    })

  const withClient = async (
    work: (client: Connection) => Promise<void>,
    options?: ConnectionOptions,
  ) => {
    const client = await connect(options)
    try {
      await work(client)
    } finally {
      client.destroy()
    }
  }

  test('every type and NULL comes as on a direct connection, in the text and in the binary protocol', async () => {
    await withClient(async (client) => {
      for (const value of VALUES) {
        const sql = `SELECT ${value} AS v`
        assert.deepEqual(
          await answerOf(client, 'query', sql),
          await answerOf(direct, 'query', sql),
          sql,
        )
        assert.deepEqual(
          await answerOf(client, 'execute', sql),
          await answerOf(direct, 'execute', sql),
          sql,
        )
      }
      for (const way of ['query', 'execute'] as const) {
        const sql = 'SELECT * FROM kinds ORDER BY id'
        assert.deepEqual(await answerOf(client, way, sql), await answerOf(direct, way, sql))
      }
    })
  })

  test('every value bound to a prepared statement comes back as on a direct connection', async () => {
    const values = [
      null,
      0,
      -1,
      1.5,
      2 ** 40,
      '',
      'ü🙂',
      Buffer.of(0, 255),
      new Date(0),
      'x'.repeat(70_000),
    ]
    await withClient(async (client) => {
      const sql = 'SELECT ? AS a, ? AS b'
      for (const value of values) {
        const [theirs] = await direct.execute(sql, [value, null])
        assert.deepEqual((await client.execute(sql, [value, null]))[0], theirs)
      }
    })
  })

  test('failures are told in the backend’s own words', async () => {
    await withClient(async (client) => {
      for (const sql of FAILURES) {
        for (const way of ['query', 'execute'] as const) {
          const ours = await failureOf(client, way, sql)
          assert.deepEqual(ours, await failureOf(direct, way, sql), sql)
        }
      }
    })
  })

  test('affected rows count changed rows, or found ones where the client asks for that', async () => {
    for (const flags of [['FOUND_ROWS'], ['-FOUND_ROWS']]) {
      const [update, without] = ['UPDATE open_table SET name = "one" WHERE id = 1', { flags }]
      const theirs = await mysql.createConnection({ uri: backendUrl, flags })
      const [expected] = await theirs.query<mysql.ResultSetHeader>(update)
      await theirs.end()
      await withClient(async (client) => {
        const [result] = await client.query<mysql.ResultSetHeader>(update)
        assert.equal(result.affectedRows, expected.affectedRows, flags[0] ?? '')
      }, without)
    }
  })

  test('a transaction keeps its connection and is rolled back when its client is gone', async () => {
    const first = await connect()
    await first.beginTransaction()
    await first.query('INSERT INTO moves (v) VALUES (77)')
    assert.equal(
      (await first.query<mysql.RowDataPacket[]>('SELECT v FROM moves WHERE v = 77'))[0].length,
      1,
    )
    first.destroy()
    await withClient(async (client) => {
      // The lock of the lost transaction must come free, too.
      await client.query('DELETE FROM moves WHERE v = 77')
      const [rows] = await client.query<mysql.RowDataPacket[]>('SELECT v FROM moves WHERE v = 77')
      assert.equal(rows.length, 0)
    })
  })

  test('autocommit=0 keeps the connection until the client commits', async () => {
    await withClient(async (client) => {
      await client.query('SET autocommit=0')
      await client.query('INSERT INTO moves (v) VALUES (5)')
      const [before] = await direct.query<mysql.RowDataPacket[]>('SELECT * FROM moves WHERE v = 5')
      await client.commit()
      const [afterwards] = await direct.query<mysql.RowDataPacket[]>(
        'SELECT * FROM moves WHERE v = 5',
      )
      assert.deepEqual([before.length, afterwards.length], [0, 1])
      await direct.query('DELETE FROM moves')
    })
  })

  test('what one session sets, no other session sees', async () => {
    await withClient(async (first) => {
      await first.query('SET @mine = 41')
      await first.query('SET SESSION sort_buffer_size = 300000')
      await first.query('CREATE TEMPORARY TABLE hidden (a INT)')
      assert.equal((await first.query<mysql.RowDataPacket[]>('SELECT @mine m'))[0][0]?.m, '41')
    })
    await sleep(100)
    for (let round = 0; round < 8; round += 1) {
      await withClient(async (client) => {
        const [rows] = await client.query<mysql.RowDataPacket[]>(
          'SELECT @mine m, @@sort_buffer_size s',
        )
        assert.equal(rows[0]?.m, null)
        assert.notEqual(Number(rows[0]?.s), 300_000)
        await assert.rejects(client.query('SELECT * FROM hidden'), { errno: 1146 })
      })
    }
  })

  test('LAST_INSERT_ID follows its session over shared connections', async () => {
    await withClient(async (first) => {
      await withClient(async (second) => {
        const [inserted] = await first.query<mysql.ResultSetHeader>(
          'INSERT INTO moves (v) VALUES (1)',
        )
        const [other] = await second.query<mysql.ResultSetHeader>(
          'INSERT INTO moves (v) VALUES (2)',
        )
        for (const [client, { insertId }] of [
          [first, inserted],
          [second, other],
        ] as const) {
          const [rows] = await client.query<mysql.RowDataPacket[]>('SELECT LAST_INSERT_ID() AS id')
          assert.equal(Number(rows[0]?.id), insertId)
        }
      })
    })
  })

  test('SHOW WARNINGS tells the warnings of the statement before', async () => {
    await withClient(async (client) => {
      await client.query("SELECT CAST('12x' AS SIGNED)")
      const [rows] = await client.query<mysql.RowDataPacket[]>('SHOW WARNINGS')
      assert.equal(rows[0]?.Code, 1292)
    })
  })

  test('several statements come back in order, and only if the client asked for them', async () => {
    await withClient(
      async (client) => {
        const [results] = await client.query('SELECT 1 a; SELECT 2 b; UPDATE moves SET v = v')
        assert.equal((results as unknown[]).length, 3)
        const before = door.statements().length
        await assert.rejects(client.query('SELECT 1; SELECT * FROM missing; SELECT 3'), {
          errno: 1146,
        })
        assert.equal(door.statements().length, before + 3)
      },
      { multipleStatements: true },
    )
    await withClient(async (client) => {
      await assert.rejects(client.query('SELECT 1; SELECT 2'), { errno: 1064 })
      await client.query('SELECT 1')
    })
  })

  test('a statement that nothing grants is refused by every command, and never reaches the backend', async () => {
    await withClient(
      async (client) => {
        assert.equal(((await client.query('SELECT * FROM open_table'))[0] as unknown[]).length, 2)
        for (const sql of [
          'SELECT * FROM secret',
          'UPDATE open_table SET name = 1',
          'DROP TABLE secret',
        ]) {
          await assert.rejects(client.query(sql), { errno: 1142 })
          await assert.rejects(client.execute(sql), { errno: 1142 })
        }
        await assert.rejects(client.query('SELECT 1; SELECT * FROM secret'), { errno: 1142 })
        await assert.rejects(client.query('/*!50000 SELECT * FROM secret */'), { errno: 1142 })
        await assert.rejects(client.query('SET NAMES gbk'), { errno: 1142 })
        await assert.rejects(client.query('SET sql_mode = ANSI_QUOTES'), { errno: 1142 })
      },
      { user: 'bob', multipleStatements: true },
    )
  })

  test('a wrong password, an unknown name and a database that nothing grants are refused', async () => {
    const failure = (options: ConnectionOptions) =>
      connect(options).then(
        () => 0,
        (error: { errno: number }) => error.errno,
      )
    for (const ssl of [undefined, { rejectUnauthorized: false }]) {
      const way: ConnectionOptions = ssl ? { ssl } : {}
      assert.equal(await failure({ ...way, password: 'wrong' }), 1045)
      assert.equal(await failure({ ...way, password: '' }), 1045)
      assert.equal(await failure({ ...way, user: 'nobody' }), 1045)
      assert.equal(await failure({ ...way, user: 'eve' }), 1049)
      assert.equal(await failure({ ...way, database: 'missing' }), 1049)
    }
  })

  test('TLS clients get the same answers', async () => {
    const ssl = { rejectUnauthorized: false }
    await withClient(
      async (client) => {
        const [rows] = await client.query<mysql.RowDataPacket[]>(
          "SELECT REPEAT('x', 2000000) AS long_text",
        )
        assert.equal(rows[0]?.long_text.length, 2_000_000)
      },
      { ssl },
    )
  })

  test('KILL QUERY by the gateway’s id ends the own statement, and nobody else’s', async () => {
    await withClient(async (first) => {
      const sleeping = first.query<mysql.RowDataPacket[]>('SELECT SLEEP(20) AS s')
      const ended = sleeping.then(
        ([rows]) => rows[0]?.s,
        (error: { errno: number }) => error.errno,
      )
      await sleep(300)
      const { threadId } = first as unknown as { threadId: number }
      await withClient(
        (bob) => assert.rejects(bob.query(`KILL QUERY ${threadId}`), { errno: 1094 }),
        { user: 'bob' },
      )
      const started = Date.now()
      const { database: _none, ...nowhere } = { database: '' }
      await withClient(
        async (client) => void (await client.query(`KILL QUERY ${threadId}`)),
        nowhere,
      )
      assert.ok([1, 1317].includes(await ended))
      assert.ok(Date.now() - started < 5_000)
      assert.equal((await first.query<mysql.RowDataPacket[]>('SELECT 7 AS n'))[0][0]?.n, 7)
    })
  })

  test('a client that is gone takes its statement with it', async () => {
    const client = await connect()
    client.query('SELECT SLEEP(30), "gone client"').catch(() => undefined)
    await sleep(300)
    client.destroy()
    for (let tries = 0; tries < 50; tries += 1) {
      const [rows] = await direct.query<mysql.RowDataPacket[]>(
        "SELECT * FROM information_schema.processlist WHERE info LIKE '%gone client%' AND info NOT LIKE '%processlist%'",
      )
      if (rows.length === 0) return
      await sleep(100)
    }
    assert.fail('the statement goes on')
  })

  test('changing the user judges as the new one, and resetting forgets the session', async () => {
    await withClient(async (client) => {
      await client.query('SET @mine = 1')
      await client.changeUser({ user: 'bob', password: PASSWORD, database: 'maria' })
      await assert.rejects(client.query('SELECT * FROM secret'), { errno: 1142 })
      await client.changeUser({ user: 'ann', password: PASSWORD, database: 'maria' })
      assert.equal((await client.query<mysql.RowDataPacket[]>('SELECT @mine m'))[0][0]?.m, null)
      await assert.rejects(client.changeUser({ user: 'ann', password: 'wrong' }), { errno: 1045 })
    })
  })

  test('more sessions than connections take turns', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect()))
    const answers = await Promise.all(
      clients.flatMap((client, n) =>
        Array.from({ length: 20 }, (_, at) =>
          client.execute<mysql.RowDataPacket[]>('SELECT ? + ? AS sum', [n, at]),
        ),
      ),
    )
    answers.forEach(([rows], at) => {
      assert.equal(rows[0]?.sum, Math.floor(at / 20) + (at % 20))
    })
    for (const client of clients) client.destroy()
  })

  test('each statement is recorded before, and its end after', async () => {
    await withClient(async (client) => {
      await client.query('SELECT id FROM open_table /* recorded */')
      await sleep(20)
    })
    const recorded = door.events.find(
      (event) => event.kind === 'statement.recorded' && event.sql.includes('recorded */'),
    )
    const ended = door.events.find(
      (event) => event.kind === 'statement.ended' && event.id === recorded?.id,
    )
    assert.ok(ended?.kind === 'statement.ended')
    assert.deepEqual([ended.outcome, ended.rows], ['ok', 2])
    assert.ok(ended.bytes > 0)
  })
})

const EXACT = {
  ...{ supportBigNumbers: true, bigNumberStrings: true, dateStrings: true, jsonStrings: true },
} as const

type Way = 'query' | 'execute'

async function answerOf(client: Connection, way: Way, sql: string) {
  const wish = { sql, rowsAsArray: true }
  const [rows, fields] = await (way === 'query' ? client.query(wish) : client.execute(wish))
  const columns = (fields as unknown as readonly Record<string, unknown>[]).map((field) => ({
    ...{ name: field.name, type: field.columnType, length: field.columnLength, flags: field.flags },
    ...{ decimals: field.decimals, charset: charsetOf(Number(field.characterSet)) },
  }))
  return { rows, columns }
}

/** A session's collation shows in its columns, where a direct connection shows that of its handshake. */
function charsetOf(collation: number): string {
  return [45, 224].includes(collation) ? 'utf8mb4' : `${collation}`
}

async function failureOf(client: Connection, way: Way, sql: string) {
  return (way === 'query' ? client.query(sql) : client.execute(sql)).then(
    () => assert.fail(`${sql} did not fail`),
    ({ errno, sqlState, sqlMessage }: Record<string, unknown>) => ({ errno, sqlState, sqlMessage }),
  )
}
