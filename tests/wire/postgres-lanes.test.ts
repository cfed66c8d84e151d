// Short reads of many clients share a few backend connections; nobody may notice.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const ROWS = 200
const CLIENTS = 24
const STATEMENTS_EACH = 250

describe('lanes', { skip, timeout: 240_000 }, () => {
  let door: TestDoor
  let direct: pg.Client

  before(async () => {
    door = await openDoor()
    direct = new pg.Client(BACKEND_URL)
    await direct.connect()
    await direct.query(`DROP TABLE IF EXISTS lane_test, lane_wide;
      CREATE TABLE lane_test (id int PRIMARY KEY, v text, at timestamptz DEFAULT '2026-01-02 03:04:05+00');
      INSERT INTO lane_test SELECT n, 'row ' || n FROM generate_series(1, ${ROWS}) n;
      CREATE TABLE lane_wide (id int PRIMARY KEY, v text);
      INSERT INTO lane_wide SELECT n, repeat('x', 100 * n) FROM generate_series(1, 3000) n`)
  })
  after(async () => {
    await direct.end()
    await door.close()
  })

  const connect = async (config: pg.ClientConfig = {}) => {
    const client = new pg.Client({ connectionString: door.url(), ...config })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const byId = (id: number) => `SELECT v FROM lane_test WHERE id = ${id}`
  /** After two runs a shape is known to be short. */
  const teach = async (client: pg.Client, sql = byId(1)) => {
    for (let run = 0; run < 3; run += 1) await client.query(sql)
  }
  const together = <T>(count: number, work: (at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, at) => work(at)))
  const waitingBackends = async () => {
    const { rows } = await direct.query(
      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%lane_test%'",
    )
    return rows.map(({ pid }) => Number(pid))
  }
  const untilSome = async (isThere: () => Promise<boolean> | boolean) => {
    for (let tries = 0; tries < 400; tries += 1) {
      if (await isThere()) return
      await sleep(50)
    }
    assert.fail('it did not come about')
  }

  test('every client gets its own rows and its own errors, by every protocol', async () => {
    const work = async (at: number) => {
      // Over TLS the streams are read and written, else the handles beneath them.
      const client = await connect(at % 3 === 0 ? { ssl: { rejectUnauthorized: false } } : {})
      let next = at + 1
      const pick = () => {
        next = (next * 48_271) % 2_147_483_647
        return 1 + (next % ROWS)
      }
      for (let run = 0; run < STATEMENTS_EACH; run += 1) await askOne(client, pick(), next % 5)
      await client.end()
    }
    await together(CLIENTS, work)
    const ends = door.endings()
    assert.ok(ends.length >= CLIENTS * STATEMENTS_EACH)
    assert.equal(new Set(ends.map(({ id }) => id)).size, ends.length)
  })

  async function askOne(client: pg.Client, id: number, kind: number): Promise<void> {
    if (kind === 0) {
      const failed = client.query(`SELECT v FROM lane_test WHERE id = ${id} AND 1 / (id - id) = 1`)
      await assert.rejects(failed, { code: '22012' })
      return
    }
    const wish = [
      { text: byId(id) },
      { text: 'SELECT v FROM lane_test WHERE id = $1', values: [id] },
      { name: 'by id', text: 'SELECT v FROM lane_test WHERE id = $1', values: [id] },
      { text: `SELECT v FROM lane_test WHERE v = 'row ${id}'` },
    ][kind - 1] ?? { text: byId(id) }
    const { rows } = await client.query(wish)
    assert.deepEqual(rows, [{ v: `row ${id}` }])
  }

  test('what waits on one lane goes on together, and each statement is recorded once', async () => {
    const clients = await together(12, () => connect())
    for (const client of clients) await teach(client)
    const before = door.recorded().length
    const open = await locked('lane_test')
    const answers = clients.map((client, at) => client.query(byId(at + 1)))
    await untilSome(async () => (await waitingBackends()).length > 0)
    await sleep(300)
    // A dozen clients, and no more backends than lanes, twice: what is held up is asked elsewhere, too.
    assert.ok((await waitingBackends()).length <= 8)
    await open()
    const rows = (await Promise.all(answers)).map((one) => one.rows[0]?.v)
    assert.deepEqual(
      rows,
      clients.map((_, at) => `row ${at + 1}`),
    )
    assert.equal(door.recorded().length, before + clients.length)
    for (const client of clients) await client.end()
  })

  test('a cancel ends its own statement and no other', async () => {
    const clients = await together(6, () => connect())
    for (const client of clients) await teach(client)
    const open = await locked('lane_test')
    const [first, ...others] = clients.map((client, at) => client.query(byId(at + 1)))
    await untilSome(async () => (await waitingBackends()).length > 0)
    const refused = assert.rejects(first ?? Promise.resolve(), { code: '57014' })
    const target = clients[0] as pg.Client & { processID: number; secretKey: number }
    const messenger = new pg.Client({ connectionString: door.url() }) as pg.Client & {
      cancel(client: pg.Client, query: unknown): void
    }
    // pg's own way: it cancels what is under way on that client.
    messenger.cancel(target, (target as unknown as { activeQuery: unknown }).activeQuery)
    await sleep(500)
    await open()
    await refused
    const rows = (await Promise.all(others)).map((one) => one.rows[0]?.v)
    assert.deepEqual(rows, ['row 2', 'row 3', 'row 4', 'row 5', 'row 6'])
    for (const client of clients) await client.end()
  })

  test('a lane that is lost costs nobody an answer', async () => {
    const clients = await together(6, () => connect())
    for (const client of clients) await teach(client)
    const open = await locked('lane_test')
    const answers = clients.map((client, at) => client.query(byId(at + 1)))
    await untilSome(async () => (await waitingBackends()).length > 0)
    const [pid] = await waitingBackends()
    await direct.query('SELECT pg_terminate_backend($1)', [pid])
    await open()
    const rows = (await Promise.all(answers)).map((one) => one.rows[0]?.v)
    assert.deepEqual(rows, ['row 1', 'row 2', 'row 3', 'row 4', 'row 5', 'row 6'])
    for (const client of clients) await client.end()
  })

  test('clients with other settings see values in their own way', async () => {
    const zones = ['UTC', 'Asia/Tokyo', 'America/New_York']
    const clients = await Promise.all(
      zones.map((zone) => connect({ options: `-c TimeZone=${zone} -c DateStyle=ISO` })),
    )
    const sql = 'SELECT at::text AS shown FROM lane_test WHERE id = 1'
    for (const client of clients) await teach(client, sql)
    const shown = await Promise.all(
      clients.map(async (one) => (await one.query(sql)).rows[0].shown),
    )
    assert.deepEqual(shown, [
      '2026-01-02 03:04:05+00',
      '2026-01-02 12:04:05+09',
      '2026-01-01 22:04:05-05',
    ])
    const [first] = clients
    await first?.query("SET TIME ZONE 'Asia/Tokyo'")
    assert.equal((await first?.query(sql))?.rows[0].shown, '2026-01-02 12:04:05+09')
    for (const client of clients) await client.end()
  })

  test('a prepared statement outlives a change of its table', async () => {
    const client = await connect()
    const wish = { name: 'all', text: 'SELECT * FROM lane_test WHERE id = $1', values: [1] }
    for (let run = 0; run < 4; run += 1) await client.query(wish)
    await direct.query('ALTER TABLE lane_test ADD COLUMN extra int DEFAULT 7')
    const { rows } = await client.query(wish)
    assert.equal(rows[0].extra, 7)
    await client.end()
  })

  test('a statement that is known to be short and suddenly is long arrives whole', async () => {
    const client = await connect()
    const upTo = (id: number) => `SELECT id, v FROM lane_wide WHERE id <= ${id} ORDER BY id`
    await teach(client, upTo(1))
    const { rows } = await client.query(upTo(3000))
    assert.equal(rows.length, 3000)
    assert.equal(rows.at(-1).v.length, 300_000)
    await client.end()
  })

  test('a client that pipelines gets its answers in order', async () => {
    const client = await connect()
    await teach(client)
    const ids = Array.from({ length: 50 }, (_, at) => at + 1)
    const answers = await Promise.all(ids.map((id) => client.query(byId(id))))
    assert.deepEqual(
      answers.map((one) => one.rows[0].v),
      ids.map((id) => `row ${id}`),
    )
    await client.end()
  })

  test('a table that is no longer granted is refused at once', async () => {
    const narrow = await openDoor({ readable: ['lane_test'] })
    const client = new pg.Client({ connectionString: narrow.url('reader') })
    await client.connect()
    await teach(client)
    await assert.rejects(client.query('SELECT v FROM lane_wide WHERE id = 1'), { code: '42501' })
    await assert.rejects(client.query("UPDATE lane_test SET v = '' WHERE id = 1"), {
      code: '42501',
    })
    await client.end()
    await narrow.close()
  })

  /** Holds a lock that every reader waits for, until what it gives is called. */
  async function locked(table: string): Promise<() => Promise<void>> {
    const holder = new pg.Client(BACKEND_URL)
    await holder.connect()
    await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    return async () => {
      await holder.query('COMMIT')
      await holder.end()
    }
  }
})
