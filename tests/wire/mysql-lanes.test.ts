// Short reads of many clients share a few backend connections; nobody may notice.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerCutter, encodeCommand, encodePacket, type PlainCommand } from '@articdbm/wire/mysql'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { backendDialer } from '../../gateway/src/mysql/backend/dial.ts'
import { serverUrl } from '../support/servers/index.ts'
import { dialTarget, openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')
const ROWS = 200
const CLIENTS = 24
const STATEMENTS_EACH = 150
const query = (text: string): PlainCommand => ({ kind: 'query', text: Buffer.from(text) })
type ById = (id: number | '?') => string
/** Of a shape of its own: what was held up by a lock in one test isn't short in the next. */
const shapeNamed =
  (name: string): ById =>
  (id) =>
    `SELECT v AS ${name} FROM lane_test WHERE id = ${id}`
const byId: ById = (id) => `SELECT v FROM lane_test WHERE id = ${id}`
const BY_ID = byId('?')

type Asked = Record<string, unknown>

describe('lanes at the MySQL door', { skip, timeout: 240_000 }, () => {
  let door: TestDoor
  let direct: Connection

  before(async () => {
    door = await openDoor({ backendUrl: url })
    direct = await mysql.createConnection({ uri: url, multipleStatements: true })
    await direct.query(`
      DROP TABLE IF EXISTS lane_test, lane_wide;
      CREATE TABLE lane_test (id INT PRIMARY KEY, v VARCHAR(40)) CHARACTER SET utf8mb4;
      INSERT INTO lane_test SELECT seq, CONCAT('row ', seq) FROM seq_1_to_${ROWS};
      CREATE TABLE lane_wide (id INT PRIMARY KEY, v LONGTEXT);
      INSERT INTO lane_wide SELECT seq, REPEAT('x', 100 * seq) FROM seq_1_to_1000;
      CREATE TABLE IF NOT EXISTS open_table (id INT PRIMARY KEY, name VARCHAR(20))`)
  })
  after(async () => {
    await direct?.end()
    await door?.close()
  })

  const connect = async (options: mysql.ConnectionOptions = {}, at = door) => {
    const client = await mysql.createConnection({
      ...{ host: '127.0.0.1', port: at.port, user: 'ann', password: PASSWORD, database: 'maria' },
      ...options,
    })
    client.on('error', () => undefined)
    return client
  }
  const rowsOf = async (client: Connection, sql: string, values?: number[]): Promise<Asked[]> => {
    const [rows] = values
      ? await client.execute<RowDataPacket[]>(sql, values)
      : await client.query<RowDataPacket[]>(sql)
    return rows.map((row) => ({ ...row }))
  }
  /** After two runs a shape is known to be short; the third opens a lane, where none is open. */
  const teach = async (client: Connection, sql = byId(1), values?: number[]) => {
    for (let run = 0; run < 4; run += 1) await rowsOf(client, sql, values)
  }
  const together = <T>(count: number, work: (at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, at) => work(at)))
  const taught = async (count: number, one = byId, at = door) => {
    const clients = await together(count, () => connect({}, at))
    for (const client of clients) {
      await teach(client, one(1))
      await teach(client, one('?'), [1])
    }
    return clients
  }
  const waitingBackends = async () => {
    const waiting = await rowsOf(
      direct,
      "SELECT id FROM information_schema.processlist WHERE state LIKE 'Waiting for%lock' AND info LIKE '%lane_test%' AND id <> CONNECTION_ID()",
    )
    return waiting.map(({ id }) => Number(id))
  }
  const untilSome = async (isThere: () => Promise<boolean> | boolean) => {
    for (let tries = 0; tries < 400; tries += 1) {
      if (await isThere()) return
      await sleep(50)
    }
    assert.fail('it did not come about')
  }
  /** Each asks for the row of its number, by both protocols; they share the backends that wait for a lock. */
  const whileHeldUp = async (
    { clients, one }: { readonly clients: readonly Connection[]; readonly one: ById },
    during: (waiting: readonly number[]) => Promise<void>,
  ) => {
    const open = await locked()
    const answers = clients.map((client, at) =>
      at % 2 ? rowsOf(client, one(at + 1)) : rowsOf(client, one('?'), [at + 1]),
    )
    for (const answer of answers) answer.catch(() => undefined)
    try {
      await untilSomeWait()
      const waiting = await waitingBackends()
      assert.ok(waiting.length < clients.length, `${waiting.length} backends`)
      await during(waiting)
    } finally {
      await open()
    }
    return answers
  }
  const untilSomeWait = () => untilSome(async () => (await waitingBackends()).length > 0)
  const rowsNamed = (name: string, ids: readonly number[]) =>
    ids.map((id) => ({ [name]: `row ${id}` }))
  const endAll = (clients: readonly Connection[]) =>
    Promise.all(clients.map((client) => client.end()))
  /** Holds a lock that every reader waits for, until what it gives is called. */
  const locked = async () => {
    const holder = await mysql.createConnection(url)
    await holder.query('LOCK TABLES lane_test WRITE')
    return async () => {
      await holder.query('UNLOCK TABLES')
      await holder.end()
    }
  }
  const recordedOf = (text: string) =>
    door.events.flatMap((event) =>
      event.kind === 'statement.recorded' && event.sql === text ? [event.id] : [],
    )

  test('a server answers commands that come at once one behind the other', async () => {
    const connection = await backendDialer(false)(dialTarget(url), AbortSignal.timeout(10_000))
    const answers: string[] = []
    const kinds = ['result', 'prepared', 'result', 'result', 'result'] as const
    const finished = Promise.withResolvers<void>()
    const cutter = new AnswerCutter({
      take: (_bytes, isEnd) => {
        if (!isEnd) return
        const { rows, errno } = cutter.seen
        answers.push(errno === 0 ? `${rows} rows` : `error ${errno}`)
        const kind = kinds[answers.length]
        cutter.expect(kind)
        if (!kind) finished.resolve()
      },
    })
    cutter.expect(kinds[0])
    connection.readBy({ take: (chunk) => cutter.cut(chunk), lost: () => finished.resolve() })
    const commands: readonly PlainCommand[] = [
      query('SELECT 1 UNION SELECT 2'),
      { kind: 'prepare', text: Buffer.from(BY_ID) },
      query('SELECT missing FROM lane_test'),
      query(byId(3)),
      query('SELECT id FROM lane_test'),
    ]
    connection.writeNow(
      Buffer.concat(commands.map((command) => encodePacket(encodeCommand(command), 0))),
    )
    await finished.promise
    connection.close()
    assert.deepEqual(answers, ['2 rows', '0 rows', 'error 1054', '1 rows', `${ROWS} rows`])
  })

  test('every client gets its own rows and its own errors, by every protocol', async () => {
    const before = door.events.filter(({ kind }) => kind === 'statement.ended').length
    await together(CLIENTS, async (at) => {
      // Over TLS the streams are read and written, else the handles beneath them.
      const client = await connect(at % 3 === 0 ? { ssl: { rejectUnauthorized: false } } : {})
      let next = at + 1
      for (let run = 0; run < STATEMENTS_EACH; run += 1) {
        next = (next * 48_271) % 2_147_483_647
        await askOne(client, 1 + (next % ROWS), next % 6)
      }
      await client.end()
    })
    const ends = door.events.filter(({ kind }) => kind === 'statement.ended').slice(before)
    assert.ok(ends.length >= CLIENTS * STATEMENTS_EACH)
    assert.equal(new Set(ends.map((end) => 'id' in end && end.id)).size, ends.length)
  })

  async function askOne(client: Connection, id: number, kind: number): Promise<void> {
    if (kind === 0) {
      const many = `SELECT v FROM lane_test WHERE id = ${id} AND (SELECT id FROM lane_test) = 1`
      await assert.rejects(client.query(many), { errno: 1242 })
      return
    }
    if (kind === 1) {
      const many = 'SELECT v FROM lane_test WHERE id = ? AND (SELECT id FROM lane_test) = 1'
      await assert.rejects(client.execute(many, [id]), { errno: 1242 })
      return
    }
    const ask = [
      () => rowsOf(client, byId(id)),
      () => rowsOf(client, BY_ID, [id]),
      () => rowsOf(client, `SELECT v FROM lane_test WHERE v = 'row ${id}'`),
      () => rowsOf(client, 'SELECT v FROM lane_test WHERE id = ? AND id < 1000', [id]),
    ][kind - 2]
    assert.deepEqual(await ask?.(), [{ v: `row ${id}` }])
  }

  test('what waits on one lane goes on together, and each statement is recorded once', async () => {
    const one = shapeNamed('together')
    const clients = await taught(12, one)
    const [before, ofText] = [recordedOf(one(1)).length, recordedOf(one('?')).length]
    const answers = await whileHeldUp({ clients, one }, async () => {
      await sleep(300)
      // A dozen clients, and no more backends than lanes, twice: what is held up is asked elsewhere, too.
      const waiting = (await waitingBackends()).length
      assert.ok(waiting <= 4, `${waiting} backends`)
    })
    const ids = clients.map((_, at) => at + 1)
    assert.deepEqual((await Promise.all(answers)).flat(), rowsNamed('together', ids))
    assert.equal(recordedOf(one('?')).length, ofText + 6)
    assert.deepEqual(
      [1, 2, 12].map((id) => recordedOf(one(id)).length),
      [before, 1, 1],
    )
    await endAll(clients)
  })

  test('where lanes are switched off every statement has a connection of its own', async () => {
    const other = await openDoor({ backendUrl: url, lanes: false })
    const clients = await taught(6, shapeNamed('apart'), other)
    const open = await locked()
    const answers = clients.map((client, at) => rowsOf(client, byId(at + 1)))
    await untilSome(async () => (await waitingBackends()).length === clients.length)
    await open()
    await Promise.all(answers)
    await endAll(clients)
    await other.close()
  })

  test('a statement that waits holds up none that reads something else', async () => {
    const one = shapeNamed('waits')
    const clients = await taught(4, one)
    const wide = 'SELECT id FROM lane_wide WHERE id = 7'
    for (const client of clients) await teach(client, wide)
    const open = await locked()
    const [first, ...others] = clients
    const held = first && rowsOf(first, one(1))
    await untilSomeWait()
    for (const client of others) assert.deepEqual(await rowsOf(client, wide), [{ id: 7 }])
    await open()
    assert.deepEqual(await held, rowsNamed('waits', [1]))
    await endAll(clients)
  })

  for (const kind of ['QUERY', 'CONNECTION'] as const) {
    test(`KILL ${kind} ends its own statement and no other`, async () => {
      const one = shapeNamed(`killed_${kind.toLowerCase()}`)
      const clients = await taught(6, one)
      const messenger = await connect()
      const [first, ...others] = await whileHeldUp({ clients, one }, async () => {
        await messenger.query(`KILL ${kind} ${clients[0]?.threadId}`)
      })
      await assert.rejects(first ?? Promise.resolve())
      const name = `killed_${kind.toLowerCase()}`
      assert.deepEqual((await Promise.all(others)).flat(), rowsNamed(name, [2, 3, 4, 5, 6]))
      const [killed, ...rest] = clients
      if (kind === 'QUERY' && killed)
        assert.deepEqual(await rowsOf(killed, byId(9)), [{ v: 'row 9' }])
      killed?.destroy()
      await endAll([...rest, messenger])
    })
  }

  test('a client that leaves in the middle takes no neighbour along', async () => {
    const one = shapeNamed('leaves')
    const clients = await taught(6, one)
    const answers = await whileHeldUp({ clients, one }, async () => {
      clients[0]?.destroy()
      // Who comes later is served later: by then the gateway has seen the other one go.
      await (await connect()).end()
    })
    const rows = await Promise.all(answers.slice(1))
    assert.deepEqual(rows.flat(), rowsNamed('leaves', [2, 3, 4, 5, 6]))
    await endAll(clients.slice(1))
  })

  test('a lane that is lost costs nobody an answer', async () => {
    const one = shapeNamed('lost')
    const clients = await taught(6, one)
    const answers = await whileHeldUp({ clients, one }, async (waiting) => {
      for (const id of waiting) await direct.query(`KILL CONNECTION ${id}`)
    })
    const rows = (await Promise.all(answers)).flat()
    assert.deepEqual(rows, rowsNamed('lost', [1, 2, 3, 4, 5, 6]))
    await endAll(clients)
  })

  test('a client gets its own character set', async () => {
    const texts: string[] = []
    for (const collation of [45, 8, 45]) {
      const client = new RawClient(door.port)
      assert.equal(await client.logIn({ database: 'maria', collation }), 'OK')
      for (let run = 0; run < 5; run += 1) {
        await client.send(
          encodeCommand(query('SELECT CHAR(252 USING latin1) AS c FROM lane_test WHERE id = 1')),
        )
        const packets = []
        for (let at = 1; at <= 5; at += 1) packets.push(await client.next(at))
        texts.push(packets[3]?.payload.toString('hex') ?? 'nothing')
      }
      client.socket.destroy()
    }
    const utf8 = Array.from({ length: 5 }, () => '02c3bc')
    const latin1 = Array.from({ length: 5 }, () => '01fc')
    assert.deepEqual(texts, [...utf8, ...latin1, ...utf8])
  })

  test('a prepared statement outlives changes of its table', async () => {
    const client = await connect()
    await direct.query('DROP TABLE IF EXISTS lane_changes')
    await direct.query('CREATE TABLE lane_changes AS SELECT 1 AS id, 2 AS a')
    const sql = 'SELECT * FROM lane_changes WHERE id = ?'
    await teach(client, sql, [1])
    await direct.query('ALTER TABLE lane_changes ADD COLUMN b VARCHAR(9) DEFAULT "new" FIRST')
    assert.deepEqual(await rowsOf(client, sql, [1]), [{ b: 'new', id: 1, a: 2 }])
    await direct.query('DROP TABLE lane_changes')
    await assert.rejects(client.execute(sql, [1]), { errno: 1146 })
    await direct.query('CREATE TABLE lane_changes AS SELECT 1 AS id, "text" AS a')
    assert.deepEqual(await rowsOf(client, sql, [1]), [{ id: 1, a: 'text' }])
    await client.end()
  })

  test('more prepared statements than a lane keeps are prepared again', async () => {
    const client = await connect()
    const sqlOf = (at: number) => `SELECT v AS c${at} FROM lane_test WHERE id = ?`
    for (let round = 0; round < 4; round += 1) {
      for (let at = 0; at < 150; at += 1) {
        assert.deepEqual(await rowsOf(client, sqlOf(at), [at + 1]), [
          { [`c${at}`]: `row ${at + 1}` },
        ])
      }
    }
    await client.end()
  })

  test('a statement that is known to be short and suddenly is long arrives whole', async () => {
    const client = await connect()
    const upTo = (id: number) => `SELECT id, v FROM lane_wide WHERE id <= ${id} ORDER BY id`
    await teach(client, upTo(1))
    const rows = await rowsOf(client, upTo(1000))
    assert.equal(rows.length, 1000)
    assert.equal(String(rows.at(-1)?.v).length, 100_000)
    assert.deepEqual(await rowsOf(client, byId(9)), [{ v: 'row 9' }])
    await client.end()
  })

  test('a client that reads slowly holds up nobody else', async () => {
    const others = await taught(3)
    const slow = new RawClient(door.port)
    assert.equal(await slow.logIn({ database: 'maria' }), 'OK')
    const [teacher] = others
    const upTo = (id: number) => `SELECT v, id FROM lane_wide WHERE id <= ${id} ORDER BY id`
    if (teacher) await teach(teacher, upTo(1))
    const taken = slow.takeSlowly(500_000, 20)
    await slow.send(encodeCommand(query(upTo(1000))))
    await sleep(100)
    for (const client of others) assert.deepEqual(await rowsOf(client, byId(5)), [{ v: 'row 5' }])
    const [id] = recordedOf(upTo(1000))
    await untilSome(() =>
      door.events.some((event) => event.kind === 'statement.ended' && event.id === id),
    )
    slow.socket.end()
    assert.ok((await taken) > 50_000_000)
    await endAll(others)
  })

  test('a client that sends ahead gets its answers in order', async () => {
    const teacher = await connect()
    await teach(teacher)
    const client = new RawClient(door.port)
    assert.equal(await client.logIn({ database: 'maria' }), 'OK')
    const ids = Array.from({ length: 50 }, (_, at) => at + 1)
    for (const id of ids) {
      await client.send(encodeCommand(query(byId(id))))
      if (id % 7 === 0) await new Promise(setImmediate)
    }
    for (const id of ids) {
      const packets = []
      for (let at = 1; at <= 5; at += 1) packets.push(await client.next(at))
      assert.equal(packets[3]?.payload.subarray(1).toString(), `row ${id}`)
    }
    client.socket.destroy()
    await teacher.end()
  })

  test('what a statement leaves to ask about is told as on a direct connection', async () => {
    const client = await connect()
    const own = await mysql.createConnection(url)
    const trouble = 'SELECT id, CAST(v AS SIGNED) AS n FROM lane_test WHERE id <= 3'
    const failing = 'SELECT v FROM lane_test WHERE id = 4 AND (SELECT id FROM lane_test) = 1'
    for (const sql of [trouble, byId(7), 'SELECT v FROM lane_test WHERE id <= 5'])
      await teach(client, sql)
    for (let run = 0; run < 4; run += 1)
      await assert.rejects(client.query(failing), { errno: 1242 })
    const scripts = [
      [trouble, 'SHOW WARNINGS', 'SHOW COUNT(*) WARNINGS', 'SHOW WARNINGS'],
      [trouble, 'SELECT @@warning_count AS w, @@error_count AS e'],
      ['SELECT v FROM lane_test WHERE id <= 5', 'SELECT FOUND_ROWS() AS f'],
      [byId(7), 'SELECT ROW_COUNT() AS c'],
      [trouble, byId(7), 'SHOW WARNINGS', 'SELECT @@warning_count AS w'],
      [failing, 'SHOW ERRORS', 'SHOW WARNINGS'],
      ['INSERT INTO lane_keys (v) VALUES (1)', byId(7), 'SELECT LAST_INSERT_ID() AS l'],
    ]
    for (const connection of [own, client]) {
      await connection.query('DROP TABLE IF EXISTS lane_keys')
      await connection.query('CREATE TABLE lane_keys (id INT AUTO_INCREMENT PRIMARY KEY, v INT)')
    }
    for (const script of scripts) {
      await direct.query('TRUNCATE lane_keys')
      const expected = await told(own, script)
      await direct.query('TRUNCATE lane_keys')
      assert.deepEqual(await told(client, script), expected, script.join('; '))
    }
    await own.end()
    await client.end()
  })

  const told = async (client: Connection, script: readonly string[]) => {
    const answers = []
    for (const sql of script) {
      const answer = client.query(sql).catch(({ errno }) => [`error ${errno}`])
      answers.push((await answer)[0])
    }
    return JSON.parse(JSON.stringify(answers))
  }

  test('prepared statements that warn are asked about, too', async () => {
    const client = await connect()
    const sql = 'SELECT CAST(v AS SIGNED) AS n FROM lane_test WHERE id <= ?'
    await teach(client, sql, [2])
    await rowsOf(client, sql, [2])
    const shown = await rowsOf(client, 'SHOW WARNINGS')
    assert.deepEqual(
      shown.map(({ Message }) => Message),
      [1, 2].map((id) => `Truncated incorrect INTEGER value: 'row ${id}'`),
    )
    await client.end()
  })

  test('what belongs to one session is read by that session alone', async () => {
    const [first, second] = await taught(2)
    assert.ok(first && second)
    const seen = async () => [await rowsOf(first, byId(1)), await rowsOf(second, byId(1))].flat()
    await first.query('START TRANSACTION')
    await first.query("UPDATE lane_test SET v = 'mine' WHERE id = 1")
    assert.deepEqual(await seen(), [{ v: 'mine' }, { v: 'row 1' }])
    await first.query('ROLLBACK')
    await first.query('SET autocommit = 0')
    await first.query("UPDATE lane_test SET v = 'mine' WHERE id = 1")
    assert.deepEqual(await seen(), [{ v: 'mine' }, { v: 'row 1' }])
    await first.query('ROLLBACK')
    await first.query('SET autocommit = 1')
    await first.query("CREATE TEMPORARY TABLE lane_test AS SELECT 1 AS id, 'temporary' AS v")
    assert.deepEqual(await seen(), [{ v: 'temporary' }, { v: 'row 1' }])
    await endAll([first, second])
  })

  test('a session with settings of its own sees by them', async () => {
    const [first, second] = await taught(2)
    assert.ok(first && second)
    const sql = 'SELECT FROM_UNIXTIME(id) AS at FROM lane_test WHERE id = 1'
    for (const client of [first, second]) await teach(client, sql)
    await first.query("SET time_zone = '+09:00'")
    await second.query("SET time_zone = '-03:00'")
    await first.query('SET @mine = 7')
    assert.notDeepEqual(await rowsOf(first, sql), await rowsOf(second, sql))
    assert.deepEqual(await rowsOf(first, 'SELECT @mine AS m'), [{ m: 7 }])
    await endAll([first, second])
  })

  test('a write is read at once', async () => {
    const [client] = await taught(1)
    for (let run = 0; run < 30; run += 1) {
      await client?.query(`UPDATE lane_test SET v = 'run ${run}' WHERE id = 42`)
      assert.deepEqual(client && (await rowsOf(client, byId(42))), [{ v: `run ${run}` }])
    }
    await client?.query("UPDATE lane_test SET v = 'row 42' WHERE id = 42")
    await client?.end()
  })

  test('a table that is not granted is refused, whatever others may read', async () => {
    const clients = await taught(2)
    const bob = await connect({ user: 'bob' })
    await teach(bob, 'SELECT id FROM open_table WHERE id = 1')
    await assert.rejects(bob.query(byId(1)), { errno: 1142 })
    await assert.rejects(bob.execute(BY_ID, [1]), { errno: 1142 })
    await endAll([...clients, bob])
  })

  test('an execution that is malformed is no concern of its neighbours', async () => {
    const teacher = await connect()
    await teach(teacher, BY_ID, [1])
    const client = new RawClient(door.port)
    assert.equal(await client.logIn({ database: 'maria' }), 'OK')
    await client.send(encodeCommand({ kind: 'prepare', text: Buffer.from(BY_ID) }))
    for (let at = 1; at <= 5; at += 1) await client.next(at)
    // A string of 200 bytes, of which there are three.
    const body = Buffer.concat([Buffer.of(0, 1, 0xfd, 0, 200), Buffer.from('abc')])
    const others = Array.from({ length: 20 }, (_, at) => rowsOf(teacher, BY_ID, [at + 1]))
    await client.send(encodeCommand({ kind: 'execute', statementId: 1, flags: 0, body }))
    const rows = await Promise.all(others)
    assert.deepEqual(rows.flat().at(-1), { v: 'row 20' })
    client.socket.destroy()
    await teacher.end()
  })

  test('who waits for an answer while the gateway drains gets it first', async () => {
    const other = await openDoor({ backendUrl: url })
    const one = shapeNamed('drained')
    const [client] = await taught(1, one, other)
    assert.ok(client)
    const gone = new Promise<number>((resolve) => {
      client.on('error', (error: Error & { errno?: number; code?: unknown }) =>
        resolve(Number(error.errno ?? error.code)),
      )
    })
    const open = await locked()
    const answer = rowsOf(client, one(1))
    await untilSomeWait()
    other.drain()
    await open()
    assert.deepEqual(await answer, rowsNamed('drained', [1]))
    assert.equal(await gone, 1053)
    client.destroy()
    await other.close()
  })
})
