// Sequences of statements whose answers hang together: through the door they are what they are on a direct connection.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')

/** Each sequence begins on an empty table `seq_t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)`. */
const SEQUENCES: Readonly<Record<string, readonly string[]>> = {
  'FOUND_ROWS after SQL_CALC_FOUND_ROWS': [
    'INSERT INTO seq_t (v) VALUES (1), (2), (3)',
    'SELECT SQL_CALC_FOUND_ROWS v FROM seq_t ORDER BY v LIMIT 1',
    'SELECT FOUND_ROWS()',
  ],
  'ROW_COUNT on a connection of its own': [
    'SELECT ROW_COUNT() IS NOT NULL',
    'UPDATE seq_t SET v = 5',
    'INSERT INTO seq_t (v) VALUES (1), (2)',
    'SELECT ROW_COUNT()',
  ],
  'LAST_INSERT_ID in a later INSERT': [
    'INSERT INTO seq_t (id, v) VALUES (40, 1)',
    'INSERT INTO seq_t (v) VALUES (2)',
    'INSERT INTO seq_t (v) VALUES (LAST_INSERT_ID())',
    'SELECT * FROM seq_t ORDER BY id',
    'UPDATE seq_t SET id = LAST_INSERT_ID(id + 100) WHERE id = 40',
    'SELECT LAST_INSERT_ID()',
  ],
  savepoints: [
    'START TRANSACTION',
    'INSERT INTO seq_t (v) VALUES (1)',
    'SAVEPOINT one',
    'INSERT INTO seq_t (v) VALUES (2)',
    'ROLLBACK TO SAVEPOINT one',
    'RELEASE SAVEPOINT one',
    'ROLLBACK TO SAVEPOINT one',
    'COMMIT',
    'SELECT v FROM seq_t',
  ],
  'the implicit commit of a definition': [
    'START TRANSACTION',
    'INSERT INTO seq_t (v) VALUES (1)',
    'CREATE TABLE seq_u (a INT)',
    'ROLLBACK',
    'SELECT v FROM seq_t',
    'DROP TABLE seq_u',
  ],
  XA: [
    "XA START 'door'",
    'INSERT INTO seq_t (v) VALUES (1)',
    "XA END 'door'",
    "XA PREPARE 'door'",
    "XA COMMIT 'door'",
    'SELECT v FROM seq_t',
  ],
  'locks with a name': [
    "SELECT GET_LOCK('door lock', 0)",
    "SELECT IS_USED_LOCK('door lock') IS NOT NULL",
    "SELECT RELEASE_LOCK('door lock')",
    "SELECT RELEASE_LOCK('door lock')",
  ],
  'user variables and prepared texts': [
    'SET @a = 3, @b := 4',
    'SELECT @a + @b',
    "PREPARE own FROM 'SELECT ? + 1 AS v'",
    'EXECUTE own USING @a',
    'DEALLOCATE PREPARE own',
  ],
  'settings in every form': [
    'SET SESSION sort_buffer_size = 65536, @@local.read_buffer_size = 131072',
    'SET @@session.max_error_count := 5, LOCAL tmp_table_size = 16384, @@lc_time_names = de_DE',
    'SELECT @@sort_buffer_size, @@read_buffer_size, @@local.max_error_count, @@tmp_table_size, @@lc_time_names',
    'SET @a := 1, @b = @a + 1, @`c d` = "x", @C = 2',
    'SELECT @a, @b, @`c d`, @c, @missing',
    'SET @n = 0',
    'SELECT @n := @n + 1 AS n UNION ALL SELECT @n := @n + 1',
    'SELECT @n',
    'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
    'SELECT @@collation_connection, @@character_set_results',
    "SET NAMES 'utf8mb3'",
    'SELECT @@character_set_client, @@collation_connection',
    'SET CHARACTER SET utf8mb4',
    'SELECT @@character_set_client, @@character_set_results',
    "SET time_zone = '+01:00', @z = @@time_zone, SESSION div_precision_increment = 6",
    'SELECT @z, @@time_zone, 1 / 3',
    'SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY',
    'INSERT INTO seq_t (v) VALUES (1)',
    'INSERT INTO seq_t (v) VALUES (2)',
    'SELECT v FROM seq_t',
    'SET STATEMENT max_statement_time = 5 FOR SELECT @@max_statement_time',
    'SELECT @@max_statement_time',
    'SET SESSION sql_mode = @@session.sql_mode',
    'SET @@sql_safe_updates = ON, sql_select_limit = 1',
    'UPDATE seq_t SET v = 5',
    'SELECT v FROM seq_t ORDER BY id',
    'SET sql_select_limit = DEFAULT, sql_safe_updates = DEFAULT',
    'SET no_such_setting = 1',
    'SELECT @@no_such_setting',
    "SET sort_buffer_size = 'x'",
    "SET time_zone = 'Nowhere'",
    'SET SESSION max_connections = 5',
    'SET @@session.version = 1',
    'SELECT @@sort_buffer_size, @a, @@time_zone',
  ],
  'warnings of the statement before': [
    "SELECT CAST('12x' AS SIGNED)",
    'SHOW WARNINGS',
    'SELECT 1 FROM seq_t',
    'SHOW COUNT(*) WARNINGS',
  ],
  'results of a routine': ['CALL seq_p(2)', 'SELECT 1', 'CALL seq_missing()', 'CALL seq_p(NULL)'],
}

describe('sequences at the MySQL door', { skip }, () => {
  let door: TestDoor
  let direct: Connection

  before(async () => {
    direct = await mysql.createConnection({ uri: url, multipleStatements: true })
    await direct.query(`
      DROP TABLE IF EXISTS seq_t, seq_u; DROP PROCEDURE IF EXISTS seq_p;
      CREATE TABLE seq_t (id INT AUTO_INCREMENT PRIMARY KEY, v INT) ENGINE = InnoDB;
      CREATE PROCEDURE seq_p(n INT) BEGIN
        SELECT n AS one; SELECT n + 1 AS two, 'x' AS t; INSERT INTO seq_t (v) VALUES (n), (n);
      END`)
    door = await openDoor({ backendUrl: url, maxConnections: 3 })
  })
  after(async () => {
    await direct?.end()
    await door?.close()
  })

  const throughDoor = (more: mysql.ConnectionOptions = {}) =>
    mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
      ...more,
    })

  const tellAll = async (client: Connection, sequence: readonly string[]) => {
    const told: unknown[] = []
    for (const sql of sequence) told.push(await answerOf(client, sql))
    return told
  }

  for (const [name, sequence] of Object.entries(SEQUENCES)) {
    test(`tells the same: ${name}`, async () => {
      await direct.query('TRUNCATE seq_t')
      const own = await mysql.createConnection(url)
      const expected = await tellAll(own, sequence)
      await own.end()
      await direct.query('TRUNCATE seq_t')
      const client = await throughDoor()
      // Somebody else's statements, in between, on the same few connections.
      const other = await throughDoor()
      const told: unknown[] = []
      for (const sql of sequence) {
        told.push(await answerOf(client, sql))
        await other.query('SELECT COUNT(*) FROM seq_t').catch(() => undefined)
      }
      client.destroy()
      other.destroy()
      assert.deepEqual(told, expected)
    })
  }

  test('a prepared statement follows its table when that changes', async () => {
    await direct.query('CREATE OR REPLACE TABLE seq_u (a INT); INSERT INTO seq_u VALUES (1)')
    const client = await throughDoor()
    const other = await throughDoor()
    const read = () => client.execute<RowDataPacket[]>('SELECT * FROM seq_u')
    assert.deepEqual({ ...(await read())[0][0] }, { a: 1 })
    await other.query("ALTER TABLE seq_u ADD COLUMN b VARCHAR(9) DEFAULT 'new'")
    assert.deepEqual({ ...(await read())[0][0] }, { a: 1, b: 'new' })
    await other.query('ALTER TABLE seq_u DROP COLUMN a')
    assert.deepEqual({ ...(await read())[0][0] }, { b: 'new' })
    await other.query('DROP TABLE seq_u')
    await assert.rejects(read(), { errno: 1146 })
    client.destroy()
    other.destroy()
  })

  test('more texts than a backend connection keeps prepared are prepared again', async () => {
    const client = await throughDoor()
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 130; at += 1) {
        const sql = `SELECT ${at} + ? AS v`
        const [rows] = await client.execute<RowDataPacket[]>(sql, [1])
        assert.equal(Number(rows[0]?.v), at + 1)
        client.unprepare(sql)
      }
    }
    client.destroy()
  })

  test('of several statements none is executed where one is refused, and a routine may stand among them', async () => {
    const client = await throughDoor({ multipleStatements: true, user: 'bob' })
    await direct.query('TRUNCATE seq_t')
    await assert.rejects(client.query('DO 1; INSERT INTO seq_t (v) VALUES (1); DO 2'), {
      errno: 1142,
    })
    client.destroy()
    assert.equal((await direct.query<RowDataPacket[]>('SELECT * FROM seq_t'))[0].length, 0)
    const ann = await throughDoor({ multipleStatements: true })
    const [results] = await ann.query<RowDataPacket[][]>(
      'SELECT 1 AS a; CALL seq_p(7); SELECT 3 AS c',
    )
    assert.deepEqual(
      results.filter(Array.isArray).map(([row]) => ({ ...row })),
      [{ a: 1 }, { one: 7 }, { two: 8, t: 'x' }, { c: 3 }],
    )
    ann.destroy()
  })

  test('the command of old that lists processes is judged as the statement that it is', async () => {
    const COM_PROCESS_INFO = Buffer.of(0x0a)
    const client = new RawClient(door.port)
    await client.logIn({ database: 'maria' })
    assert.match(await client.ask(COM_PROCESS_INFO), /^packet 0x/)
    client.socket.destroy()
    assert.ok(door.statements().some((text) => text.endsWith('SHOW PROCESSLIST')))
    const bob = new RawClient(door.port)
    await bob.logIn({ database: 'maria', user: 'bob' })
    assert.equal(await bob.ask(COM_PROCESS_INFO), 'ERR 1142')
    bob.socket.destroy()
  })
})

const STATE_CHANGED = 0x4000

/** The door tracks nothing of the session but its database. */
function toldAlike(key: string, value: unknown): unknown {
  if (key === 'serverStatus') return Number(value) & ~STATE_CHANGED
  return key === 'info' || key === 'stateChanges' ? undefined : value
}

async function answerOf(client: Connection, sql: string): Promise<unknown> {
  try {
    const [rows] = await client.query({ sql, rowsAsArray: true })
    return JSON.parse(JSON.stringify(rows, toldAlike))
  } catch (error) {
    const { errno, sqlState, sqlMessage } = error as Record<string, unknown>
    return { errno, sqlState, sqlMessage }
  }
}
