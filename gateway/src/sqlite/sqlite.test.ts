import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createSqliteDatabases, SqliteError } from './index.ts'
import { openShop, take } from './shop.fixture.ts'

const { databases, path, folder, close } = openShop()
after(close)

const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT '

describe('values', () => {
  test('come back as they went in: nulls, blobs, text and integers beyond 2^53', async () => {
    const connection = await databases.open(path)
    const values = [9_223_372_036_854_775_807n, -0.5, "naïve ☃ 'x'", new Uint8Array([0, 255]), null]
    await take(connection, 'INSERT INTO kinds VALUES (?, ?, ?, ?, ?)', { parameters: values })
    const { rows } = await take(connection, 'SELECT * FROM kinds')
    assert.deepEqual(rows, [values])
    await connection.close()
  })

  test('parameters are placed by number, name and order', async () => {
    const connection = await databases.open(path)
    const cases = [
      ['SELECT ?, ?', [1n, 2n], [1n, 2n]],
      ['SELECT $2, $1, $2', [1n, 2n], [2n, 1n, 2n]],
      ['SELECT ?2, ?1', [1n, 2n], [2n, 1n]],
      ['SELECT :b, @a, :b', [1n, 2n], [1n, 2n, 1n]],
      ["SELECT '?', ? -- ?", [1n], ['?', 1n]],
    ] as const
    for (const [sql, parameters, row] of cases) {
      const { rows } = await take(connection, sql, { parameters })
      assert.deepEqual(rows, [row], sql)
      assert.equal((await connection.describe(sql)).parameterCount, parameters.length, sql)
    }
    await assert.rejects(take(connection, 'SELECT ?, ?', { parameters: [1n] }), /1 values for 2/)
    await connection.close()
  })

  test('a description names columns and their origin and runs nothing', async () => {
    const connection = await databases.open(path)
    const { columns } = await connection.describe('SELECT id AS number, 1 + 1 AS two FROM orders')
    assert.deepEqual(columns, [
      { name: 'number', declaredType: 'INTEGER', table: 'orders', column: 'id' },
      { name: 'two', declaredType: undefined, table: undefined, column: undefined },
    ])
    await connection.describe('DELETE FROM customers')
    await connection.describe('PRAGMA query_only = ON')
    const { rows } = await take(connection, 'SELECT count(*) FROM customers')
    assert.deepEqual(rows, [[2n]])
    await take(connection, 'UPDATE counters SET n = 0')
    await connection.close()
  })

  test('changes count rows of this statement alone', async () => {
    const connection = await databases.open(path)
    const count = async (sql: string) => (await take(connection, sql)).end?.changes
    assert.equal(await count('UPDATE customers SET age = age'), 2)
    assert.equal(await count('SELECT * FROM customers'), 0)
    assert.equal(await count('CREATE TABLE made(x)'), 0)
    assert.equal(await count('INSERT INTO made VALUES (1), (2), (3) RETURNING x'), 3)
    assert.equal(await count('DELETE FROM made'), 3)
    assert.equal(await count('DROP TABLE made'), 0)
    await connection.close()
  })
})

describe('failures', () => {
  const cases: readonly (readonly [string, string, string, number, number?])[] = [
    ["INSERT INTO customers VALUES (9, 'a@b.c', 3)", 'sqlite_unique', '23505', 1062],
    ["INSERT INTO customers VALUES (1, 'z', 3)", 'sqlite_unique', '23505', 1062],
    ['INSERT INTO customers VALUES (9, NULL, 3)', 'sqlite_not_null', '23502', 1048],
    ["INSERT INTO customers VALUES (9, 'q', -3)", 'sqlite_check', '23514', 3819],
    ['INSERT INTO orders VALUES (9, 99)', 'sqlite_foreign_key', '23503', 1452],
    ['SELECT * FROM nowhere', 'sqlite_no_such_table', '42P01', 1146, 14],
    ['SELECT nought FROM orders', 'sqlite_no_such_column', '42703', 1054, 7],
    ['SELEKT 1', 'sqlite_syntax', '42601', 1064, 0],
    ['SELECT 1 +', 'sqlite_syntax', '42601', 1064],
    ['SELECT 1; SELECT 2', 'sqlite_syntax', '42601', 1064],
    ['SELECT nofunc(1)', 'sqlite_no_such_function', '42883', 1305, 7],
    ['CREATE TABLE orders(x)', 'sqlite_already_exists', '42P07', 1050],
    ['COMMIT', 'sqlite_no_transaction', '25P01', 1305],
    ['SELECT zeroblob(100000000)', 'sqlite_too_big', '54000', 1153],
  ]

  test('show their code, SQLSTATE, MySQL number and place', async () => {
    const connection = await databases.open(path)
    for (const [sql, code, sqlState, mysqlErrno, position] of cases) {
      const fails = (error: unknown) => {
        assert.ok(error instanceof SqliteError, sql)
        assert.deepEqual(
          { code: error.code, sqlState: error.sqlState, mysqlErrno: error.mysqlErrno },
          { code, sqlState, mysqlErrno },
          `${sql}: ${error.message}`,
        )
        assert.equal(error.position, position, sql)
        return true
      }
      await assert.rejects(take(connection, sql), fails)
    }
    await connection.close()
  })

  test('a missing file, a folder and garbage are refused, and no file is made', async () => {
    const missing = join(folder, 'missing.db')
    await assert.rejects(databases.open(missing), /does not exist/)
    await assert.rejects(databases.open(missing), /does not exist/)
    await assert.rejects(databases.open(folder), /not a regular file/)
    await assert.rejects(databases.open('/dev/null'), /not a regular file/)
    await assert.rejects(databases.open(import.meta.filename), (error: SqliteError) => {
      assert.equal(error.code, 'sqlite_not_a_database')
      return true
    })
  })

  test('a tail hidden behind NUL is refused', async () => {
    const connection = await databases.open(path)
    await assert.rejects(take(connection, 'SELECT 1\0; DROP TABLE orders'), SqliteError)
    await connection.close()
  })
})

describe('streaming', () => {
  test('100,000 rows arrive in bounded batches, the next only when asked for', async () => {
    const connection = await databases.open(path)
    const run = {
      sql: 'SELECT * FROM many',
      parameters: [],
      allowed: 'everything',
      timeoutMs: 60_000,
    } as const
    let rows = 0
    let largest = 0
    global.gc?.()
    const before = process.memoryUsage().rss
    for await (const event of connection.execute(run)) {
      if (event.kind !== 'rows') continue
      rows += event.rows.length
      largest = Math.max(largest, event.rows.length)
    }
    assert.equal(rows, 100_000)
    assert.ok(largest <= 256, `a batch had ${largest} rows`)
    assert.ok(process.memoryUsage().rss - before < 100_000_000)
    await connection.close()
  })

  test('leaving early ends the statement, and the connection lives on', async () => {
    const connection = await databases.open(path)
    const run = {
      sql: 'SELECT * FROM many',
      parameters: [],
      allowed: 'everything',
      timeoutMs: 10_000,
    } as const
    for await (const event of connection.execute(run)) if (event.kind === 'rows') break
    const { rows } = await take(connection, 'SELECT 1')
    assert.deepEqual(rows, [[1n]])
    await connection.close()
  })

  test('one statement at a time: the second waits for the first', async () => {
    const connection = await databases.open(path)
    const [many, one] = await Promise.all([
      take(connection, 'SELECT id FROM many LIMIT 2000'),
      take(connection, 'SELECT 1'),
    ])
    assert.equal(many.rows.length, 2000)
    assert.deepEqual(one.rows, [[1n]])
    await connection.close()
  })
})

describe('cancel', () => {
  test('between rows: the statement ends, the connection stays open', async () => {
    const connection = await databases.open(path)
    const started = take(connection, `${endless} x FROM c WHERE x % 1000 = 0`)
    setTimeout(() => connection.interrupt(), 100)
    await assert.rejects(started, { code: 'statement_cancelled' })
    assert.equal(connection.isClosed, false)
    assert.deepEqual((await take(connection, 'SELECT 1')).rows, [[1n]])
    await connection.close()
  })

  test('inside a step that never ends: answered within the grace, and the connection is gone', async () => {
    const connection = await databases.open(path)
    const began = performance.now()
    const started = take(connection, `${endless} count(*) FROM c`)
    setTimeout(() => connection.interrupt(), 100)
    await assert.rejects(started, { code: 'statement_cancelled' })
    assert.ok(performance.now() - began < 3_000)
    assert.equal(connection.isClosed, true)
    await assert.rejects(take(connection, 'SELECT 1'), { code: 'sqlite_connection_closed' })
  })

  test('a time-out is a cancel', async () => {
    const connection = await databases.open(path)
    await assert.rejects(take(connection, `${endless} count(*) FROM c`, { timeoutMs: 100 }), {
      code: 'statement_cancelled',
    })
    assert.equal(connection.isClosed, true)
  })

  test('undoes what a RETURNING statement had changed', async () => {
    const connection = await databases.open(path)
    const run = {
      sql: 'UPDATE many SET filler = NULL RETURNING id',
      parameters: [],
      allowed: 'everything',
      timeoutMs: 10_000,
    } as const
    const updating = (async () => {
      for await (const event of connection.execute(run)) {
        if (event.kind === 'rows') connection.interrupt()
      }
    })()
    await assert.rejects(updating, { code: 'statement_cancelled' })
    const { rows } = await take(connection, 'SELECT count(*) FROM many WHERE filler IS NULL')
    assert.deepEqual(rows, [[0n]])
    assert.equal(connection.inTransaction, false)
    await connection.close()
  })

  test('without a running statement nothing happens', async () => {
    const connection = await databases.open(path)
    connection.interrupt()
    assert.deepEqual((await take(connection, 'SELECT 1')).rows, [[1n]])
    await connection.close()
  })

  test('closing during a statement ends it', async () => {
    const connection = await databases.open(path)
    const started = take(connection, `${endless} count(*) FROM c`)
    setTimeout(() => void connection.close(), 100)
    await assert.rejects(started, { code: 'sqlite_connection_closed' })
    assert.equal(connection.isClosed, true)
  })
})

describe('transactions', () => {
  test('are reported, and a connection that goes away rolls back', async () => {
    const connection = await databases.open(path)
    await take(connection, 'BEGIN')
    assert.equal(connection.inTransaction, true)
    await take(connection, "INSERT INTO secrets VALUES ('lost')")
    await connection.close()
    const other = await databases.open(path)
    const { rows } = await take(other, "SELECT count(*) FROM secrets WHERE code = 'lost'")
    assert.deepEqual(rows, [[0n]])
    await other.close()
  })

  test('a lock that is not released in time is busy, a snapshot that grew old a serialization failure', async () => {
    const [one, other] = await Promise.all([databases.open(path), databases.open(path)])
    await take(other, 'PRAGMA busy_timeout = 50')
    await take(one, 'BEGIN IMMEDIATE')
    await assert.rejects(take(other, 'BEGIN IMMEDIATE'), { sqlState: '55P03', mysqlErrno: 1205 })
    await take(one, 'ROLLBACK')
    await take(other, 'BEGIN')
    await take(other, 'SELECT * FROM counters')
    await take(one, 'INSERT INTO kinds (i) VALUES (1)')
    const late = take(other, 'INSERT INTO kinds (i) VALUES (2)')
    await assert.rejects(late, { sqlState: '40001', mysqlErrno: 1213 })
    assert.equal(other.inTransaction, true)
    await Promise.all([one.close(), other.close()])
  })

  test('concurrent writers wait for each other and lose nothing', async () => {
    const writers = await Promise.all([1, 2, 3].map(() => databases.open(path)))
    const writes = writers.map(async (writer) => {
      for (let turn = 0; turn < 20; turn += 1) {
        await take(writer, 'UPDATE counters SET n = n + 1', { timeoutMs: 30_000 })
      }
    })
    await Promise.all(writes)
    const [reader] = writers
    assert.ok(reader)
    assert.deepEqual((await take(reader, 'SELECT n FROM counters')).rows, [[60n]])
    await Promise.all(writers.map((writer) => writer.close()))
  })
})

test('beyond the bound a connect waits, then fails, and succeeds when one is closed', async () => {
  const few = createSqliteDatabases({ maxConnections: 1, checkoutTimeoutMs: 300, warmProcesses: 0 })
  const first = await few.open(path)
  await assert.rejects(few.open(path), { code: 'pool_exhausted' })
  const waiting = few.open(path)
  await first.close()
  const second = await waiting
  assert.deepEqual((await take(second, 'SELECT 1')).rows, [[1n]])
  await few.close()
  await assert.rejects(few.open(path), { code: 'shutting_down' })
})

test('a statement that eats memory ends its own process, not the gateway', async () => {
  const small = createSqliteDatabases({ maxBytes: 300_000_000, warmProcesses: 0 })
  const connection = await small.open(path)
  const sql = `${endless} x, randomblob(1000000) AS y FROM c ORDER BY y`
  await assert.rejects(take(connection, sql, { timeoutMs: 20_000 }), { code: 'sqlite_engine_lost' })
  assert.equal(connection.isClosed, true)
  await small.close()
})
