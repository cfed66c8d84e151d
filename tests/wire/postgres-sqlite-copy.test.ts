// COPY … TO STDOUT of a SQLite file: the same bytes as from a PostgreSQL server.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const exec = promisify(execFile)
const options = { timeout: 30_000 }
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const file = createShopFile()
let door: TestDoor
before(async () => {
  door = await openDoor({ sqliteFile: file.path, readableInFile: ['orders'] })
})
after(async () => {
  await door?.close()
  file.remove()
})

const raw = (user = 'ada') => RawClient.open(door.url(user, 'files'))

const ROWS = `select 'plain' as a, 'with "quotes", a comma; and a semicolon' as "B b"
  union all select 'tab	and
line', null union all select '\\.', '' union all select 'back\\slash', '\\N' union all select 'N', 'é'`.replaceAll(
  ';',
  ':',
)
const FORMATS = [
  '',
  '(format text)',
  'with (format csv)',
  'csv header',
  '(format csv, header true)',
  '(format csv, header false)',
  "with (format csv, delimiter '|', null 'N')",
  "(delimiter ':', null 'null')",
  "(format text, null '')",
  "csv delimiter as e'\\t' null as 'N'",
]
const SOURCES = [
  ...FORMATS.map((format) => [ROWS, format] as const),
  ["select '\\.' as a", 'csv'] as const,
]
for (const [rows, format] of SOURCES) {
  test(`as from a server: COPY (${rows.slice(0, 20)}…) TO STDOUT ${format}`, {
    ...options,
    skip,
  }, async () => {
    const text = `copy (${rows}) to stdout ${format}`
    const copies: Buffer[][] = []
    for (const url of [door.url('ada', 'files'), BACKEND_URL ?? '']) {
      const client = await RawClient.open(url)
      client.send({ kind: 'query', text })
      copies.push((await client.answers()).map(({ bytes }) => bytes))
      client.close()
    }
    assert.deepEqual(copies[0]?.map(String), copies[1]?.map(String))
  })
}

test('psql copies a table, some columns and a query to a file of its own', options, async () => {
  const copy = async (what: string) => {
    const { stdout } = await exec('psql', [door.url('ada', 'files'), '-XAtq', '-c', what])
    return stdout
  }
  assert.equal(
    await copy('\\copy orders (id, customer, note) to stdout'),
    '1\tAda\t\\\\x00ff\n2\tBob\t\\N\n3\t\\N\t\\\\x\n',
  )
  assert.equal(
    await copy('\\copy main."orders" (id, paid) to stdout csv header'),
    'id,paid\n1,t\n2,f\n3,\n',
  )
  assert.equal(await copy('\\copy (select count(*) from many) to stdout'), '50000\n')
  assert.equal((await copy('COPY many TO STDOUT')).split('\n').length, 50_001)
})

test('by the extended protocol, counted, and described as no result', options, async () => {
  const client = await raw()
  client.send(
    {
      kind: 'parse',
      statement: '',
      text: 'copy many (n) to stdout csv header',
      parameterTypes: [],
    },
    {
      kind: 'bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    },
    { kind: 'describe', target: 'portal', name: '' },
    { kind: 'execute', portal: '', maxRows: 0 },
    { kind: 'sync' },
  )
  const summary = await client.summary()
  assert.deepEqual(summary.slice(0, 4), [
    'parseComplete',
    'bindComplete',
    'noData',
    'copyOutResponse',
  ])
  assert.deepEqual(summary.slice(-3), ['copyDone', 'COPY 50000', 'idle'])
  assert.equal(door.recorded().at(-1)?.sql, 'copy many (n) to stdout csv header')
  assert.equal(door.endings().at(-1)?.rows, 50_000)
  client.close()
})

const REFUSED = [
  'copy many to stdout',
  'copy (select * from orders union all select *, 1, 2, 3, 4, 5, 6, 7 from many) to stdout',
  'copy (delete from orders returning id) to stdout',
  'copy (select 1) to stdout; drop table orders',
  'copy orders to stdout (format binary)',
  "copy orders to stdout (encoding 'LATIN1')",
  "copy orders to '/tmp/articdbm-copied'",
]
for (const text of REFUSED) {
  test(`a reader of orders may not: ${text}`, options, async () => {
    const client = await raw('reader')
    assert.deepEqual(await client.query(text), ['error 42501', 'idle'])
    assert.equal((await client.query('copy orders to stdout')).at(-2), 'COPY 3')
    client.close()
  })
}
