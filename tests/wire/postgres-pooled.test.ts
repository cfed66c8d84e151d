// What users of poolers were hurt by: sessions that share connections, and must not notice.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { encodeStartup, type FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { BACKEND_URL, openDoor, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 45_000 }

const MAX_PREPARED = 20
/** As many as a backend connection keeps. */
const MAX_PREPARED_THERE = 1_000
let door: TestDoor
let roomy: TestDoor
let direct: pg.Client
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query(`
    drop table if exists pooled; drop sequence if exists pooled_seq; drop function if exists pooled_later();
    create sequence pooled_seq; create table pooled(id serial, a int); insert into pooled(a) values (1)`)
  const limits = { maxPreparedPerSession: MAX_PREPARED }
  door = await openDoor({ pool: { maxConnections: 1 }, limits })
  roomy = await openDoor({ pool: { maxConnections: 4 } })
})
after(async () => {
  await door?.close()
  await roomy?.close()
  await direct?.end()
})

const ada = (to: TestDoor = door, settings: Record<string, string> = {}) =>
  RawClient.open(to.url(), settings)
const parse = (text: string, statement = ''): FrontendMessage => ({
  kind: 'parse',
  statement,
  text,
  parameterTypes: [],
})
const bind = (statement = '', parameters: readonly (Buffer | null)[] = []): FrontendMessage => ({
  kind: 'bind',
  portal: '',
  statement,
  parameterFormats: [],
  parameters,
  resultFormats: [],
})
const EXECUTE: FrontendMessage = { kind: 'execute', portal: '', maxRows: 0 }
const SYNC: FrontendMessage = { kind: 'sync' }
const ONE = ['rowDescription', 'row 1', 'SELECT 1', 'idle']

async function pidOf(client: RawClient): Promise<string> {
  return (await client.query('select pg_backend_pid()'))[1]?.slice(4) ?? ''
}

async function cancelBy(client: RawClient): Promise<void> {
  const socket = await rawSocket(door)
  const key = { processId: 0, secret: Buffer.alloc(4), ...client.cancelKey }
  socket.end(encodeStartup({ kind: 'cancelRequest', ...key }))
  await once(socket.resume(), 'close')
}

async function untilActive(text: string): Promise<void> {
  for (;;) {
    const query = "select 1 from pg_stat_activity where state = 'active' and query = $1"
    if ((await direct.query(query, [text])).rowCount === 1) return
    await sleep(20)
  }
}

test('a cancel of a session that has given its connection back hits nobody', options, async () => {
  const [idle, busy] = [await ada(), await ada()]
  await idle.query('select 1')
  const text = 'select 1 from pg_sleep(0.6)'
  busy.send({ kind: 'query', text })
  await untilActive(text)
  await cancelBy(idle)
  assert.deepEqual(await busy.summary(), ONE)
  idle.close()
  busy.close()
})

test('a storm of cancels ends one statement, and the next one runs', options, async () => {
  const client = await ada()
  const text = 'select pg_sleep(20)'
  client.send({ kind: 'query', text })
  await untilActive(text)
  await Promise.all(Array.from({ length: 40 }, () => cancelBy(client)))
  assert.deepEqual(await client.summary(), ['rowDescription', 'error 57014', 'idle'])
  for (let left = 20; left > 0; left -= 1) assert.deepEqual(await client.query('select 1'), ONE)
  client.close()
})

test('a cancel comes over TLS, too', options, async () => {
  const client = await ada()
  const text = 'select pg_sleep(21)'
  client.send({ kind: 'query', text })
  await untilActive(text)
  const plain = await rawSocket(door)
  plain.write(encodeStartup({ kind: 'sslRequest' }))
  assert.equal(String((await once(plain, 'data'))[0]), 'S')
  const secure = connectTls({ socket: plain, rejectUnauthorized: false })
  await once(secure, 'secureConnect')
  const key = { processId: 0, secret: Buffer.alloc(4), ...client.cancelKey }
  secure.end(encodeStartup({ kind: 'cancelRequest', ...key }))
  assert.deepEqual(await client.summary(), ['rowDescription', 'error 57014', 'idle'])
  client.close()
})

test('a cancel while one waits for a connection ends the wait', options, async () => {
  const [holder, waiting] = [await ada(), await ada()]
  await holder.query('begin')
  waiting.send({ kind: 'query', text: 'select 1' })
  await sleep(50)
  await cancelBy(waiting)
  assert.deepEqual(await waiting.summary(), ['error 57014', 'idle'])
  await holder.query('rollback')
  assert.deepEqual(await waiting.query('select 1'), ONE)
  holder.close()
  waiting.close()
})

test('who waits for a connection is told why nothing comes', options, async () => {
  const holder = await ada()
  const notices: string[] = []
  const waiting = new pg.Client(door.url())
  await waiting.connect()
  waiting.on('notice', ({ message, detail }) => notices.push(`${message}: ${detail}`))
  await holder.query('begin')
  const answer = waiting.query('select 1 as one')
  await once(waiting, 'notice')
  await holder.query('rollback')
  assert.deepEqual((await answer).rows, [{ one: 1 }])
  assert.deepEqual(notices, [
    'waiting for a connection to the database: 1 connections are in use, and 1 sessions wait for one.',
  ])
  await waiting.end()
  holder.close()
})

test(
  'what stored code leaves on a connection is gone before anybody else has it',
  options,
  async () => {
    await direct.query(`
    create or replace function pooled_leaves() returns int language plpgsql as $$ begin
      perform set_config('pooled.secret', 'mine', false), set_config('statement_timeout', '77s', false);
      perform pg_advisory_lock(4711);
      create temp table if not exists pooled_temp (a int);
      return 1;
    end $$;
    create or replace procedure pooled_calls() language plpgsql as $$ begin perform pooled_leaves(); end $$`)
    const [client, other] = [await ada(), await ada()]
    const left = async (on: RawClient) =>
      (
        await on.query(`select coalesce(current_setting('pooled.secret', true), ''),
        current_setting('statement_timeout'), to_regclass('pg_temp.pooled_temp') is null`)
      )[1]
    const locks = async () =>
      (await direct.query('select from pg_locks where objid = 4711 and granted')).rowCount
    const clean = 'row ,0,t'
    const calls = [
      'select pooled_leaves()',
      'do $$ begin perform pooled_leaves(); end $$',
      'call pooled_calls()',
      'begin; select pooled_leaves(); commit',
    ]
    for (const call of calls) {
      // The third time a shape is known and goes another way.
      for (let time = 0; time < 3; time += 1) {
        await client.query(call)
        assert.equal(await left(other), clean, call)
        assert.equal(await left(client), clean, call)
        assert.equal(await locks(), 0)
      }
    }
    for (let time = 0; time < 3; time += 1) {
      client.send(parse('select pooled_leaves()'), bind(), EXECUTE, SYNC)
      await client.answers()
      assert.equal(await left(other), clean)
    }
    await client.query('begin')
    await client.query('select pooled_leaves()')
    assert.equal(await left(client), 'row mine,77s,f')
    await client.query('commit')
    assert.equal(await left(other), clean)
    client.close()
    other.close()
  },
)

const OPTIONS: readonly (readonly [Record<string, string>, string, string])[] = [
  [{ extra_float_digits: '2' }, 'extra_float_digits', '2'],
  [{ statement_timeout: '4321' }, 'statement_timeout', '4321ms'],
  [{ options: '-cstatement_timeout=5s' }, 'statement_timeout', '5s'],
  [{ options: '--statement-timeout=6s' }, 'statement_timeout', '6s'],
  [{ options: '  -c  lock_timeout=7s   -c geqo=off ' }, 'lock_timeout', '7s'],
  [{ options: '-c application_name=a\\ b\\\\c' }, 'application_name', 'a b\\c'],
  [{ options: '-c DateStyle=German -c datestyle=ISO' }, 'datestyle', 'ISO, MDY'],
  [{ options: '-c lock_timeout=1s', lock_timeout: '2s' }, 'lock_timeout', '2s'],
  [{ search_path: '' }, 'search_path', ''],
  [
    { options: '-c search_path=other,\\ "Public\'s",\\ public' },
    'search_path',
    'other, "Public\'s", public',
  ],
]
for (const [settings, name, value] of OPTIONS) {
  test(
    `${JSON.stringify(settings)} at log-in gives ${name} ${value} on every connection`,
    options,
    async () => {
      const [client, other] = [await ada(door, settings), await ada()]
      for (let left = 2; left > 0; left -= 1) {
        assert.equal((await client.query(`show ${name}`))[1], `row ${value}`)
        assert.notEqual(
          (await other.query(`show ${name}`))[1],
          `row ${value === 'ISO, MDY' ? '' : value}`,
        )
      }
      client.close()
      other.close()
    },
  )
}

const SETS: readonly (readonly [readonly string[], string])[] = [
  [["set timezone = 'Asia/Tokyo'"], 'Asia/Tokyo'],
  [["/* first */ -- second\n set session time zone 'Asia/Tokyo'"], 'Asia/Tokyo'],
  [["select set_config('TimeZone', 'Asia/Tokyo', false)"], 'Asia/Tokyo'],
  [["select 1; set timezone = 'Asia/Tokyo'; select 2"], 'Asia/Tokyo'],
  [["begin; set timezone = 'Asia/Tokyo'; commit"], 'Asia/Tokyo'],
  [["begin; set timezone = 'Asia/Tokyo'; rollback"], 'UTC'],
  [["begin; set local timezone = 'Asia/Tokyo'; commit"], 'UTC'],
  [["set timezone = 'Asia/Tokyo'", 'discard all'], 'UTC'],
  [['reset timezone'], 'UTC'],
  [['reset all'], 'UTC'],
  [["set timezone = 'Asia/Tokyo'", 'reset timezone'], 'UTC'],
  [["set timezone = 'Asia/Tokyo'", 'reset all'], 'UTC'],
  [["set timezone = 'Asia/Tokyo'", 'begin; reset all; rollback'], 'Asia/Tokyo'],
]
for (const [texts, value] of SETS) {
  const said = JSON.stringify(texts.join(' | '))
  test(`after ${said} the time zone is ${value} for this session alone`, options, async () => {
    const [client, other, plain] = [
      await ada(roomy, { TimeZone: 'UTC' }),
      await ada(roomy, { TimeZone: 'UTC' }),
      await ada(roomy),
    ]
    const usual = (await plain.query('show timezone'))[1]
    for (const text of texts) await client.query(text)
    for (let left = 3; left > 0; left -= 1) {
      assert.equal((await other.query('show timezone'))[1], 'row UTC')
      assert.equal((await plain.query('show timezone'))[1], usual)
      assert.equal((await client.query('show timezone'))[1], `row ${value}`)
    }
    for (const one of [client, other, plain]) one.close()
  })
}

const LEAVINGS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'select pg_advisory_lock(77)',
    'select pg_advisory_unlock(77)',
    ['rowDescription', 'row t', 'SELECT 1', 'idle'],
  ],
  ['create temp table mine as select 1 as a', 'table mine', ONE],
  [
    'declare c cursor with hold for select 1',
    'fetch c',
    ['rowDescription', 'row 1', 'FETCH 1', 'idle'],
  ],
  ['prepare p as select 1', 'execute p', ONE],
]
for (const [text, later, summary] of LEAVINGS) {
  test(`what ${text} leaves behind is still there, and nobody else's`, options, async () => {
    const [client, ...others] = [await ada(roomy), await ada(roomy), await ada(roomy)]
    await client.query(text)
    const pid = await pidOf(client)
    for (const other of others) assert.notEqual(await pidOf(other), pid)
    assert.equal(await pidOf(client), pid)
    assert.deepEqual(await client.query(later), summary)
    for (const one of [client, ...others]) one.close()
  })
}

test("a sequence's last value is one's own, or an error", options, async () => {
  const [client, other] = [await ada(), await ada()]
  for (const text of ["select currval('pooled_seq')", 'select lastval()']) {
    await client.query("select nextval('pooled_seq')")
    await other.query("select nextval('pooled_seq')")
    assert.deepEqual(await client.query(text), ['error 55000', 'idle'])
    client.send(parse(text), bind(), EXECUTE, SYNC)
    assert.deepEqual(await client.summary(), ['error 55000', 'idle'])
  }
  const next = (
    await client.query("select nextval('pooled_seq'); select currval('pooled_seq')")
  ).filter((one) => one.startsWith('row '))
  assert.equal(next[0], next[1])
  await client.query('begin; insert into pooled(a) values (2)')
  assert.equal((await client.query('select lastval() = max(id) from pooled'))[1], 'row t')
  await client.query('commit')
  client.close()
  other.close()
})

test(
  'a session may prepare so many statements, and those that it closes count no more',
  options,
  async () => {
    const client = await ada()
    for (let at = 0; at < MAX_PREPARED; at += 1) client.send(parse(`select ${at}`, `s${at}`))
    client.send(SYNC)
    assert.equal((await client.summary()).length, MAX_PREPARED + 1)
    client.send(parse('select 1', 'more'), SYNC)
    assert.deepEqual(await client.summary(), ['error 53400', 'idle'])
    client.send(parse('select 1'), bind(), EXECUTE, SYNC)
    assert.deepEqual(await client.summary(), [
      'parseComplete',
      'bindComplete',
      'row 1',
      'SELECT 1',
      'idle',
    ])
    client.send({ kind: 'close', target: 'statement', name: 's0' }, parse('select 1', 'more'), SYNC)
    assert.deepEqual(await client.summary(), ['closeComplete', 'parseComplete', 'idle'])
    await client.query('deallocate s1')
    client.send(parse('select 1', 'another'), SYNC)
    assert.deepEqual(await client.summary(), ['parseComplete', 'idle'])
    client.close()
  },
)

test(
  'a connection forgets what it prepared longest ago, and prepares it again when it is bound',
  options,
  async () => {
    const client = await ada()
    client.send(parse('select 1', 'first'), SYNC)
    await client.answers()
    for (let at = 0; at < MAX_PREPARED_THERE; at += 1) {
      const name = `s${at}`
      client.send(parse(`select ${at} as many`, name), bind(name), EXECUTE)
      client.send({ kind: 'close', target: 'statement', name }, SYNC)
      await client.answers()
    }
    client.send({ kind: 'query', text: 'select count(*) from pg_prepared_statement()' })
    assert.equal((await client.summary())[1], `row ${MAX_PREPARED_THERE}`)
    client.send(bind('first'), EXECUTE, SYNC)
    assert.deepEqual(await client.summary(), ['bindComplete', 'row 1', 'SELECT 1', 'idle'])
    client.close()
  },
)

test('a statement of 700,000 characters, and one of 45,000 parameters', options, async () => {
  const client = await ada()
  const long = `select length('${'x'.repeat(700_000)}')`
  assert.equal((await client.query(long))[1], 'row 700000')
  client.send(parse(long), bind(), EXECUTE, SYNC)
  assert.equal((await client.summary())[2], 'row 700000')
  const numbers = Array.from({ length: 45_000 }, (_, at) => at + 1)
  client.send(parse(`select cardinality(array[${numbers.map((at) => `$${at}`).join()}]::int[])`))
  client.send(
    bind(
      '',
      numbers.map((at) => Buffer.from(`${at}`)),
    ),
    EXECUTE,
    SYNC,
  )
  assert.equal((await client.summary())[2], 'row 45000')
  client.close()
})

test('a value larger than any frame comes out', options, async () => {
  const client = new pg.Client(door.url())
  await client.connect()
  const { rows } = await client.query("select repeat('x', 20000000) as v")
  assert.equal(rows[0].v.length, 20_000_000)
  await client.end()
})

test('an open portal keeps its connection, whatever else is closed', options, async () => {
  const client = await ada()
  await client.query('begin')
  client.send(parse('select generate_series(1, 3)', 's'), bind('s'))
  client.send({ kind: 'execute', portal: '', maxRows: 1 }, SYNC)
  assert.deepEqual((await client.summary()).slice(-3), ['row 1', 'portalSuspended', 'active'])
  client.send({ kind: 'close', target: 'statement', name: 's' }, SYNC)
  assert.deepEqual(await client.summary(), ['closeComplete', 'active'])
  client.send(EXECUTE, SYNC)
  assert.deepEqual(await client.summary(), ['row 2', 'row 3', 'SELECT 2', 'active'])
  client.send({ kind: 'close', target: 'portal', name: '' }, EXECUTE, SYNC)
  assert.deepEqual(await client.summary(), ['closeComplete', 'error 34000', 'failed'])
  await client.query('rollback')
  client.close()
})
