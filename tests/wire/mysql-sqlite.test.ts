// SQLite files through the MySQL door: clients and drivers find what they look for, and no more than they may see.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'

describe('SQLite through the MySQL door', () => {
  let door: TestDoor

  before(async () => {
    door = await openDoor({ sqliteFile: createLite() })
  })
  after(() => door.close())

  const connect = (options: ConnectionOptions = {}) =>
    mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'lite' },
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

  const rowsOf = async (client: Connection, sql: string) =>
    (await client.query<RowDataPacket[]>({ sql, rowsAsArray: true }))[0] as unknown as unknown[][]

  test('values of every kind come in the text and in the binary protocol', async () => {
    const exact = { supportBigNumbers: true, bigNumberStrings: true }
    await withClient(async (client) => {
      const expected = [
        ['9223372036854775807', 1.5, 'text', Buffer.of(0, 255), '10', 'any'],
        [null, null, null, null, null, null],
      ]
      const sql = 'SELECT * FROM kinds'
      const [text] = await client.query({ sql, rowsAsArray: true })
      const [binary] = await client.execute({ sql, rowsAsArray: true })
      assert.deepEqual(text, expected)
      assert.deepEqual(binary, expected)
    }, exact)
  })

  test('a column that keeps other values than it declares has a type that holds them all', async () => {
    await withClient(async (client) => {
      for (const way of ['query', 'execute'] as const) {
        const sql = 'SELECT i FROM loose'
        const [rows] = await (way === 'query'
          ? client.query<RowDataPacket[]>(sql)
          : client.execute<RowDataPacket[]>(sql))
        assert.deepEqual(
          rows.map(({ i }) => String(i)),
          ['1', 'not a number', '2.5', '\0'],
        )
      }
    })
  })

  test('parameters of every kind are bound', async () => {
    await withClient(async (client) => {
      const values = [1, -1.5, 'ü', null, Buffer.of(1, 0), 2 ** 40]
      const sql = `SELECT ${values.map((_, at) => `typeof(?) AS t${at}`).join(', ')}`
      const [rows] = await client.execute<RowDataPacket[]>(sql, values)
      assert.deepEqual(Object.values(rows[0] ?? {}), [
        'integer',
        'real',
        'text',
        'null',
        'blob',
        'integer',
      ])
    })
  })

  test('affected rows, the last id and the transaction status are told', async () => {
    await withClient(async (client) => {
      await client.query('START TRANSACTION')
      const [inserted] = await client.execute<mysql.ResultSetHeader>(
        'INSERT INTO open_table (name) VALUES (?), (?)',
        ['a', 'b'],
      )
      assert.equal(inserted.affectedRows, 2)
      assert.equal(inserted.serverStatus & 1, 1)
      const [rolled] = await client.query<mysql.ResultSetHeader>('ROLLBACK')
      assert.equal(rolled.serverStatus & 1, 0)
      assert.deepEqual(await rowsOf(client, 'SELECT count(*) FROM open_table'), [[3]])
      await client.query('COMMIT')
    })
  })

  test('autocommit=0 opens a transaction with the first statement', async () => {
    await withClient(async (client) => {
      await client.query('SET autocommit=0')
      await client.query('INSERT INTO loose VALUES (77)')
      await withClient(async (other) => {
        assert.deepEqual(await rowsOf(other, 'SELECT count(*) FROM loose WHERE i = 77'), [[0]])
      })
      await client.query('ROLLBACK')
      await client.query('SET autocommit=1')
      assert.deepEqual(await rowsOf(client, 'SELECT count(*) FROM loose WHERE i = 77'), [[0]])
    })
  })

  test('what clients and drivers ask when they connect has an answer', async () => {
    await withClient(async (client) => {
      const answers: readonly (readonly [string, unknown])[] = [
        ['select @@version_comment limit 1', [['ArticDBM']]],
        ['SELECT @@max_allowed_packet', [[16777216]]],
        ['SELECT DATABASE()', [['lite']]],
        ['SHOW DATABASES', [['lite']]],
        ['SHOW TABLES', [['kinds'], ['loose'], ['open_table'], ['secret'], ['seen']]],
        [
          "SHOW FULL TABLES FROM `lite` LIKE 'se%'",
          [
            ['secret', 'BASE TABLE'],
            ['seen', 'VIEW'],
          ],
        ],
        ['SHOW WARNINGS', []],
        ["SHOW VARIABLES LIKE 'sql\\_mode'", []],
        ["SHOW VARIABLES LIKE 'sql_mode'", [['sql_mode', 'STRICT_TRANS_TABLES']]],
        ['SELECT connection_id() AS id', [[(client as unknown as { threadId: number }).threadId]]],
        [
          'DESCRIBE open_table',
          [
            ['id', 'integer', 'NO', 'PRI', null, ''],
            ['name', 'varchar(20)', 'YES', '', null, ''],
          ],
        ],
        [
          '/* a driver */SELECT @@session.auto_increment_increment AS auto_increment_increment, @@wait_timeout',
          [[1, 28800]],
        ],
      ]
      for (const [sql, expected] of answers) {
        assert.deepEqual(await rowsOf(client, sql), expected, sql)
        if (sql.toLowerCase().startsWith('select')) {
          const [rows] = await client.execute({ sql, rowsAsArray: true })
          assert.deepEqual(rows, expected, sql)
        }
      }
      for (const sql of [
        'SET NAMES utf8mb4',
        'SET autocommit=1',
        '/*!40101 SET NAMES utf8 */',
        "SET sql_mode='STRICT_ALL_TABLES'",
      ]) {
        await client.query(sql)
      }
      await assert.rejects(client.query('SET GLOBAL max_connections = 1'))
      await assert.rejects(client.query('SET NAMES gbk'))
    })
  })

  test('somebody with one table sees no other, by whatever words', async () => {
    await withClient(
      async (client) => {
        assert.deepEqual(await rowsOf(client, 'SELECT count(*) FROM open_table'), [[3]])
        const refused = [
          'SELECT * FROM secret',
          'DESCRIBE secret',
          'SHOW COLUMNS FROM `secret`',
          "SELECT * FROM pragma_table_info('secret')",
          'INSERT INTO open_table (name) VALUES (1)',
          'WITH x AS (SELECT * FROM secret) SELECT * FROM x',
          'ATTACH DATABASE "/etc/passwd" AS a',
          'PRAGMA writable_schema = 1',
          'SELECT 1; SELECT * FROM secret',
          '/*!50000 SELECT * FROM secret */',
        ]
        for (const sql of refused) {
          await assert.rejects(client.query(sql), Error, sql)
          await assert.rejects(client.execute(sql), Error, sql)
        }
      },
      { user: 'bob' },
    )
  })

  test('errors have MySQL’s numbers and states', async () => {
    await withClient(async (client) => {
      await client.query('CREATE TABLE once (a INTEGER PRIMARY KEY, b TEXT NOT NULL)')
      await client.query("INSERT INTO once VALUES (1, 'x')")
      const failures: readonly (readonly [string, number, string])[] = [
        ['SELECT * FROM missing', 1146, '42S02'],
        ['SELECT missing FROM once', 1054, '42S22'],
        ["INSERT INTO once VALUES (1, 'y')", 1062, '23000'],
        ['INSERT INTO once VALUES (2, NULL)', 1048, '23000'],
      ]
      for (const [sql, errno, sqlState] of failures) {
        await assert.rejects(client.query(sql), { errno, sqlState }, sql)
        await assert.rejects(client.execute(sql), { errno, sqlState }, sql)
      }
    })
  })

  test('KILL QUERY ends a statement', async () => {
    await withClient(async (client) => {
      const endless =
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
      const running = assert.rejects(client.query(endless), { errno: 1317 })
      await new Promise((resolve) => setTimeout(resolve, 300))
      const { threadId } = client as unknown as { threadId: number }
      await withClient(async (other) => void (await other.query(`KILL QUERY ${threadId}`)))
      await running
      assert.deepEqual(await rowsOf(client, 'SELECT 5'), [[5]])
    })
  })

  test('a large result streams, however slowly it is taken', async () => {
    await withClient(async (client) => {
      const sql =
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) SELECT i, hex(i) FROM n'
      const stream = (
        client as unknown as {
          connection: { query(sql: string): { stream(): AsyncIterable<{ i: number }> } }
        }
      ).connection
        .query(sql)
        .stream()
      let sum = 0
      for await (const row of stream) sum += row.i
      assert.equal(sum, 20_000_100_000)
    })
  })

  test('the record shows what the person typed', async () => {
    await withClient(async (client) => {
      await client.query('show   tables')
    })
    assert.ok(door.statements().includes('allow: show   tables'))
  })

  test('the mysql client opens it, with TLS and without', async () => {
    for (const tls of [['--ssl'], []]) {
      const { stdout } = await promisify(execFile)('mysql', [
        ...['--no-defaults', '-h127.0.0.1', `-P${door.port}`, '-uann', `-p${PASSWORD}`, ...tls],
        ...[
          '--auto-rehash',
          'lite',
          '-Ne',
          'show tables; select count(*) from open_table; use lite',
        ],
      ])
      assert.match(stdout, /open_table[\s\S]*3/)
    }
  })
})
