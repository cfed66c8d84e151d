// Known shapes are answered quickly on a session's own connection, too: in transactions, writing, with long answers.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const CLIENTS = 12
const TRANSACTIONS_EACH = 40
const WIDE_ROWS = 1_500

/** A wire to the server that can be cut: whoever dials again gets a new one. */
async function openWire(host: string, port: number) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(port, host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const close = () => {
    server.close()
    cut()
  }
  return { port: (server.address() as AddressInfo).port, cut, close }
}

describe('quick answers on a connection of one’s own', { skip, timeout: 240_000 }, () => {
  let door: TestDoor
  let direct: pg.Client
  let auditFault: string | undefined

  before(async () => {
    door = await openDoor({ pool: { maxConnections: 4 }, auditFault: () => auditFault })
    direct = new pg.Client(BACKEND_URL)
    await direct.connect()
    await direct.query(`DROP TABLE IF EXISTS own_test, own_wide;
      CREATE TABLE own_test (id int PRIMARY KEY, n int NOT NULL);
      INSERT INTO own_test SELECT n, 0 FROM generate_series(1, 100) n;
      CREATE TABLE own_wide (id int PRIMARY KEY, v text);
      INSERT INTO own_wide SELECT n, repeat(md5(n::text), 300) FROM generate_series(1, ${WIDE_ROWS}) n`)
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
  const read = (id: number) => `SELECT n FROM own_test WHERE id = ${id}`
  const add = (id: number) => `UPDATE own_test SET n = n + 1 WHERE id = ${id}`
  /** A shape is known once it was judged. */
  const teach = async (client: pg.Client, ...texts: string[]) => {
    for (const text of texts) for (let run = 0; run < 2; run += 1) await client.query(text)
  }
  const waiting = async (text: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const { rows } = await direct.query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = $1",
        [text],
      )
      if (rows[0]) return Number(rows[0].pid)
      await sleep(25)
    }
    return assert.fail('nobody waits for the lock')
  }
  /** Keeps a row from everybody else until what it gives is called. */
  const locked = async (id: number) => {
    const holder = new pg.Client(BACKEND_URL)
    await holder.connect()
    await holder.query(`BEGIN; ${add(id)}`)
    return async () => {
      await holder.query('ROLLBACK')
      await holder.end()
    }
  }

  test('transactions of many clients: each sees its own, and only what was committed stays', async () => {
    const work = async (at: number) => {
      const client = await connect(at % 3 === 0 ? { ssl: { rejectUnauthorized: false } } : {})
      let committed = 0
      for (let run = 0; run < TRANSACTIONS_EACH; run += 1) {
        if (await addOnce(client, { id: at + 1, run, before: committed })) committed += 1
      }
      await client.end()
      return committed
    }
    const committed = await Promise.all(Array.from({ length: CLIENTS }, (_, at) => work(at)))
    const { rows } = await direct.query('SELECT n FROM own_test WHERE id <= $1 ORDER BY id', [
      CLIENTS,
    ])
    assert.deepEqual(
      rows.map(({ n }) => n),
      committed,
    )
    const endings = new Map(door.endings().map((one) => [one.id, one]))
    const updates = door.recorded().filter(({ sql }) => sql.startsWith('UPDATE own_test'))
    assert.equal(updates.length, CLIENTS * TRANSACTIONS_EACH)
    for (const { id } of updates) assert.equal(endings.get(id)?.rows, 1)
  })

  /** Answers with whether it was committed: three times of five. */
  async function addOnce(
    client: pg.Client,
    { id, run, before }: { id: number; run: number; before: number },
  ): Promise<boolean> {
    await client.query('BEGIN')
    const changed = await client.query(wayToAsk(add(id), id, run))
    assert.equal(changed.rowCount, 1)
    const seen = await client.query(wayToAsk(read(id), id, run))
    assert.deepEqual(seen.rows, [{ n: before + 1 }])
    if (run % 5 === 4) {
      await assert.rejects(client.query(`${read(id)} AND 1 / (id - id) = 1`), { code: '22012' })
      await assert.rejects(client.query(read(id)), { code: '25P02' })
    }
    const isKept = run % 5 < 3
    await client.query(isKept ? 'COMMIT' : 'ROLLBACK')
    return isKept
  }

  /** As text, with a parameter, or prepared under a name. */
  function wayToAsk(text: string, id: number, run: number): pg.QueryConfig {
    if (run % 3 === 0) return { text }
    const wish = { text: text.replace(/\d+$/, '$1'), values: [id] }
    return run % 3 === 1 ? wish : { name: wish.text, ...wish }
  }

  test('long answers to slow clients arrive as they are, whoever uses the connections meanwhile', async () => {
    const upTo = (id: number) => `SELECT id, v FROM own_wide WHERE id <= ${id} ORDER BY id`
    const readSlowly = async (count: number) => {
      const client = await connect()
      const stream = (client as unknown as { connection: { stream: NodeJS.ReadableStream } })
        .connection.stream
      const pauses = setInterval(() => {
        stream.pause()
        setTimeout(() => stream.resume(), 20)
      }, 30)
      const { rows } = await client.query(upTo(count))
      clearInterval(pauses)
      stream.resume()
      await client.end()
      const wrong = rows.filter(({ id, v }) => v !== md5(id).repeat(300))
      assert.deepEqual([rows.length, wrong.length], [count, 0])
    }
    const { rows } = await direct.query('SELECT id, md5(id::text) AS hash FROM own_wide')
    const hashes = new Map(rows.map(({ id, hash }) => [id, hash]))
    const md5 = (id: number) => String(hashes.get(id))
    // The first is judged by itself and goes the long way, the others are of its shape.
    await readSlowly(WIDE_ROWS)
    const counters = Array.from({ length: 4 }, async (_, at) => {
      const client = await connect()
      for (let run = 0; run < 100; run += 1) await client.query(add(50 + at))
      await client.end()
    })
    await Promise.all([...counters, readSlowly(WIDE_ROWS), readSlowly(WIDE_ROWS - 1)])
    const counted = await direct.query('SELECT n FROM own_test WHERE id BETWEEN 50 AND 53')
    assert.deepEqual(
      counted.rows.map(({ n }) => n),
      [100, 100, 100, 100],
    )
  })

  test('a cancel ends a statement inside a transaction, which goes on to its ROLLBACK', async () => {
    const client = await connect()
    await teach(client, add(60))
    const open = await locked(61)
    await client.query('BEGIN')
    const stuck = assert.rejects(client.query(add(61)), { code: '57014' })
    await waiting(add(61))
    const messenger = new pg.Client({ connectionString: door.url() }) as pg.Client & {
      cancel(client: pg.Client, query: unknown): void
    }
    messenger.cancel(client, (client as unknown as { activeQuery: unknown }).activeQuery)
    await stuck
    await assert.rejects(client.query(read(60)), { code: '25P02' })
    await client.query('ROLLBACK')
    assert.equal((await client.query(read(61))).rowCount, 1)
    await open()
    await client.end()
  })

  test('who loses their connection is told, and outside a transaction goes on', async () => {
    const { hostname, port } = new URL(BACKEND_URL ?? '')
    const wire = await openWire(hostname, Number(port))
    const fragile = await openDoor({ backend: { host: '127.0.0.1', port: wire.port } })
    const open = async () => connect({ connectionString: fragile.url() })
    const [lone, inside] = [await open(), await open()]
    await teach(lone, add(70), 'BEGIN', 'ROLLBACK')
    for (const client of [lone, inside]) {
      if (client === inside) await client.query('BEGIN')
      const release = await locked(71)
      const failed = assert.rejects(client.query(add(71)), /connection/i)
      await waiting(add(71))
      wire.cut()
      await failed
      await release()
    }
    // The server didn't see the cut and may have finished: nobody can tell, and nobody asked twice.
    const [row] = (await lone.query(read(71))).rows
    assert.ok(row.n <= 1)
    await assert.rejects(inside.query(read(71)))
    const lost = fragile.endings().filter(({ outcome }) => outcome === 'lost')
    assert.equal(lost.length, 2)
    await lone.end()
    await fragile.close()
    wire.close()
  })

  test('what cannot be recorded is refused, and its transaction with it', async () => {
    const client = await connect()
    await teach(client, add(80), read(80))
    await client.query('BEGIN')
    auditFault = 'the disk is full'
    await assert.rejects(client.query(add(81)), { code: '53100' })
    auditFault = undefined
    await assert.rejects(client.query(read(81)), { code: '25P02' })
    await client.query('ROLLBACK')
    auditFault = 'the disk is full'
    await assert.rejects(client.query(add(81)), { code: '53100' })
    auditFault = undefined
    const { rows } = await client.query(read(81))
    assert.deepEqual(rows, [{ n: 0 }])
    await client.end()
  })

  test('a session that listens on its own connection is told between its statements', async () => {
    const client = await connect()
    const told: (string | undefined)[] = []
    client.on('notification', ({ payload }) => told.push(payload))
    for (const text of ['BEGIN', 'LISTEN own_news', 'COMMIT']) await client.query(text)
    await teach(client, read(90))
    for (let run = 0; run < 20; run += 1) {
      await direct.query(`NOTIFY own_news, '${run}'`)
      await client.query(read(90))
    }
    for (let tries = 0; told.length < 20 && tries < 200; tries += 1) await sleep(25)
    assert.deepEqual(
      told,
      Array.from({ length: 20 }, (_, run) => `${run}`),
    )
    await client.end()
  })
})
