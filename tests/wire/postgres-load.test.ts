// Real clients under load, slow clients, and a network that breaks.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { BACKEND_URL, openDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const exec = promisify(execFile)

test('pgbench runs through the door by simple, extended and prepared protocol', {
  skip,
  timeout: 90_000,
}, async () => {
  // pgbench prepares synchronously: fewer connections than its clients would make it wait for itself.
  const door = await openDoor({ pool: { maxConnections: 8 } })
  await exec('pgbench', ['-i', '-q', '-I', 'dtgp', door.url()])
  for (const mode of ['simple', 'extended', 'prepared']) {
    for (const script of ['tpcb-like', 'select-only']) {
      const { stdout } = await exec('pgbench', [
        '-n',
        '-b',
        script,
        '-M',
        mode,
        '-c',
        '8',
        '-T',
        '1',
        door.url(),
      ])
      assert.match(stdout, /number of failed transactions: 0 /, `${mode} ${script}`)
    }
  }
  await exec('pgbench', ['-i', '-q', '-I', 'd', door.url()])
  await door.close()
})

test('psql copies in and out, runs a script, and stops at an error', {
  skip,
  timeout: 30_000,
}, async () => {
  const door = await openDoor()
  const script = `create temp table c(a int, b text);
copy c from stdin (format csv);
1,one
2,"two, too"
\\.
\\copy (select * from c order by a desc) to stdout csv
select count(*) from c \\gset
\\echo :count
select 1/0;
\\echo unreachable`
  const run = exec('psql', [door.url(), '-qAtX', '-v', 'ON_ERROR_STOP=1', '-f', '-'])
  run.child.stdin?.end(script)
  const failure: unknown = await run.catch((error: unknown) => error)
  assert.ok(failure instanceof Error && 'stdout' in failure && 'stderr' in failure)
  assert.equal(failure.stdout, '2,"two, too"\n1,one\n2\n')
  assert.match(String(failure.stderr), /division by zero/)
  await door.close()
})

test('node pg: parameters, cursor, and sixteen at once on two connections', {
  skip,
  timeout: 30_000,
}, async () => {
  const door = await openDoor({ pool: { maxConnections: 2 } })
  const pool = new pg.Pool({ connectionString: door.url(), max: 16 })
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      pool.query({ name: `q${at % 7}`, text: `select $1::int * ${at % 7} as v`, values: [at] }),
    ),
  )
  assert.deepEqual(
    results.map(({ rows }) => rows[0].v),
    Array.from({ length: 200 }, (_, at) => at * (at % 7)),
  )
  const client = await pool.connect()
  await client.query('begin')
  const cursor = client.query(new Cursor('select generate_series(1, 1000) as n'))
  assert.equal((await cursor.read(10)).length, 10)
  assert.equal((await cursor.read(985)).at(-1)?.n, 995)
  await cursor.close()
  await client.query('commit')
  client.release()
  await pool.end()
  await door.close()
})

test('a million rows to a slow client never fill the gateway', {
  skip,
  timeout: 60_000,
}, async () => {
  const door = await openDoor()
  const client = await RawClient.open(door.url())
  client.socket.pause()
  client.send({
    kind: 'query',
    text: "select g, repeat('x', 200) from generate_series(1, 1000000) g",
  })
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  await sleep(2_000)
  const grown = process.memoryUsage.rss() - before
  assert.ok(grown < 60_000_000, `grew by ${grown} bytes`)
  client.socket.removeAllListeners('data')
  client.socket.resume()
  while (door.endings().length === 0) await sleep(50)
  assert.equal(door.endings().at(-1)?.rows, 1_000_000)
  client.socket.destroy()
  await door.close()
})

test('a client that stops reading is closed, and its backend connection freed', {
  skip,
  timeout: 30_000,
}, async () => {
  const door = await openDoor({ limits: { stallTimeoutMs: 500 }, pool: { maxConnections: 1 } })
  const client = await RawClient.open(door.url())
  client.socket.pause()
  client.send({ kind: 'query', text: "select repeat('x', 1000) from generate_series(1, 1000000)" })
  await sleep(1_500)
  const next = await RawClient.open(door.url())
  assert.deepEqual(await next.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  next.close()
  client.socket.destroy()
  await door.close()
})

/** A network in front of the server that can be cut. */
async function cuttable(): Promise<{ server: Server; port: number; cut: () => void }> {
  const { hostname, port } = new URL(BACKEND_URL ?? '')
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return { server, port: typeof address === 'object' && address ? address.port : 0, cut }
}

test('a network cut in the middle of a statement is told, recorded as lost, and survived', {
  skip,
  timeout: 30_000,
}, async () => {
  const network = await cuttable()
  const door = await openDoor({ backend: { host: '127.0.0.1', port: network.port } })
  const client = await RawClient.open(door.url())
  client.send({ kind: 'query', text: 'select pg_sleep(10)' })
  await sleep(200)
  network.cut()
  assert.deepEqual((await client.summary()).slice(-2), ['error 08006', 'idle'])
  assert.deepEqual(
    [door.endings().at(-1)?.outcome, door.endings().at(-1)?.errorCode],
    ['lost', '08006'],
  )
  assert.deepEqual(await client.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  assert.deepEqual(await client.query('begin'), ['BEGIN', 'active'])
  network.cut()
  assert.deepEqual(await client.end(), ['error 08006'])
  network.server.close()
  await door.close()
  network.cut()
})

test('a server that is down is said to be down, without its password', {
  skip,
  timeout: 20_000,
}, async () => {
  const door = await openDoor({ backend: { host: '127.0.0.1', port: 1 } })
  await assert.rejects(
    RawClient.open(door.url()),
    /database "shop" can't be reached: .*ECONNREFUSED/,
  )
  await door.close()
})

test('a pipeline larger than every buffer does not lock both sides', {
  skip,
  timeout: 40_000,
}, async () => {
  const door = await openDoor({ limits: { maxRequestBytes: 2_000_000 } })
  const client = await RawClient.open(door.url())
  const value = Buffer.alloc(20_000, 120)
  client.send({ kind: 'parse', statement: '', text: 'select $1::text', parameterTypes: [] })
  for (let at = 0; at < 300; at += 1) {
    client.send(
      {
        kind: 'bind',
        portal: '',
        statement: '',
        parameterFormats: [],
        parameters: [value],
        resultFormats: [],
      },
      { kind: 'execute', portal: '', maxRows: 0 },
    )
  }
  client.send({ kind: 'sync' })
  const answers = await client.summary()
  assert.equal(answers.filter((one) => one === 'SELECT 1').length, 300)
  client.close()
  await door.close()
})
