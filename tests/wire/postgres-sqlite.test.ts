// A SQLite file behind the PostgreSQL door: what clients of PostgreSQL expect of a server.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { encodeStartup, type FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { openDoor, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const exec = promisify(execFile)
const options = { timeout: 20_000 }
const file = createShopFile()
let door: TestDoor
let client: pg.Client
before(async () => {
  door = await openDoor({ sqliteFile: file.path })
  client = new pg.Client(door.url('ada', 'files'))
  await client.connect()
})
after(async () => {
  await client?.end()
  await door?.close()
  file.remove()
})

const raw = () => RawClient.open(door.url('ada', 'files'))

test('psql reads a table', options, async () => {
  const { stdout } = await exec('psql', [
    door.url('ada', 'files'),
    '-At',
    '-c',
    'select id, customer, total, paid, note, price from orders order by id',
  ])
  assert.equal(stdout, '1|Ada|9.5|t|\\x00ff|12.25\n2|Bob|3|f||7\n3||||\\x|\n')
})

const TYPES: readonly (readonly [string, number, unknown])[] = [
  ['id', 20, '1'],
  ['customer', 25, 'Ada'],
  ['total', 701, 9.5],
  ['paid', 16, true],
  ['note', 17, Buffer.from([0, 255])],
  ['price', 1700, '12.25'],
  ['ordered_at', 25, '2026-01-01 10:00:00'],
  ['count(*)', 20, '3'],
  ["'x' || customer", 25, 'xAda'],
  ['total * 2', 701, 19],
  ['null', 25, null],
]
for (const [expression, oid, value] of TYPES) {
  for (const binary of [false, true]) {
    test(`${expression} comes as type ${oid}, ${binary ? 'binary' : 'text'}`, options, async () => {
      const text = `select ${expression} as v from orders where id >= $1 order by id limit 1`
      const result = await client.query({ text, values: [1], binary } as pg.QueryConfig)
      assert.equal(result.fields[0]?.dataTypeID, oid)
      const { v } = result.rows[0]
      // The driver reads binary bytes as text, and numbers where its text form gives texts.
      if (binary && oid === 17) return
      assert.deepEqual(binary && typeof value === 'string' ? String(v) : v, value)
    })
  }
}

test('a column that holds what its type cannot say is shown as text', options, async () => {
  const result = await client.query('select odd from orders order by id')
  assert.deepEqual(
    [result.fields[0]?.dataTypeID, result.rows],
    [25, [{ odd: '5' }, { odd: 'five' }, { odd: null }]],
  )
})

test(
  'a value that no longer fits the described type is an error, never a wrong encoding',
  options,
  async () => {
    const session = await raw()
    session.send({
      kind: 'parse',
      statement: 's',
      text: 'select odd from orders order by id',
      parameterTypes: [],
    })
    session.send({ kind: 'describe', target: 'statement', name: 's' }, { kind: 'sync' })
    await session.answers()
    session.send(
      {
        kind: 'bind',
        portal: '',
        statement: 's',
        parameterFormats: [],
        parameters: [],
        resultFormats: [1],
      },
      { kind: 'execute', portal: '', maxRows: 0 },
      { kind: 'sync' },
    )
    assert.deepEqual(await session.summary(), ['bindComplete', 'error 22P02', 'idle'])
    session.close()
  },
)

test('numbered parameters keep their numbers', options, async () => {
  const { rows } = await client.query('select $2 as b, $1 as a, $2 as c', ['one', 'two'])
  assert.deepEqual(rows, [{ b: 'two', a: 'one', c: 'two' }])
  const quoted = await client.query("select '$1' as q, customer from orders where id = $1", [2])
  assert.deepEqual(quoted.rows, [{ q: '$1', customer: 'Bob' }])
})

test('bytes, quotes and nulls go in and come out unchanged', options, async () => {
  const given = [70, "it's; -- not", Buffer.from([0, 1, 254]), null]
  const { rows, command, rowCount } = await client.query(
    'insert into orders(id, customer, note, price) values ($1, $2, $3, $4) returning id, customer, note, price',
    given,
  )
  assert.deepEqual(rows, [
    { id: '70', customer: "it's; -- not", note: Buffer.from([0, 1, 254]), price: null },
  ])
  assert.deepEqual([command, rowCount], ['INSERT', 1])
  assert.equal((await client.query('delete from orders where id = $1', [70])).rowCount, 1)
})

const SUMMARIES: readonly (readonly [string, readonly string[]])[] = [
  ['', ['emptyQueryResponse', 'idle']],
  ['select 1 where 0', ['rowDescription', 'SELECT 0', 'idle']],
  ['insert into many values (-1), (-2)', ['INSERT 0 2', 'idle']],
  ['update many set n = -3 where n < 0', ['UPDATE 2', 'idle']],
  ['delete from many where n < 0', ['DELETE 2', 'idle']],
  ['create table t(a); drop table t', ['CREATE TABLE', 'DROP TABLE', 'idle']],
  [
    'select 1; select 2',
    ['rowDescription', 'row 1', 'SELECT 1', 'rowDescription', 'row 2', 'SELECT 1', 'idle'],
  ],
  ['insert into many values (-9); select nope', ['INSERT 0 1', 'error 42703', 'idle']],
  ['select count(*) from many where n < 0', ['rowDescription', 'row 0', 'SELECT 1', 'idle']],
  ['set extra_float_digits = 3', ['SET', 'idle']],
  ["SET client_encoding TO 'UTF8'", ['SET', 'idle']],
  ["set client_encoding to 'latin1'", ['error 42501', 'idle']],
  ['show transaction isolation level', ['rowDescription', 'row serializable', 'SHOW', 'idle']],
  ['select current_schema()', ['rowDescription', 'row main', 'SELECT 1', 'idle']],
  ['discard all', ['DISCARD ALL', 'idle']],
  ['begin read only; ', ['BEGIN', 'active']],
  ['delete from many', ['error 25006', 'failed']],
  ['select 1', ['error 25P02', 'failed']],
  ['commit', ['ROLLBACK', 'idle']],
  ['begin isolation level serializable', ['BEGIN', 'active']],
  ['savepoint a', ['SAVEPOINT', 'active']],
  ['select nope', ['error 42703', 'failed']],
  ['rollback to a', ['ROLLBACK', 'active']],
  ['insert into many values (-5)', ['INSERT 0 1', 'active']],
  ['rollback', ['ROLLBACK', 'idle']],
  ['select count(*) from many where n < 0', ['rowDescription', 'row 0', 'SELECT 1', 'idle']],
  ["attach '/tmp/x' as y", ['error 42501', 'idle']],
  ['copy many from stdin (format binary)', ['error 42501', 'idle']],
  ["copy many to '/tmp/articdbm-copied'", ['error 42501', 'idle']],
  ["copy many to program 'cat'", ['error 42501', 'idle']],
  ['copy (select 1; select 2) to stdout', ['error 42501', 'idle']],
]
test('a session says what a PostgreSQL server would say', options, async () => {
  const session = await raw()
  for (const [text, summary] of SUMMARIES)
    assert.deepEqual(await session.query(text), summary, text)
  session.close()
})

test('a reader without grants reads nothing, by any protocol', options, async () => {
  await assert.rejects(RawClient.open(door.url('reader', 'files')), /does not exist|grants/)
})

test('a portal is read in parts', options, async () => {
  const cursor = client.query(new Cursor('select n from many order by n'))
  const [first, second] = [await cursor.read(3), await cursor.read(3)]
  assert.deepEqual(
    [first, second].map((rows) => rows.map(({ n }) => n)),
    [
      ['1', '2', '3'],
      ['4', '5', '6'],
    ],
  )
  await cursor.close()
  assert.equal((await client.query('select count(*) as c from many')).rows[0].c, '50000')
})

test('an error in a pipeline skips to Sync, and each Sync is answered', options, async () => {
  const session = await raw()
  const one = (text: string): FrontendMessage[] => [
    { kind: 'parse', statement: '', text, parameterTypes: [] },
    {
      kind: 'bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    },
    { kind: 'execute', portal: '', maxRows: 0 },
  ]
  session.send(
    ...one('select 1'),
    ...one('select nope'),
    ...one('select 3'),
    { kind: 'sync' },
    ...one('select 4'),
    { kind: 'sync' },
  )
  assert.deepEqual(await session.summary(2), [
    'parseComplete',
    'bindComplete',
    'row 1',
    'SELECT 1',
    'parseComplete',
    'bindComplete',
    'error 42703',
    'idle',
    'parseComplete',
    'bindComplete',
    'row 4',
    'SELECT 1',
    'idle',
  ])
  session.close()
})

test('a cancel key stops a long statement', options, async () => {
  const session = await raw()
  session.send({
    kind: 'query',
    text: 'with recursive c(n) as (select 1 union all select n + 1 from c) select max(n) from c',
  })
  await sleep(300)
  const socket = await rawSocket(door)
  socket.end(
    encodeStartup({
      kind: 'cancelRequest',
      processId: 0,
      secret: Buffer.alloc(4),
      ...session.cancelKey,
    }),
  )
  const summary = await session.summary()
  assert.deepEqual(summary.slice(-2), ['error 57014', 'idle'])
  session.close()
})

test('what is recorded is what the client said', options, async () => {
  const session = await raw()
  await session.query('SHOW server_version')
  assert.equal(door.recorded().at(-1)?.sql, 'SHOW server_version')
  assert.equal(door.endings().at(-1)?.rows, 1)
  session.close()
})

test('a version that is set is told wherever a client may ask for it', options, async () => {
  const other = await openDoor({ sqliteFile: file.path, version: '16.4' })
  const session = await RawClient.open(other.url('ada', 'files'))
  assert.equal(session.parameters.get('server_version'), '16.4')
  assert.equal((await session.query('show server_version'))[1], 'row 16.4')
  assert.equal((await session.query('show server_version_num'))[1], 'row 160004')
  assert.equal((await session.query('select version()'))[1], 'row PostgreSQL 16.4')
  session.close()
  await other.close()
})
