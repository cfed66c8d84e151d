// What sessions set is theirs, though few backend connections serve them all.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
const BACKENDS = 2
const CLIENTS = 8

describe('settings at the MySQL door', { skip, timeout: 120_000 }, () => {
  let door: TestDoor
  let direct: Connection
  before(async () => {
    door = await openDoor({ backendUrl: url, maxConnections: BACKENDS })
    direct = await mysql.createConnection({ uri: url, multipleStatements: true })
    await direct.query(`DROP TABLE IF EXISTS child, parent;
      CREATE TABLE parent (id INT PRIMARY KEY) ENGINE=InnoDB;
      CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id)) ENGINE=InnoDB`)
  })
  after(async () => {
    await direct?.query('DROP TABLE IF EXISTS child, parent')
    await direct?.end()
    await door?.close()
  })

  const connect = () =>
    mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
    })
  const ask = async (client: Connection, sql: string) => {
    const [rows] = await client.query<RowDataPacket[]>(sql)
    return { ...rows[0] }
  }
  const many = <T>(work: (at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: CLIENTS }, (_, at) => work(at)))

  test('each session sees its own, by text and prepared, in a transaction and out of it', async () => {
    await many(async (at) => {
      const client = await connect()
      await client.query(`SET time_zone = '+0${at}:00', @mine = ${at}, @name = 'client ${at}'`)
      await client.query(`SET SESSION lock_wait_timeout = ${100 + at}`)
      if (at % 2) await client.query('SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE')
      const wanted = {
        zone: `+0${at}:00`,
        mine: at,
        name: `client ${at}`,
        waits: 100 + at,
        level: at % 2 ? 'SERIALIZABLE' : 'REPEATABLE-READ',
      }
      const text =
        'SELECT @@time_zone AS zone, @mine AS mine, @name AS name, @@lock_wait_timeout AS waits, @@tx_isolation AS level'
      for (let round = 0; round < 10; round += 1) {
        const told = await ask(client, text)
        assert.deepEqual({ ...told, mine: Number(told.mine), waits: Number(told.waits) }, wanted)
        const [rows] = await client.execute<RowDataPacket[]>('SELECT @mine + ? AS sum', [round])
        assert.equal(Number(rows[0]?.sum), at + round)
        if (round % 3) continue
        await client.beginTransaction()
        assert.equal((await ask(client, 'SELECT @@time_zone AS zone')).zone, `+0${at}:00`)
        await client.rollback()
      }
      await client.end()
    })
  })

  test('who set nothing has what a fresh session has', async () => {
    const fresh = await ask(direct, 'SELECT @@time_zone AS zone, @@unique_checks AS checks')
    const setter = await connect()
    await setter.query("SET time_zone = '+05:00', unique_checks = 0, @mine = 'secret'")
    await setter.query('SELECT 1')
    await setter.end()
    await many(async () => {
      const client = await connect()
      const told = await ask(
        client,
        'SELECT @@time_zone AS zone, @@unique_checks AS checks, @mine AS mine',
      )
      assert.deepEqual(told, { ...fresh, mine: null })
      await client.end()
    })
  })

  test('a dump is loaded while others’ foreign keys are checked', async () => {
    const loader = await connect()
    await loader.query('SET FOREIGN_KEY_CHECKS = 0')
    const others = await many(() => connect())
    await loader.query('INSERT INTO child VALUES (1, 77)')
    for (const other of others) {
      await assert.rejects(other.query('INSERT INTO child VALUES (2, 78)'), { errno: 1452 })
      await loader.query('UPDATE child SET parent = parent + 1')
    }
    await Promise.all([loader, ...others].map((client) => client.end()))
  })

  test('a statement that is prepared under other modes is another one', async () => {
    const [strict, lax] = [await connect(), await connect()]
    await strict.query("SET sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO,STRICT_ALL_TABLES'")
    await lax.query("SET sql_mode = ''")
    for (let round = 0; round < 3; round += 1) {
      const insert = 'INSERT INTO parent VALUES (1 / (? - 5))'
      await assert.rejects(strict.execute(insert, [5]), { errno: 1365 })
      await assert.rejects(lax.execute(insert, [5]), { errno: 1048 })
    }
    await Promise.all([strict.end(), lax.end()])
  })

  test('a SET that fails sets nothing for anybody', async () => {
    const client = await connect()
    await client.query("SET time_zone = '+01:00'")
    await assert.rejects(client.query("SET @mine = 1, time_zone = 'Nowhere/None'"))
    const told = await ask(client, 'SELECT @@time_zone AS zone')
    assert.equal(told.zone, '+01:00')
    await client.end()
    const next = await connect()
    assert.deepEqual(await ask(next, 'SELECT @mine AS mine'), { mine: null })
    await next.end()
  })

  test('a reset takes them back', async () => {
    const client = await connect()
    await client.query("SET time_zone = '+03:00', @mine = 4")
    await client.reset()
    const told = await ask(client, 'SELECT @@time_zone AS zone, @mine AS mine')
    assert.deepEqual(told, { ...(await ask(direct, 'SELECT @@time_zone AS zone')), mine: null })
    await client.end()
  })

  const MODES = 'STRICT_TRANS_TABLES,NO_ZERO_DATE'
  test('what decides how texts are read is set to what the server computes, if that is allowed', async () => {
    const client = await connect()
    const modes = async () => (await ask(client, 'SELECT @@sql_mode AS modes')).modes
    const fresh = await modes()
    await client.query(`SET @old = @@sql_mode, sql_mode = '${MODES}'`)
    for (const [sql, wanted] of [
      ['SET sql_mode = @old', fresh],
      [`SET sql_mode = '${MODES}'`, MODES],
      ["/*!40101 SET SQL_MODE=REPLACE(@@sql_mode, 'NO_ZERO_DATE', '') */", 'STRICT_TRANS_TABLES'],
      ['SET @@session.sql_mode = @@global.sql_mode', fresh],
      ["SET sql_mode = (SELECT 'ANSI' LIMIT 0)", undefined],
      ["SET sql_mode = ''", ''],
      ['SET sql_mode = DEFAULT', fresh],
      ['SET sql_mode = 4', undefined],
    ] as const) {
      if (wanted === undefined) await assert.rejects(client.query(sql), sql)
      else {
        await client.query(sql)
        assert.equal(await modes(), wanted, sql)
      }
    }
    await client.end()
  })

  test('a mode or character set in which texts are read otherwise is refused, wherever it comes from', async () => {
    const client = await connect()
    await client.query("SET @mode = 'ANSI_QUOTES', @bits = 4, @set = 'sjis', @quote = ''''")
    await direct.query(`CREATE OR REPLACE TABLE modes (mode VARCHAR(50));
      CREATE TRIGGER moded BEFORE INSERT ON modes FOR EACH ROW SET @old = NEW.mode`)
    await client.query('SET @old = @@sql_mode')
    await client.query("INSERT INTO modes VALUES ('NO_BACKSLASH_ESCAPES')")
    for (const sql of [
      'SET sql_mode = @mode',
      "SET sql_mode = CONCAT('AN', 'SI')",
      'SET sql_mode = @bits',
      'SET sql_mode = @quote',
      'SET sql_mode = @old',
      'SET sql_mode = (SELECT mode FROM modes)',
      "SET sql_mode = @@sql_mode, @old = 'ANSI', sql_mode = @old",
      'SET character_set_client = @set',
      'SET character_set_connection = @set',
      'SET GLOBAL sql_mode = @mode',
    ]) {
      await assert.rejects(client.query(sql), /this way is refused/, sql)
    }
    const told = await ask(client, 'SELECT @@sql_mode AS modes, @@character_set_client AS speech')
    assert.doesNotMatch(`${told.modes}`, /ANSI|NO_BACKSLASH/)
    assert.equal(told.speech, 'utf8mb4')
    await direct.query('DROP TABLE modes')
    await client.end()
  })

  test('an expression that a setting gets is judged and recorded as what it reads', async () => {
    const client = await mysql.createConnection({
      ...{ host: '127.0.0.1', port: door.port, user: 'bob', password: PASSWORD, database: 'maria' },
    })
    await assert.rejects(client.query('SET sql_mode = (SELECT MAX(id) FROM parent)'), /parent/)
    await client.query('SET sql_mode = LOWER(@@sql_mode)')
    const asked = door.statements().slice(-2)
    assert.equal(asked[0], 'allow: SELECT LOWER(@@sql_mode)')
    assert.match(asked[1] ?? '', /^allow: SET sql_mode = '[a-z_,]+'$/)
    await client.end()
  })

  test('what a routine leaves on a connection is gone before anybody else has it', async () => {
    await direct.query(`DROP PROCEDURE IF EXISTS leaves; DROP FUNCTION IF EXISTS leaving;
      CREATE PROCEDURE leaves() BEGIN
        SET @left = 'mine', SESSION lock_wait_timeout = 77, SESSION sql_mode = 'ANSI_QUOTES', character_set_client = gbk;
        CREATE TEMPORARY TABLE IF NOT EXISTS left_there (id INT);
        SELECT 'done' AS said;
      END;
      CREATE FUNCTION leaving() RETURNS INT BEGIN SET @left = 'mine'; RETURN 1; END`)
    const [client, other] = [await connect(), await connect()]
    const text = `SELECT @left AS mine, @@lock_wait_timeout AS waits, @@character_set_client AS speech,
      @@sql_mode LIKE '%ANSI_QUOTES%' AS ansi`
    const clean = await ask(other, text)
    const isThere = (on: Connection) =>
      on.query('SELECT * FROM left_there').then(
        () => true,
        () => false,
      )
    for (const call of ['CALL leaves()', 'SELECT leaving()', 'DO leaving()']) {
      for (let time = 0; time < 3; time += 1) {
        await client.query(call)
        await client.execute(call)
        await many(async () => {
          assert.deepEqual(await ask(other, text), clean, call)
          assert.equal(await isThere(other), false)
        })
        assert.deepEqual(await ask(client, text), clean, call)
      }
    }
    await client.beginTransaction()
    await client.query('CALL leaves()')
    const inside = await ask(client, text)
    assert.deepEqual([inside.mine, Number(inside.waits)], ['mine', 77])
    assert.deepEqual([inside.speech, Number(inside.ansi)], ['utf8mb4', 0])
    assert.equal(await isThere(client), true)
    await client.commit()
    assert.deepEqual(await ask(other, text), clean)
    await direct.query('DROP PROCEDURE leaves; DROP FUNCTION leaving')
    await client.end()
    await other.end()
  })

  test('who speaks single bytes says ASCII only, and gets answers in them', async () => {
    const client = await connect()
    const bytes = async () => (await ask(client, 'SELECT HEX(@@character_set_client) AS hex')).hex
    await client.execute("SELECT 'prepared'")
    await client.query('SET NAMES latin1')
    await assert.rejects(client.query("SELECT 'é'"), { errno: 1300 })
    await assert.rejects(client.execute("SELECT 'é' AS prepared"), { errno: 1300 })
    assert.equal(await bytes(), Buffer.from('latin1').toString('hex').toUpperCase())
    const [rows] = await client.query({
      sql: 'SELECT CHAR(0xe9 USING latin1) AS e',
      typeCast: (field) => field.buffer(),
    })
    assert.deepEqual(rows, [{ e: Buffer.of(0xe9) }])
    await many(async () => {
      const other = await connect()
      assert.deepEqual(await ask(other, "SELECT 'é' AS e"), { e: 'é' })
      await other.end()
    })
    await client.query('SET NAMES utf8mb4')
    assert.deepEqual(await ask(client, "SELECT 'é' AS e"), { e: 'é' })
    await client.execute("SELECT 'é' AS prepared")
    await assert.rejects(client.query('SET NAMES latin1'), { errno: 1235 })
    await assert.rejects(client.query('SET NAMES latin1, @a = 1'))
    await client.end()
  })

  test('answers come in the character set that the client asked for', async () => {
    const client = await connect()
    await client.query("SET character_set_results = 'latin1'")
    const [rows] = await client.query({
      sql: "SELECT 'é' AS e",
      typeCast: (field) => field.buffer(),
    })
    assert.deepEqual(rows, [{ e: Buffer.of(0xe9) }])
    await many(async () => {
      const other = await connect()
      assert.deepEqual(await ask(other, "SELECT 'é' AS e"), { e: 'é' })
      await other.end()
    })
    await client.end()
  })

  test('what is computed stays with its connection', async () => {
    const client = await connect()
    await client.query('SET @sum = (SELECT 40 + 2), @kept = 1')
    await client.query('SET @kept = @kept + 1')
    assert.deepEqual(await ask(client, 'SELECT @sum + @kept AS sum'), { sum: 44 })
    await client.end()
  })
})
