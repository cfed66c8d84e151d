// The function call protocol: what libpq's large objects are made of.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { BACKEND, decodeBackend, type FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const exec = promisify(execFile)
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 30_000 }

const [LO_CREATE, LO_OPEN, LOREAD, LOWRITE, LO_LSEEK, LO_UNLINK] = [715, 952, 954, 955, 956, 964]
const PG_READ_FILE = 2624
const WRITE_AND_READ = 0x60000

let door: TestDoor
let direct: pg.Client
const folder = mkdtempSync(join(tmpdir(), 'articdbm-large-objects-'))
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query('drop table if exists call_open; create table call_open(a int)')
  door = await openDoor({ pool: { maxConnections: 1 }, readable: ['call_open'] })
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await door?.close()
  await direct?.end()
})

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function call(oid: number, ...args: (Buffer | null)[]): FrontendMessage {
  return { kind: 'functionCall', oid, argumentFormats: [1], arguments: args, resultFormat: 1 }
}

/** The value that it gives; then it must be ready. */
async function resultOf(client: RawClient, message: FrontendMessage): Promise<Buffer | null> {
  client.send(message)
  const [answer, ready, ...more] = await client.answers()
  assert.equal(ready?.code, BACKEND.readyForQuery)
  assert.equal(more.length, 0)
  const decoded = answer && decodeBackend(answer.bytes)
  assert.equal(decoded?.kind, 'functionCallResponse')
  return decoded?.kind === 'functionCallResponse' ? decoded.value : null
}

const largeObjects = async () =>
  (await direct.query('select count(*)::int as n from pg_largeobject_metadata')).rows[0].n

test(
  'psql imports a file as a large object, lists it, exports it and unlinks it',
  options,
  async () => {
    const [given, got] = [join(folder, 'given'), join(folder, 'got')]
    const bytes = randomBytes(100_000)
    writeFileSync(given, bytes)
    const script = `\\lo_import '${given}' 'a picture'
\\lo_export :LASTOID '${got}'
\\lo_list
\\lo_unlink :LASTOID`
    for (const user of ['ada', 'writer']) {
      rmSync(got, { force: true })
      const before = await largeObjects()
      const run = exec('psql', [door.url(user), '-XAt', '-v', 'ON_ERROR_STOP=1', '-f', '-'])
      run.child.stdin?.end(script.replace(user === 'writer' ? " 'a picture'" : '?', ''))
      const { stdout } = await run
      assert.match(stdout, /lo_import \d+\nlo_export\n\d+\|\w+\|.*\nlo_unlink \d+\n/)
      assert.ok(readFileSync(got).equals(bytes))
      assert.equal(await largeObjects(), before)
    }
  },
)

test(
  'a call gives what it gives directly, and is recorded as the SELECT that it is',
  options,
  async () => {
    const values: (Buffer | null)[][] = []
    for (const url of [door.url('writer'), BACKEND_URL ?? '']) {
      const client = await RawClient.open(url)
      await client.query('begin')
      const oid = await resultOf(client, call(LO_CREATE, int(0)))
      const fd = await resultOf(client, call(LO_OPEN, oid, int(WRITE_AND_READ)))
      values.push([
        fd,
        await resultOf(client, call(LOWRITE, fd, Buffer.from('hello'))),
        await resultOf(client, call(LO_LSEEK, fd, int(1), int(0))),
        await resultOf(client, call(LOREAD, fd, int(10))),
        await resultOf(client, call(LO_UNLINK, oid)),
      ])
      assert.deepEqual(await client.query('rollback'), ['ROLLBACK', 'idle'])
      client.close()
    }
    assert.deepEqual(values[0], values[1])
    assert.equal(values[0]?.[3]?.toString(), 'ello')
    const recorded = door.recorded().findLast(({ sql }) => sql.includes('loread'))
    assert.equal(recorded?.sql, 'SELECT pg_catalog.loread($1, $2)')
    assert.deepEqual([recorded?.principal, recorded?.effects], ['writer', ['read', 'write']])
    const ended = door.endings().find(({ id }) => id === recorded?.id)
    assert.deepEqual([ended?.outcome, ended?.rows], ['ok', 1])
  },
)

test('who may not write everything calls nothing of large objects', options, async () => {
  const client = await RawClient.open(door.url('reader'))
  const before = await largeObjects()
  for (const oid of [LO_CREATE, LO_OPEN, LOREAD, LOWRITE, LO_UNLINK]) {
    client.send(call(oid, int(0)))
    assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
    assert.equal(door.recorded().at(-1)?.verdict, 'block')
  }
  assert.equal(await largeObjects(), before)
  client.close()
})

test('files of the server need more than large objects do', options, async () => {
  const client = await RawClient.open(door.url('writer'))
  client.send(call(764, Buffer.from('/etc/hostname')))
  assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
  client.close()
})

test(
  'an OID that is no large object function is refused, and the transaction fails',
  options,
  async () => {
    const client = await RawClient.open(door.url())
    for (const oid of [PG_READ_FILE, 0, 16_384, 4_294_967_295]) {
      client.send(call(oid, Buffer.from('/etc/hostname')))
      assert.deepEqual(await client.summary(), ['error 0A000', 'idle'])
    }
    await client.query('begin')
    client.send(call(PG_READ_FILE))
    assert.deepEqual(await client.summary(), ['error 0A000', 'failed'])
    client.send(call(LO_CREATE, int(0)))
    assert.deepEqual(await client.summary(), ['error 25P02', 'failed'])
    assert.deepEqual(await client.query('rollback'), ['ROLLBACK', 'idle'])
    client.close()
  },
)

test('an error of the function is told, recorded, and survived', options, async () => {
  const client = await RawClient.open(door.url())
  client.send(call(LO_UNLINK, int(1)))
  assert.deepEqual(await client.summary(), ['error 42704', 'idle'])
  assert.deepEqual(
    [door.endings().at(-1)?.outcome, door.endings().at(-1)?.errorCode],
    ['error', '42704'],
  )
  client.send(call(LO_UNLINK, int(1), int(2)))
  assert.deepEqual(await client.summary(), ['error 08P01', 'idle'])
  client.send(call(LO_UNLINK, null))
  assert.deepEqual(await client.summary(), ['functionCallResponse', 'idle'])
  client.close()
})

const EXTENDED: readonly FrontendMessage[] = [
  { kind: 'parse', statement: '', text: 'select 1/$1::int', parameterTypes: [] },
  {
    kind: 'bind',
    portal: '',
    statement: '',
    parameterFormats: [],
    parameters: [Buffer.from('1')],
    resultFormats: [],
  },
  { kind: 'execute', portal: '', maxRows: 0 },
]

test(
  'a call in a pipeline keeps its place, and leaves the unnamed statement alone',
  options,
  async () => {
    const summaries: string[][] = []
    for (const url of [door.url(), BACKEND_URL ?? '']) {
      const client = await RawClient.open(url)
      client.send(...EXTENDED, call(LO_UNLINK, null), ...EXTENDED.slice(1), { kind: 'sync' })
      const summary = await client.summary(2)
      const zero = { ...EXTENDED[1], parameters: [Buffer.from('0')] } as FrontendMessage
      client.send(zero, { kind: 'execute', portal: '', maxRows: 0 }, call(LO_UNLINK, null))
      client.send({ kind: 'sync' })
      summaries.push([...summary, ...(await client.summary())])
      client.close()
    }
    assert.deepEqual(summaries[0], summaries[1])
  },
)

test('a SQLite database has no function calls', options, async (t) => {
  const file = createShopFile()
  const small = await openDoor({ sqliteFile: file.path, pool: { checkoutTimeoutMs: 20_000 } })
  t.after(async () => {
    await small.close()
    file.remove()
  })
  const client = await RawClient.open(small.url('ada', 'files'))
  client.send(call(LO_CREATE, int(0)))
  assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
  assert.deepEqual(await client.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  client.close()
})
