// What a session may rely on: verdicts, pool, cancel, loss, settings, ends.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeStartup, type FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { PreparedStatement } from '../../gateway/src/postgres/prepared-statement.ts'
import { BACKEND_URL, openDoor, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 20_000 }

const parse = (text: string, statement = ''): FrontendMessage => ({
  kind: 'parse',
  statement,
  text,
  parameterTypes: [],
})
const bind = (statement = '', portal = ''): FrontendMessage => ({
  kind: 'bind',
  portal,
  statement,
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
})
const execute = (portal = '', maxRows = 0): FrontendMessage => ({
  kind: 'execute',
  portal,
  maxRows,
})
const SYNC: FrontendMessage = { kind: 'sync' }

let door: TestDoor
let direct: pg.Client
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query(`
    drop table if exists sess_open, sess_closed;
    create table sess_open(a int); insert into sess_open values (1), (2);
    create table sess_closed(a int); insert into sess_closed values (42)`)
  door = await openDoor({ pool: { maxConnections: 1 }, readable: ['sess_open'] })
})
after(async () => {
  await door?.close()
  await direct?.end()
})

const reader = () => RawClient.open(door.url('reader'))
const ada = (settings: Record<string, string> = {}) => RawClient.open(door.url(), settings)

test(
  'a blocked statement never reaches the backend, and its refusal names rule and verdict',
  options,
  async () => {
    const client = await reader()
    client.send({ kind: 'query', text: 'insert into sess_open values (3)' })
    assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
    const last = door.recorded().at(-1)
    assert.equal(last?.verdict, 'block')
    assert.equal(last?.principal, 'reader')
    assert.equal((await direct.query('select count(*) from sess_open')).rows[0].count, '2')
    assert.deepEqual(await client.query('select a from sess_open where a = 1'), [
      'rowDescription',
      'row 1',
      'SELECT 1',
      'idle',
    ])
    client.close()
  },
)

const TRIES = [
  'select * from sess_closed',
  'select 1; select * from sess_closed',
  'with x as (delete from sess_open returning a) select * from x',
  'copy sess_closed to stdout',
  'explain analyze delete from sess_open',
  'prepare p as select * from sess_closed',
  'declare c cursor with hold for select * from sess_closed',
  '/* hi */ table sess_closed',
]
for (const text of TRIES) {
  test(`what nothing grants is refused, simple and extended: ${text}`, options, async () => {
    const client = await reader()
    assert.deepEqual(await client.query(text), ['error 42501', 'idle'])
    client.send(parse(text), bind(), execute(), SYNC)
    assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
    assert.deepEqual(await client.query('select 1'), [
      'rowDescription',
      'row 1',
      'SELECT 1',
      'idle',
    ])
    client.close()
  })
}

test('a blocked statement fails its transaction like any error', options, async () => {
  const client = await reader()
  assert.deepEqual(await client.query('begin'), ['BEGIN', 'active'])
  assert.deepEqual(await client.query('savepoint a'), ['SAVEPOINT', 'active'])
  assert.deepEqual(await client.query('select * from sess_closed'), ['error 42501', 'failed'])
  assert.deepEqual(await client.query('select 1'), ['error 25P02', 'failed'])
  assert.deepEqual(await client.query('rollback to a'), ['ROLLBACK', 'active'])
  client.send(parse('select * from sess_closed'), SYNC)
  assert.deepEqual(await client.summary(), ['error 42501', 'failed'])
  assert.deepEqual(await client.query('commit'), ['ROLLBACK', 'idle'])
  client.close()
})

test('a refusal in a pipeline undoes what ran before it, and skips to Sync', options, async () => {
  const client = await ada()
  await client.query('create temp table only_here(a int)')
  client.send(parse('insert into only_here values (1)'), bind(), execute())
  client.send(bind('never'), parse('insert into only_here values (2)'), bind(), execute(), SYNC)
  assert.deepEqual(await client.summary(), [
    'parseComplete',
    'bindComplete',
    'INSERT 0 1',
    'error 26000',
    'idle',
  ])
  assert.deepEqual(await client.query('select count(*) from only_here'), [
    'rowDescription',
    'row 0',
    'SELECT 1',
    'idle',
  ])
  client.close()
})

test(
  'two clients with the same prepared name share one connection and get their own statement',
  options,
  async () => {
    const [one, two] = [await ada(), await ada()]
    one.send(parse("select 'one'", 's'), SYNC)
    two.send(parse("select 'two'", 's'), SYNC)
    await one.answers()
    await two.answers()
    for (const [client, word] of [
      [one, 'one'],
      [two, 'two'],
      [one, 'one'],
    ] as const) {
      client.send(bind('s'), execute(), SYNC)
      assert.deepEqual(await client.summary(), ['bindComplete', `row ${word}`, 'SELECT 1', 'idle'])
    }
    one.close()
    two.close()
  },
)

test('the unnamed statement survives another session on the same connection', options, async () => {
  const [one, two] = [await ada(), await ada()]
  one.send(parse("select 'one'"), SYNC)
  await one.answers()
  two.send(parse("select 'two'"), SYNC)
  await two.answers()
  one.send(bind(), execute(), SYNC)
  assert.deepEqual(await one.summary(), ['bindComplete', 'row one', 'SELECT 1', 'idle'])
  one.close()
  two.close()
})

test('one session cannot take the prepared statement of another away', options, async () => {
  const [victim, thief] = [await ada(), await ada()]
  victim.send(parse('select 11', 'mine'), SYNC)
  await victim.answers()
  const names = await victim.query(
    "select name from pg_prepared_statements where statement = 'select 11'",
  )
  assert.deepEqual(names, ['error 42501', 'idle'])
  thief.send(
    parse(`deallocate "${new PreparedStatement('', 'select 11', []).key}"`),
    bind(),
    execute(),
    SYNC,
  )
  assert.deepEqual(await thief.summary(), ['error 26000', 'idle'])
  victim.send(bind('mine'), execute(), SYNC)
  assert.deepEqual(await victim.summary(), ['bindComplete', 'row 11', 'SELECT 1', 'idle'])
  thief.close()
  victim.close()
})

test('a prepared statement is prepared anew after its table has changed', options, async () => {
  const client = await ada()
  await direct.query(
    'drop table if exists sess_shape; create table sess_shape(a int); insert into sess_shape values (1)',
  )
  client.send(parse('select * from sess_shape', 'shape'), bind('shape'), execute(), SYNC)
  await client.answers()
  await direct.query('alter table sess_shape add b int')
  client.send(bind('shape'), execute(), SYNC)
  assert.deepEqual(await client.summary(), ['error 0A000', 'idle'])
  client.send(bind('shape'), execute(), SYNC)
  assert.deepEqual(await client.summary(), ['bindComplete', 'row 1,null', 'SELECT 1', 'idle'])
  client.close()
})

test(
  'a statement prepared again by another name fits the table as it is now',
  options,
  async () => {
    const client = await ada()
    await direct.query('drop table if exists sess_retype; create table sess_retype(name text)')
    const text = 'insert into sess_retype values ($1) returning name'
    const one = (statement: string): FrontendMessage => ({
      kind: 'bind',
      portal: '',
      statement,
      parameterFormats: [],
      parameters: [Buffer.from('1')],
      resultFormats: [],
    })
    client.send(parse(text, 'before'), one('before'), execute(), SYNC)
    await client.answers()
    await direct.query('alter table sess_retype alter name type int using name::int')
    client.send(one('before'), execute(), SYNC)
    assert.deepEqual(await client.summary(), ['error 42804', 'idle'])
    client.send(parse(text, 'after'), one('after'), execute(), SYNC)
    assert.deepEqual((await client.summary()).slice(-3), ['row 1', 'INSERT 0 1', 'idle'])
    client.close()
  },
)

test('a Describe that finds a statement outdated has it prepared anew', options, async () => {
  const client = await ada()
  await direct.query('drop table if exists sess_column; create table sess_column(a int)')
  const text = 'select * from sess_column'
  const describe: FrontendMessage = { kind: 'describe', target: 'statement', name: 'column2' }
  client.send(parse(text, 'column1'), bind('column1'), execute(), SYNC)
  await client.answers()
  await direct.query('alter table sess_column add b int')
  client.send(parse(text, 'column2'), describe, SYNC)
  await client.answers()
  client.send(describe, bind('column2'), execute(), SYNC)
  assert.ok(!(await client.summary()).some((line) => line.startsWith('error')))
  client.close()
})

test('who prepared before a definition is told when the columns are others', options, async () => {
  const door = await openDoor({ pool: { maxConnections: 1 } })
  const [one, two] = await Promise.all([RawClient.open(door.url()), RawClient.open(door.url())])
  await direct.query('drop table if exists sess_before; create table sess_before(a int, b int)')
  const text = 'select * from sess_before'
  const run = (name: string) => [bind(name), execute(), SYNC] as const
  const tell = async (sql: string) => {
    two.send({ kind: 'query', text: sql })
    assert.ok(!(await two.summary()).some((line) => line.startsWith('error')), sql)
  }
  one.send(parse(text, 'before'), { kind: 'describe', target: 'statement', name: 'before' }, SYNC)
  await one.answers()
  await tell('create index on sess_before (a)')
  one.send(...run('before'))
  assert.ok(!(await one.summary()).some((line) => line.startsWith('error')))
  await tell('alter table sess_before drop column b')
  one.send(...run('before'))
  assert.ok((await one.summary()).includes('error 0A000'))
  one.send(parse(text, 'after'), ...run('after'))
  assert.ok(!(await one.summary()).some((line) => line.startsWith('error')))
  for (const client of [one, two]) client.close()
  await door.close()
})

/** As many clients as connections: in transactions each has one of its own. */
async function wideDoor(table: string) {
  const wide = await openDoor({ pool: { maxConnections: 4 } })
  const clients = await Promise.all([1, 2, 3, 4].map(() => RawClient.open(wide.url())))
  const tell = async (client: RawClient | undefined, text: string) => {
    client?.send({ kind: 'query', text })
    assert.ok(!(await client?.summary())?.some((line) => line.startsWith('error')), text)
  }
  const ask = async (client: RawClient, name: string) => {
    client.send(parse(`select * from ${table}`, name), bind(name), execute(), SYNC)
    return await client.summary()
  }
  const errorsOfAll = async (name: string) => {
    for (const client of clients) await tell(client, 'begin')
    const told: string[] = []
    for (const client of clients) told.push(...(await ask(client, name)))
    for (const client of clients) await tell(client, 'commit')
    return told.filter((line) => line.startsWith('error'))
  }
  await direct.query(`drop table if exists ${table}; create table ${table}(a int)`)
  const close = async () => {
    for (const client of clients) client.close()
    await wide.close()
  }
  return { clients, tell, ask, errorsOfAll, close }
}

test('a statement found outdated on one connection is prepared anew on all', options, async () => {
  const { clients, ask, errorsOfAll, close } = await wideDoor('sess_wide')
  assert.deepEqual(await errorsOfAll('before'), [])
  await direct.query('alter table sess_wide add b int')
  const [first] = clients
  if (first) assert.ok((await ask(first, 'finds')).includes('error 0A000'))
  assert.deepEqual(await errorsOfAll('after'), [])
  await close()
})

test(
  'what is prepared after a definition through the door fits it everywhere',
  options,
  async () => {
    const { clients, tell, ask, errorsOfAll, close } = await wideDoor('sess_defined')
    const [first] = clients
    assert.deepEqual(await errorsOfAll('one'), [])
    for (const name of ['b', 'c', 'd']) {
      await tell(first, `alter table sess_defined add ${name} int`)
      assert.deepEqual(await errorsOfAll(`after ${name}`), [])
    }
    await tell(first, 'begin')
    await tell(first, 'alter table sess_defined add e int')
    if (first) assert.equal((await ask(first, 'within')).at(-1), 'active')
    await tell(first, 'commit')
    assert.deepEqual(await errorsOfAll('after e'), [])
    await tell(first, 'create temporary table sess_defined(z int)')
    if (first) assert.equal((await ask(first, 'temporary')).at(-1), 'idle')
    await close()
  },
)

test(
  'a long pipeline goes ahead before its Sync, and a refusal in it still undoes all of it',
  options,
  async () => {
    const client = await ada()
    await direct.query('drop table if exists sess_pipe; create table sess_pipe(a int)')
    const insert = [bind('pipe'), execute()]
    client.send(parse('insert into sess_pipe values (1)', 'pipe'), SYNC)
    await client.answers()
    client.send(...Array.from({ length: 1_000 }, () => insert).flat())
    const frame = await client.frame()
    assert.equal(String.fromCharCode(frame.code), '2')
    client.send(parse('vacuum full pg_authid; select 1'), SYNC)
    const summary = await client.summary()
    assert.match(summary.at(-2) ?? '', /^error /)
    const { rows } = await direct.query('select count(*)::int from sess_pipe')
    assert.deepEqual(rows, [{ count: 0 }])
    client.close()
  },
)

test('as many rows as a Bind has parameters for are one INSERT', {
  skip,
  timeout: 60_000,
}, async () => {
  const client = new pg.Client(door.url())
  await client.connect()
  await client.query('drop table if exists sess_rows; create table sess_rows(a int)')
  const values = Array.from({ length: 65_535 }, (_, at) => at)
  const text = `insert into sess_rows values ${values.map((at) => `($${at + 1})`).join()}`
  const { rowCount } = await client.query(text, values)
  assert.equal(rowCount, 65_535)
  await client.end()
})

test('Flush without Sync is answered, and the connection is kept until Sync', options, async () => {
  const client = await ada()
  client.send(
    parse('select 7'),
    { kind: 'describe', target: 'statement', name: '' },
    { kind: 'flush' },
  )
  const first = [await client.frame(), await client.frame(), await client.frame()]
  assert.deepEqual(
    first.map(({ code }) => String.fromCharCode(code)),
    ['1', 't', 'T'],
  )
  client.send(bind(), execute(), { kind: 'flush' })
  assert.deepEqual(
    (await Promise.all([client.frame()])).map(({ code }) => code),
    [0x32],
  )
  client.send(SYNC)
  assert.deepEqual(await client.summary(), ['row 7', 'SELECT 1', 'idle'])
  client.close()
})

test('settings follow the session, not the connection', options, async () => {
  const [utc, paris] = [
    await ada({ TimeZone: 'UTC' }),
    await ada({ TimeZone: 'Europe/Paris', application_name: 'paris' }),
  ]
  const zone = async (client: RawClient) => (await client.query('show timezone'))[1]
  assert.equal(await zone(utc), 'row UTC')
  assert.equal(await zone(paris), 'row Europe/Paris')
  assert.equal(paris.parameters.get('TimeZone'), 'Europe/Paris')
  await utc.query("set timezone = 'Asia/Tokyo'")
  assert.equal(await zone(paris), 'row Europe/Paris')
  assert.equal(await zone(utc), 'row Asia/Tokyo')
  assert.equal((await paris.query('show application_name'))[1], 'row paris')
  utc.close()
  paris.close()
})

test(
  'a session that leaves state behind keeps its connection, which is cleaned afterwards',
  options,
  async () => {
    const client = await ada()
    await client.query('create temp table left_behind(a int)')
    assert.deepEqual(await client.query('select count(*) from left_behind'), [
      'rowDescription',
      'row 0',
      'SELECT 1',
      'idle',
    ])
    client.close()
    await client.end()
    const next = await ada()
    assert.deepEqual(await next.query('select * from left_behind'), ['error 42P01', 'idle'])
    next.close()
  },
)

test('a client that dies in a transaction leaves nothing of it', options, async () => {
  const client = await ada()
  await client.query('begin; insert into sess_open values (99)')
  client.socket.destroy()
  const next = await ada()
  assert.deepEqual(await next.query('select count(*) from sess_open where a = 99'), [
    'rowDescription',
    'row 0',
    'SELECT 1',
    'idle',
  ])
  next.close()
})

test('a cancel key stops the statement of its session, and of no other', options, async () => {
  const client = await ada()
  client.send({ kind: 'query', text: 'select pg_sleep(15)' })
  await sleep(100)
  const wrong = await rawSocket(door)
  wrong.end(
    encodeStartup({
      kind: 'cancelRequest',
      processId: client.cancelKey?.processId ?? 0,
      secret: Buffer.alloc(4),
    }),
  )
  await sleep(100)
  const right = await rawSocket(door)
  right.end(
    encodeStartup({
      kind: 'cancelRequest',
      processId: 0,
      secret: Buffer.alloc(4),
      ...client.cancelKey,
    }),
  )
  assert.deepEqual(await client.summary(), ['rowDescription', 'error 57014', 'idle'])
  assert.equal(door.endings().at(-1)?.outcome, 'cancelled')
  assert.deepEqual(await client.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  client.close()
})

test(
  'a backend that dies in the middle is told, recorded as lost, and replaced',
  options,
  async () => {
    const client = await ada()
    const pid = (await client.query('select pg_backend_pid()'))[1]?.slice(4)
    client.send({ kind: 'query', text: 'select pg_sleep(15)' })
    await sleep(100)
    await direct.query(`select pg_terminate_backend(${pid})`)
    const end = await client.end()
    assert.deepEqual(end, ['rowDescription', 'error 57P01'])
    const next = await ada()
    assert.deepEqual(await next.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
    next.close()
  },
)

test('an idle connection that has died is never handed out', options, async () => {
  const client = await ada()
  const pid = (await client.query('select pg_backend_pid()'))[1]?.slice(4)
  await direct.query(`select pg_terminate_backend(${pid}, 20000)`)
  await sleep(100)
  assert.deepEqual(await client.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  client.close()
})

test(
  'every statement of a request has its own record, ending, rows and error',
  options,
  async () => {
    const client = await ada()
    const [recorded, ended] = [door.recorded().length, door.endings().length]
    await client.query(
      'select generate_series(1, 3); insert into sess_open values (7), (8); select 1/0; select 5',
    )
    assert.equal(door.recorded().length - recorded, 4)
    const endings = door
      .endings()
      .slice(ended)
      .map(({ outcome, rows, errorCode }) => [outcome, rows, errorCode])
    assert.deepEqual(endings, [
      ['ok', 3, ''],
      ['ok', 2, ''],
      ['error', 0, '22012'],
      ['error', 0, '22012'],
    ])
    client.close()
  },
)

test('LISTEN reaches a client that waits', options, async () => {
  const wide = await openDoor()
  const listener = new pg.Client(wide.url())
  await listener.connect()
  const notified = new Promise((resolve) =>
    listener.on('notification', ({ payload }) => resolve(payload)),
  )
  await listener.query('listen sess_news')
  await direct.query("notify sess_news, 'hello'")
  assert.equal(await notified, 'hello')
  await listener.end()
  await wide.close()
})

test(
  'when the gateway drains, idle sessions are told and transactions may finish',
  options,
  async () => {
    const draining = await openDoor()
    const [idle, busy] = [
      await RawClient.open(draining.url()),
      await RawClient.open(draining.url()),
    ]
    await busy.query('begin')
    draining.drain()
    assert.deepEqual(await idle.end(), ['error 57P01'])
    assert.deepEqual(await busy.query('select 1'), [
      'rowDescription',
      'row 1',
      'SELECT 1',
      'active',
    ])
    busy.send({ kind: 'query', text: 'commit' })
    assert.deepEqual(await busy.end(), ['COMMIT', 'idle', 'error 57P01'])
    await draining.close()
  },
)

test('protocol 3.2 has long cancel keys; what is newer is negotiated down', options, async () => {
  const client = await RawClient.open(door.url(), {}, 2)
  assert.equal(client.cancelKey?.secret.length, 32)
  client.close()
  const grease = await RawClient.open(door.url(), { '_pq_.nonsense': '1' }, 9999)
  const negotiated = grease.preamble.find(({ kind }) => kind === 'negotiateProtocolVersion')
  assert.deepEqual(negotiated, {
    kind: 'negotiateProtocolVersion',
    minor: 0x30002,
    unknownOptions: ['_pq_.nonsense'],
  })
  grease.close()
})

const REFUSED: readonly (readonly [Record<string, string>, RegExp])[] = [
  [{ client_encoding: 'LATIN1' }, /client_encoding "LATIN1" is not supported/],
  [{ search_path: 'a b' }, /invalid value for parameter "search_path"/],
  [{ options: '-c role=postgres' }, /"role" cannot be set/],
  [{ options: '-c session_replication_role=replica' }, /cannot be set/],
  [{ replication: 'database' }, /replication/],
  [{ TimeZone: 'Nowhere/At_All' }, /invalid value for parameter "TimeZone"/i],
  [{ options: '-x' }, /only "-c name=value"/],
]
for (const [settings, message] of REFUSED) {
  test(
    `a startup message with ${JSON.stringify(settings)} is refused with a reason`,
    options,
    async () => {
      await assert.rejects(RawClient.open(door.url(), settings), message)
    },
  )
}

test('a search_path at log-in is judged and recorded as the SET that it is', options, async () => {
  await assert.rejects(
    RawClient.open(door.url('writer'), { search_path: 'other' }),
    /verdict|set_config|search_path/,
  )
  const client = await RawClient.open(door.url('writer'), { search_path: '' })
  client.close()
})

test('options of a startup message are applied', options, async () => {
  const client = await ada({
    options: '-c statement_timeout=1234 --lock-timeout=77 -c DateStyle=SQL,\\ DMY',
    client_encoding: "'utf-8'",
  })
  assert.equal((await client.query('show statement_timeout'))[1], 'row 1234ms')
  assert.equal((await client.query('show lock_timeout'))[1], 'row 77ms')
  assert.equal((await client.query('show datestyle'))[1], 'row SQL, DMY')
  client.close()
})

test(
  'clients are told the version that is set, else the one that the server has',
  options,
  async () => {
    const { rows } = await direct.query('show server_version')
    const plain = await ada()
    assert.equal(plain.parameters.get('server_version'), rows[0].server_version)
    plain.close()
    const other = await openDoor({ version: '16.4 (ArticDBM)' })
    const client = await RawClient.open(other.url())
    assert.equal(client.parameters.get('server_version'), '16.4 (ArticDBM)')
    client.close()
    await other.close()
  },
)
