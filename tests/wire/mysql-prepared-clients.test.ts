// Prepared statements as real drivers send them: transactions that begin and end in them, and what can't be prepared.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createConnection as connectMariadb } from 'mariadb'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')

/** Of one session: what it sends, by COM_QUERY or prepared. */
type Step = readonly ['says' | 'prepares', string]

/** Each ends with what a second session sees of `prepared_t`, and whether the first is in a transaction. */
const TRANSACTIONS: Readonly<Record<string, readonly Step[]>> = {
  'autocommit is switched off by protocol': [
    ['prepares', 'SET autocommit = 0'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ['says', 'SELECT * FROM prepared_t'],
  ],
  'and committed': [
    ['prepares', 'SET autocommit = 0'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ['prepares', 'COMMIT'],
  ],
  'and switched on again, which commits': [
    ['prepares', 'SET autocommit = 0'],
    ['says', 'INSERT INTO prepared_t VALUES (1)'],
    ['prepares', 'SET autocommit = 1'],
  ],
  'a transaction begins and ends by protocol': [
    ['prepares', 'START TRANSACTION'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ['prepares', 'ROLLBACK'],
    ['prepares', 'INSERT INTO prepared_t VALUES (2)'],
  ],
  'it stays open': [
    ['prepares', 'BEGIN'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
  ],
  'autocommit is switched off by EXECUTE': [
    ['says', "PREPARE off FROM 'SET autocommit = 0'"],
    ['says', 'EXECUTE off'],
    ['says', 'INSERT INTO prepared_t VALUES (1)'],
  ],
  'EXECUTE commits': [
    ['says', "PREPARE done FROM 'COMMIT'"],
    ['says', 'START TRANSACTION'],
    ['says', 'INSERT INTO prepared_t VALUES (1)'],
    ['says', 'EXECUTE done'],
  ],
  'EXECUTE IMMEDIATE begins': [
    ['says', "EXECUTE IMMEDIATE 'START TRANSACTION'"],
    ['says', 'INSERT INTO prepared_t VALUES (1)'],
  ],
  'a definition commits': [
    ['prepares', 'START TRANSACTION'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ['prepares', 'CREATE OR REPLACE TABLE prepared_u (a INT)'],
    ['prepares', 'ROLLBACK'],
  ],
  'a routine begins': [
    ['prepares', 'CALL prepared_begin()'],
    ['says', 'INSERT INTO prepared_t VALUES (1)'],
  ],
  'a routine commits': [
    ['says', 'START TRANSACTION'],
    ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ['prepares', 'CALL prepared_commit()'],
  ],
}

describe('prepared statements of real clients', { skip, timeout: 120_000 }, () => {
  let door: TestDoor
  let direct: Connection
  before(async () => {
    direct = await mysql.createConnection({ uri: url, multipleStatements: true })
    await direct.query(`
      DROP PROCEDURE IF EXISTS prepared_begin; DROP PROCEDURE IF EXISTS prepared_commit;
      CREATE OR REPLACE TABLE prepared_t (a INT) ENGINE = InnoDB;
      CREATE PROCEDURE prepared_begin() START TRANSACTION;
      CREATE PROCEDURE prepared_commit() COMMIT`)
    door = await openDoor({ backendUrl: url, maxConnections: 3 })
  })
  after(async () => {
    await direct?.query('DROP TABLE IF EXISTS prepared_t, prepared_u')
    await direct?.end()
    await door?.close()
  })

  const access = () => ({
    ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
  })

  async function seen(client: Connection): Promise<unknown> {
    const [rows] = await client.query<RowDataPacket[]>('SELECT a FROM prepared_t ORDER BY a')
    return rows.map(({ a }) => a)
  }

  async function told(client: Connection, steps: readonly Step[]): Promise<unknown> {
    await direct.query('DELETE FROM prepared_t')
    for (const [way, sql] of steps) await (way === 'says' ? client.query(sql) : client.execute(sql))
    const [rows] = await client.query<RowDataPacket[]>('SELECT @@in_transaction AS open')
    const open = Number(rows[0]?.open)
    const own = await seen(client)
    const others = await seen(direct)
    client.destroy()
    return { open, own, others }
  }

  for (const [name, steps] of Object.entries(TRANSACTIONS)) {
    test(`as on a direct connection: ${name}`, async () => {
      const expected = await told(await mysql.createConnection(url), steps)
      assert.deepEqual(await told(await mysql.createConnection(access()), steps), expected)
    })
  }

  test('what a session left open is gone with it, whoever comes next', async () => {
    const begins = [
      ['says', 'SET autocommit = 0'],
      ['prepares', 'INSERT INTO prepared_t VALUES (1)'],
    ] as const
    await told(await mysql.createConnection(access()), begins)
    for (let at = 0; at < 6; at += 1) {
      const client = await mysql.createConnection(access())
      assert.deepEqual(await seen(client), [])
      const [rows] = await client.query<RowDataPacket[]>(
        'SELECT @@autocommit AS auto, @@in_transaction AS open',
      )
      assert.deepEqual({ ...rows[0] }, { auto: 1, open: 0 })
      client.destroy()
    }
  })

  const NOT_PREPARABLE: readonly string[] = [
    'USE maria',
    'KILL 5',
    "LOAD DATA LOCAL INFILE 'x' INTO TABLE prepared_t",
    "PREPARE inner_one FROM 'SELECT 1'",
    'EXECUTE inner_one',
    'DEALLOCATE PREPARE inner_one',
    "EXECUTE IMMEDIATE 'SELECT 1'",
  ]
  test('what can’t be prepared is told with errno 1295, by protocol and by SQL', async () => {
    const client = await mysql.createConnection(access())
    const other = await connectMariadb(access())
    for (const sql of NOT_PREPARABLE) {
      await assert.rejects(client.prepare(sql), { errno: 1295, sqlState: 'HY000' }, sql)
      await assert.rejects(other.prepare(sql), { errno: 1295 }, sql)
      // Loading by SQL is refused as loading is.
      if (sql.startsWith('LOAD')) continue
      const quoted = sql.replaceAll("'", "''")
      await assert.rejects(client.query(`PREPARE one FROM '${quoted}'`), { errno: 1295 }, sql)
    }
    client.destroy()
    await other.end()
  })

  test('a text in a variable is prepared as the one that it is', async () => {
    const [ann, bob] = await Promise.all(
      ['ann', 'bob'].map((user) => mysql.createConnection({ ...access(), user })),
    )
    assert.ok(ann && bob)
    await direct.query('DELETE FROM prepared_t; INSERT INTO prepared_t VALUES (1)')
    const migration = [
      "SET @wish = IF((SELECT COUNT(*) FROM prepared_t) > 0, 'INSERT INTO prepared_t VALUES (?), (5)', 'DO 1')",
      'SET @two = 2',
      'PREPARE wish FROM @wish',
      'EXECUTE wish USING @two',
      'DEALLOCATE PREPARE wish;',
      "SET @quoted = 'INSERT INTO prepared_t SELECT LENGTH(''it''''s \\\\\\\\ é'')'",
      'execute  immediate @quoted',
    ]
    for (const sql of migration) await ann.query(sql)
    assert.deepEqual(await seen(direct), [1, 2, 5, 9])
    assert.ok(
      door
        .statements()
        .includes("allow: PREPARE wish FROM 'INSERT INTO prepared_t VALUES (?), (5)'"),
    )
    await bob.query(
      "SET @wish = 'INSERT INTO prepared_t VALUES (7)', @none = NULL, @two = 'DO 1; DO 2'",
    )
    for (const sql of [
      'PREPARE wish FROM @wish',
      'EXECUTE IMMEDIATE @wish',
      'PREPARE wish FROM @none',
      'PREPARE wish FROM @two',
      'PREPARE wish FROM @none; INSERT INTO prepared_t VALUES (8)',
    ]) {
      await assert.rejects(bob.query(sql), sql)
    }
    assert.deepEqual(await seen(direct), [1, 2, 5, 9])
    await bob.query("SET @forged = 'SET @articdbm_person = ''ann'''")
    for (const sql of ['PREPARE p FROM @forged', 'SET sql_mode = @articdbm_person']) {
      await assert.rejects(bob.query(sql), { errno: 1142 }, sql)
    }
    ann.destroy()
    bob.destroy()
  })

  test('a prepared statement that isn’t there is told with errno 1243', async () => {
    for (const client of [
      await mysql.createConnection(url),
      await mysql.createConnection(access()),
    ]) {
      for (const sql of [
        'EXECUTE nothing',
        'EXECUTE nothing USING @a',
        'DEALLOCATE PREPARE nothing',
      ]) {
        await assert.rejects(client.query(sql), { errno: 1243, sqlState: 'HY000' }, sql)
      }
      await client.query("PREPARE once FROM 'SELECT 1'")
      await client.query('DEALLOCATE PREPARE once')
      await assert.rejects(client.query('EXECUTE once'), { errno: 1243 })
      client.destroy()
    }
  })

  test('columns follow their table, for each driver', async () => {
    await direct.query(
      'CREATE OR REPLACE TABLE prepared_u (a INT); INSERT INTO prepared_u VALUES (1)',
    )
    const client = await mysql.createConnection(access())
    const other = await connectMariadb(access())
    const prepared = await other.prepare('SELECT * FROM prepared_u WHERE a = ?')
    const read = async () => [
      (await client.execute<RowDataPacket[]>('SELECT * FROM prepared_u WHERE a = ?', [1]))[0],
      [...(await prepared.execute([1]))],
    ]
    assert.deepEqual(await read(), [[{ a: 1 }], [{ a: 1 }]])
    await direct.query("ALTER TABLE prepared_u ADD COLUMN b VARCHAR(9) DEFAULT 'new' FIRST")
    assert.deepEqual(await read(), [[{ b: 'new', a: 1 }], [{ b: 'new', a: 1 }]])
    await direct.query('ALTER TABLE prepared_u MODIFY COLUMN a VARCHAR(5)')
    assert.deepEqual(await read(), [[{ b: 'new', a: '1' }], [{ b: 'new', a: '1' }]])
    client.destroy()
    await other.end()
  })
})
