// Encodings: statements are read as UTF-8, whatever the client asks for, the database keeps, or a function sets.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { encodeFrontend, type FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const exec = promisify(execFile)
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 30_000 }

const ENCODINGS = ['LATIN1', 'SQL_ASCII'] as const
let door: TestDoor
let direct: pg.Client
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  for (const encoding of ENCODINGS) {
    await direct.query(`drop database if exists enc_${encoding}`)
    await direct.query(
      `create database enc_${encoding} encoding '${encoding}' locale 'C' template template0`,
    )
  }
  await direct.query(`
    create or replace function enc_strings() returns int language plpgsql as
      $$ begin set standard_conforming_strings = off; return 1; end $$;
    create or replace function enc_client() returns int language plpgsql as
      $$ begin set client_encoding = 'SJIS'; return 1; end $$;
    create or replace view enc_view as select enc_client() as a`)
  door = await openDoor({ pool: { maxConnections: 1 }, readable: ['enc_view'] })
})
after(async () => {
  await door?.close()
  for (const encoding of ENCODINGS) await direct?.query(`drop database if exists enc_${encoding}`)
  await direct?.end()
})

for (const encoding of ['LATIN1', 'SJIS', 'WIN1252', 'nonsense']) {
  test(
    `psql that speaks ${encoding} is told at log-in that the door reads UTF8`,
    options,
    async () => {
      const run = exec('psql', [door.url(), '-XAtc', 'select 1'], {
        env: { ...process.env, PGCLIENTENCODING: encoding },
      })
      await assert.rejects(
        run,
        new RegExp(
          `client_encoding "${encoding}" is not supported: this gateway reads statements as UTF8`,
        ),
      )
    },
  )
}

const CHANGES = [
  "set client_encoding to 'LATIN1'",
  "set names 'SJIS'",
  'set local client_encoding = win1252',
  "select set_config('client_encoding', 'LATIN1', false)",
  "select 1; set client_encoding to 'LATIN1'",
]
for (const text of CHANGES) {
  test(`refused with its reason: ${text}`, options, async () => {
    const client = new pg.Client(door.url())
    await client.connect()
    await assert.rejects(client.query(text), {
      code: '42501',
      message:
        /setting (?:client_encoding|names) this way is refused: it would change how statements are read/,
    })
    assert.equal((await client.query('show client_encoding')).rows[0].client_encoding, 'UTF8')
    await client.query("set client_encoding to 'UTF8'")
    await client.end()
  })
}

test("psycopg2's SET client_encoding TO 'UNICODE' is UTF8 by another name", options, async () => {
  const client = new pg.Client(door.url())
  await client.connect()
  await client.query("set client_encoding to 'UNICODE'")
  assert.deepEqual((await client.query("select '\u2603' as a")).rows, [{ a: '\u2603' }])
  await client.end()
})

/** The sign whose code is no UTF-8 is put where X stands. */
function spoilt(message: FrontendMessage): Buffer {
  const bytes = encodeFrontend(message)
  bytes[bytes.lastIndexOf('X')] = 0xe9
  return bytes
}

const SPOILT: readonly (readonly [string, FrontendMessage])[] = [
  ['a Query', { kind: 'query', text: "select 'X'" }],
  ['a Parse', { kind: 'parse', statement: '', text: "select 'X'", parameterTypes: [] }],
  ['the name in a Parse', { kind: 'parse', statement: 'X', text: 'select 1', parameterTypes: [] }],
  ['the name in a Describe', { kind: 'describe', target: 'statement', name: 'X' }],
  ['the name in an Execute', { kind: 'execute', portal: 'X', maxRows: 0 }],
]
for (const [name, message] of SPOILT) {
  test(
    `what is not UTF-8 in ${name} is refused here, and nothing is forwarded`,
    options,
    async () => {
      const client = await RawClient.open(door.url())
      const before = door.recorded().length
      client.socket.write(spoilt(message))
      if (message.kind !== 'query') client.send({ kind: 'sync' })
      assert.deepEqual(await client.summary(), ['error 22021', 'idle'])
      assert.equal(door.recorded().length, before)
      assert.deepEqual(await client.query('select 1'), [
        'rowDescription',
        'row 1',
        'SELECT 1',
        'idle',
      ])
      client.close()
    },
  )
}

test('what is not UTF-8 in a parameter or a COPY is refused by the server', options, async () => {
  const client = await RawClient.open(door.url())
  const bad = Buffer.from([0xe9])
  client.send({ kind: 'parse', statement: '', text: 'select $1::text', parameterTypes: [] })
  client.send({
    kind: 'bind',
    portal: '',
    statement: '',
    parameterFormats: [],
    parameters: [bad],
    resultFormats: [],
  })
  client.send({ kind: 'execute', portal: '', maxRows: 0 }, { kind: 'sync' })
  assert.deepEqual(await client.summary(), ['parseComplete', 'error 22021', 'idle'])
  await client.query('create temp table c(a text)')
  client.send(
    { kind: 'query', text: 'copy c from stdin' },
    { kind: 'copyData', bytes: bad },
    { kind: 'copyDone' },
  )
  assert.deepEqual(await client.summary(), ['copyInResponse', 'error 22021', 'idle'])
  client.close()
})

function urlOf(database: string): string {
  const url = new URL(BACKEND_URL ?? '')
  url.pathname = `/${database}`
  return url.href
}

test(
  'a LATIN1 database takes and gives UTF-8, and says what it can not keep',
  options,
  async (t) => {
    const latin = await openDoor({ url: urlOf('enc_latin1') })
    t.after(() => latin.close())
    const client = new pg.Client(latin.url())
    await client.connect()
    assert.equal((await client.query('show server_encoding')).rows[0].server_encoding, 'LATIN1')
    await client.query('create table "caf\u00e9"(a text)')
    await client.query('insert into "café" values ($1)', ['né'])
    await client.query("insert into café values ('façade')")
    assert.deepEqual((await client.query('select a, length(a) from "café" order by a')).rows, [
      { a: 'façade', length: 6 },
      { a: 'né', length: 2 },
    ])
    await assert.rejects(client.query("select '日本'"), { code: '22P05' })
    await assert.rejects(client.query('select * from "nö"'), { code: '42P01', message: /nö/ })
    await client.end()
  },
)

test('a SQL_ASCII database counts bytes, and gives none that are not UTF-8', options, async (t) => {
  const ascii = new pg.Client(urlOf('enc_sql_ascii'))
  await ascii.connect()
  await ascii.query(
    `create table e(a bytea); select set_config('client_encoding', 'SQL_ASCII', false)`,
  )
  await ascii.query(
    "do $$ begin execute convert_from('\\x637265617465207461626c6520772822e9222074657874293b'::bytea, 'SQL_ASCII'); end $$",
  )
  await ascii.query(`insert into w values (convert_from('\\xe9'::bytea, 'SQL_ASCII'))`)
  await ascii.end()
  const loose = await openDoor({ url: urlOf('enc_sql_ascii') })
  t.after(() => loose.close())
  const client = await RawClient.open(loose.url())
  await client.query("create table u(a text); insert into u values ('é')")
  assert.equal((await client.query('select a, length(a) from u'))[1], 'row é,2')
  // As it tells any client that reads UTF-8.
  assert.deepEqual(await client.query('table w'), ['error 22021', 'idle'])
  assert.deepEqual((await client.query('select 1'))[1], 'row 1')
  client.close()
})

for (const [name, text, setting, value] of [
  ['standard_conforming_strings', 'select enc_strings()', 'standard_conforming_strings', 'row on'],
  ['client_encoding', 'select enc_client()', 'client_encoding', 'row UTF8'],
  ['client_encoding, behind a view', 'select a from enc_view', 'client_encoding', 'row UTF8'],
] as const) {
  // Otherwise the next statement on that connection, anybody's, would be another than the one that was judged.
  test(
    `where a function sets ${name}, nothing more is asked on its connection`,
    options,
    async () => {
      const client = await RawClient.open(door.url())
      assert.deepEqual(await client.query(text), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
      const next = await RawClient.open(door.url())
      for (const session of [client, next]) {
        const summary = await session.query(`show ${setting}`)
        if (summary[0]?.startsWith('error 08'))
          assert.equal((await session.query(`show ${setting}`))[1], value)
        else assert.equal(summary[1], value)
      }
      await client.query('begin')
      await client.query(text)
      assert.match((await client.end())[0] ?? '', /^error 08/)
      next.close()
    },
  )
}
