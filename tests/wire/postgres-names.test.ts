// Parse and SQL's PREPARE share one name space, through the door as in the server, however connections are shared.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { PreparedStatement } from '../../gateway/src/postgres/prepared-statement.ts'
import {
  bind,
  both,
  type Dialogue,
  describe,
  execute,
  parse,
  query,
  readable,
  SYNC,
} from './pg/dialogue.ts'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 45_000 }

const close = (name: string): FrontendMessage => ({ kind: 'close', target: 'statement', name })
/** A statement of SQL by the extended protocol. */
const extended = (text: string) => [parse(text), bind(), describe('portal'), execute()]
const LONG = 'n'.repeat(70)

const DIALOGUES: readonly Dialogue[] = [
  [
    'EXECUTE of what Parse prepared',
    [parse('select $1::int + 1 as n', 'p'), SYNC, query('execute p(41)'), query('execute p(1)')],
    3,
  ],
  [
    'Bind of what PREPARE prepared',
    [
      query('prepare p(int) as select $1 * 2 as n'),
      describe('statement', 'p'),
      bind({ statement: 'p', values: ['4'] }),
      describe('portal'),
      execute(),
      SYNC,
      bind({ statement: 'p', values: ['5'] }),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'both by the extended protocol',
    [
      parse('select $1::text as n', 'p'),
      SYNC,
      ...extended("execute p('x')"),
      SYNC,
      ...extended('deallocate p'),
      SYNC,
      bind({ statement: 'p' }),
      SYNC,
    ],
    4,
  ],
  [
    'all in one pipeline',
    [
      parse('select 1 as n', 'p'),
      ...extended('execute p'),
      ...extended('deallocate p'),
      ...extended('prepare p as select 2 as m'),
      bind({ statement: 'p' }),
      execute(),
      ...extended('execute p'),
      close('p'),
      SYNC,
      query('execute p'),
    ],
    2,
  ],
  [
    'PREPARE of a name that Parse took',
    [
      parse('select 1', 'p'),
      SYNC,
      query('prepare p as select 2'),
      query('execute p'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
    ],
    4,
  ],
  [
    'PREPARE of a name that Parse took, extended',
    [parse('select 1', 'p'), ...extended('prepare p as select 2'), SYNC, query('execute p')],
    2,
  ],
  [
    'Parse of a name that PREPARE took',
    [query('prepare p as select 2'), parse('select 1', 'p'), SYNC, query('execute p')],
    3,
  ],
  [
    'Close of what PREPARE prepared',
    [
      query('prepare p as select 2'),
      close('p'),
      SYNC,
      query('execute p'),
      query('prepare p as select 3'),
      query('execute p'),
    ],
    5,
  ],
  [
    'Close of what Parse prepared and SQL executed',
    [
      parse('select 1', 'p'),
      SYNC,
      query('execute p'),
      close('p'),
      parse('select 2', 'p'),
      SYNC,
      query('execute p'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
    ],
    5,
  ],
  [
    'DEALLOCATE of what SQL executed',
    [
      parse('select 1', 'p'),
      SYNC,
      query('execute p'),
      query('deallocate p'),
      query('execute p'),
      query('deallocate p'),
      parse('select 3', 'p'),
      SYNC,
      query('execute p'),
    ],
    7,
  ],
  [
    'DEALLOCATE beside other statements',
    [
      parse('select 1', 'p'),
      SYNC,
      query('deallocate p; prepare p as select 2; execute p'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'DEALLOCATE ALL',
    [
      parse('select 1', 'p'),
      query('prepare q as select 2'),
      SYNC,
      query('execute p'),
      query('deallocate all'),
      query('execute p'),
      query('execute q'),
      bind({ statement: 'p' }),
      SYNC,
    ],
    7,
  ],
  [
    'DEALLOCATE ALL in a pipeline',
    [
      parse('select 1 as n', 'p'),
      bind({ statement: 'p' }),
      execute(),
      ...extended('deallocate all'),
      parse('select 1 as n', 'p'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
    ],
    1,
  ],
  [
    'DISCARD ALL',
    [
      parse('select 1', 'p'),
      SYNC,
      query('prepare q as select 2'),
      query('execute p'),
      query('discard all'),
      query('execute p'),
      query('execute q'),
      query('prepare p as select 4'),
      query('execute p'),
    ],
    8,
  ],
  [
    'DISCARD PLANS and RESET ALL keep them',
    [
      query('prepare p as select 1'),
      query('discard plans'),
      query('reset all'),
      query('execute p'),
    ],
    4,
  ],
  [
    'names that nobody has',
    [
      query('execute nobody'),
      query('deallocate nobody'),
      bind({ statement: 'nobody' }),
      SYNC,
      ...extended('deallocate nobody'),
      SYNC,
    ],
    4,
  ],
  [
    'PREPARE is not transactional',
    [
      query('begin'),
      query('prepare p as select 1'),
      query('rollback'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
      query('begin'),
      query('deallocate p'),
      query('rollback'),
      query('execute p'),
    ],
    8,
  ],
  [
    'a failed transaction',
    [
      parse('select 1', 'p'),
      SYNC,
      query('begin'),
      query('select 1/0'),
      query('execute p'),
      query('deallocate p'),
      query('prepare p as select 1'),
      query('rollback'),
      query('execute p'),
    ],
    8,
  ],
  [
    'a transaction that EXECUTE fails',
    [
      parse('select 1/$1::int', 'p'),
      SYNC,
      query('begin'),
      query('execute p(0)'),
      query('execute p(1)'),
      query('rollback'),
      query('execute p(1)'),
    ],
    6,
  ],
  [
    'too few parameters',
    [
      parse('select $1::int', 'p'),
      SYNC,
      query('execute p'),
      query("execute p('x')"),
      query('execute p(1, 2)'),
    ],
    4,
  ],
  [
    'EXPLAIN EXECUTE',
    [
      parse('select $1::int as n', 'p'),
      SYNC,
      query('explain (costs off) execute p(1)'),
      ...extended('explain (costs off) execute p(2)'),
      SYNC,
    ],
    3,
  ],
  [
    'a named statement that executes another',
    [
      parse('select $1::int as n', 'p'),
      parse('execute p(7)', 'q'),
      describe('statement', 'q'),
      bind({ statement: 'q' }),
      describe('portal'),
      execute(),
      SYNC,
      bind({ statement: 'q' }),
      execute(),
      SYNC,
    ],
    2,
  ],
  [
    'a name that means something else later',
    [
      parse('select 1 as n', 'p'),
      parse('execute p', 'q'),
      SYNC,
      close('p'),
      parse('select 2 as n', 'p'),
      bind({ statement: 'q' }),
      execute(),
      SYNC,
    ],
    2,
  ],
  [
    'a failed PREPARE changes nothing',
    [
      query('prepare p as select 1'),
      query('prepare p as select 2'),
      query('prepare q as select nope'),
      bind({ statement: 'p' }),
      execute(),
      SYNC,
      bind({ statement: 'q' }),
      SYNC,
    ],
    5,
  ],
  [
    'what a pipeline left out was not prepared',
    [
      ...extended('select 1/0'),
      ...extended('prepare p as select 1'),
      SYNC,
      bind({ statement: 'p' }),
      SYNC,
    ],
    2,
  ],
  [
    'quoted and folded names',
    [
      parse('select 1', 'Ab'),
      parse('select 2', 'ab'),
      SYNC,
      query('execute AB'),
      query('execute "Ab"'),
    ],
    3,
  ],
  [
    'long names',
    [
      parse('select 1', LONG),
      SYNC,
      query('prepare nnn as select 2'),
      bind({ statement: LONG }),
      execute(),
      SYNC,
      close(LONG),
      SYNC,
    ],
    4,
  ],
  [
    'writing',
    [
      query('create temp table w(a int)'),
      parse('insert into w values ($1) returning a', 'p'),
      SYNC,
      query('execute p(3)'),
      query('prepare q as delete from w returning a'),
      bind({ statement: 'q' }),
      execute(),
      SYNC,
    ],
    5,
  ],
  [
    'several rows and a portal',
    [
      query('prepare p as select generate_series(1, 4)'),
      bind({ statement: 'p', portal: 'x' }),
      execute('x', 3),
      execute('x', 3),
      SYNC,
    ],
    2,
  ],
]

const doors = new Map<string, TestDoor>()
/** One connection, few names. */
let narrow: TestDoor
let direct: pg.Client
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query(`drop table if exists names_open, names_closed;
    create table names_open(a int); create table names_closed(a int);
    insert into names_open values (1); insert into names_closed values (2)`)
  narrow = await openDoor({
    pool: { maxConnections: 1 },
    limits: { maxPreparedPerSession: 4 },
    readable: ['names_open'],
  })
  for (const mode of ['session', 'transaction', 'statement'] as const) {
    doors.set(mode, await openDoor({ pool: { mode, maxConnections: 3 } }))
  }
})
after(async () => {
  for (const door of doors.values()) await door.close()
  await narrow?.close()
  await direct?.end()
})

const doorOf = (mode: string): TestDoor => doors.get(mode) ?? assert.fail(`no ${mode} door`)

for (const mode of ['session', 'transaction', 'statement']) {
  for (const [name, messages, count] of DIALOGUES) {
    const begins = messages.some((message) => message.kind === 'query' && message.text === 'begin')
    if (mode === 'statement' && begins) continue
    test(`identical to the server, pooled by ${mode}: ${name}`, options, async () => {
      const [near, far] = await both(doorOf(mode), messages, count)
      assert.deepEqual(readable(near), readable(far))
    })
  }
}

const ask = async (client: RawClient, ...messages: FrontendMessage[]): Promise<string[]> => {
  client.send(...messages)
  return client.summary()
}
const ONE = ['rowDescription', 'row 1', 'SELECT 1', 'idle']

test('a name is one session’s own, and goes with it', options, async () => {
  const first = await RawClient.open(narrow.url())
  await ask(first, parse('select 1', 'mine'), SYNC)
  assert.deepEqual(await ask(first, query('execute mine')), ONE)
  first.close()
  const second = await RawClient.open(narrow.url())
  assert.deepEqual(await ask(second, query('execute mine')), ['error 26000', 'idle'])
  assert.deepEqual(await ask(second, bind({ statement: 'mine' }), SYNC), ['error 26000', 'idle'])
  assert.deepEqual(await ask(second, query('prepare mine as select 1')), ['PREPARE', 'idle'])
  assert.deepEqual(await ask(second, query('execute mine')), ONE)
  second.close()
})

test('two sessions have the same name for statements of their own', options, async () => {
  const [one, two] = await Promise.all(
    [1, 2].map(() => RawClient.open(doorOf('transaction').url())),
  )
  assert.ok(one && two)
  await ask(one, parse('select 1', 's'), SYNC)
  await ask(two, parse('select 2', 's'), SYNC)
  for (const [client, row] of [
    [one, 1],
    [two, 2],
    [one, 1],
  ] as const) {
    assert.equal((await ask(client, query('execute s')))[1], `row ${row}`)
    assert.equal((await ask(client, bind({ statement: 's' }), execute(), SYNC))[1], `row ${row}`)
  }
  one.close()
  two.close()
})

test('what is executed by name is judged by what it runs, at that time', options, async () => {
  const door = await openDoor({ readable: ['names_open', 'names_closed'] })
  const client = await RawClient.open(door.url('reader'))
  const closed = 'select a from names_closed'
  await ask(client, parse(closed, 'p'), parse('select a from names_open', 'o'), SYNC)
  await ask(client, query(`prepare q as ${closed}`))
  await ask(client, parse('execute p', 'e'), SYNC)
  assert.equal((await ask(client, query('execute p')))[1], 'row 2')
  assert.equal((await ask(client, bind({ statement: 'q' }), execute(), SYNC))[1], 'row 2')
  door.grant([
    {
      ...{ id: 'g', principalId: 'p2', databaseId: 'shop', schema: '', table: 'names_open' },
      ...{ actions: ['read'], validUntil: null },
    },
  ])
  const refused = ['error 42501', 'idle']
  for (const text of [
    'execute p',
    'execute q',
    'explain analyze execute p',
    'execute o; execute p',
  ]) {
    assert.deepEqual(await ask(client, query(text)), refused, text)
    assert.ok((await ask(client, ...extended(text), SYNC)).includes('error 42501'), text)
  }
  for (const statement of ['p', 'q', 'e']) {
    const told = await ask(client, bind({ statement }), execute(), SYNC)
    assert.ok(told.includes('error 42501'), `${statement}: ${told}`)
  }
  assert.deepEqual(await ask(client, query('execute o')), ONE)
  const blocked = door
    .recorded()
    .filter((one) => one.verdict === 'block' && one.sql !== 'execute o')
  assert.ok(blocked.every(({ relations }) => relations.some(({ name }) => name === 'names_closed')))
  client.close()
  await door.close()
})

test('nobody prepares by SQL what they may not execute', options, async () => {
  const client = await RawClient.open(narrow.url('reader'))
  const text = 'prepare p as select a from names_closed'
  assert.deepEqual(await ask(client, query(text)), ['error 42501', 'idle'])
  assert.deepEqual(await ask(client, ...extended(text), SYNC), ['error 42501', 'idle'])
  assert.deepEqual(await ask(client, bind({ statement: 'p' }), SYNC), ['error 26000', 'idle'])
  client.close()
})

test('EXECUTE takes queries alone, not what begins transactions or copies', options, async () => {
  const client = await RawClient.open(doorOf('transaction').url())
  const texts = [
    'begin',
    'copy names_open from stdin',
    'deallocate all',
    'execute p0',
    'discard all',
  ]
  for (const [at, text] of texts.entries()) {
    if (text === 'execute p0') await ask(client, parse('select 1', 'p0x'), SYNC)
    await ask(client, parse(text.replace('p0', 'p0x'), `p${at}`), SYNC)
    assert.deepEqual(await ask(client, query(`execute p${at}`)), ['error 42501', 'idle'], text)
  }
  client.close()
})

test('names that the gateway gives on shared connections are nobody’s', options, async () => {
  const shared = new PreparedStatement('', 'select 11', []).key
  const client = await RawClient.open(narrow.url())
  await ask(client, parse('select 11', 's'), SYNC)
  for (const [text, code] of [
    [`prepare "${shared}" as select 12`, '42939'],
    [`execute "${shared}"`, '26000'],
    [`deallocate "${shared}"`, '26000'],
    [`select 1; deallocate "${shared}"`, '26000'],
  ]) {
    assert.deepEqual(await ask(client, query(text ?? '')), [`error ${code}`, 'idle'], text)
    const told = await ask(client, ...extended(text?.replace('select 1; ', '') ?? ''), SYNC)
    assert.deepEqual(told, [`error ${code}`, 'idle'], text)
  }
  await ask(client, parse('select 12', shared), SYNC)
  assert.deepEqual(await ask(client, query(`execute "${shared}"`)), ['error 26000', 'idle'])
  const told = await ask(client, bind({ statement: shared }), execute(), SYNC)
  assert.deepEqual(told, ['bindComplete', 'row 12', 'SELECT 1', 'idle'])
  assert.equal((await ask(client, bind({ statement: 's' }), execute(), SYNC))[1], 'row 11')
  client.close()
})

test('PREPARE counts among the statements that a session may have', options, async () => {
  const client = await RawClient.open(narrow.url())
  for (const at of [1, 2, 3]) await ask(client, query(`prepare s${at} as select ${at}`))
  await ask(client, parse('select 4', 's4'), SYNC)
  assert.deepEqual(await ask(client, query('prepare s5 as select 5')), ['error 53400', 'idle'])
  assert.deepEqual(await ask(client, parse('select 5', 's5'), SYNC), ['error 53400', 'idle'])
  await ask(client, query('deallocate s1'))
  assert.deepEqual(await ask(client, query('prepare s5 as select 5')), ['PREPARE', 'idle'])
  client.close()
})

test(
  'a statement that no longer fits its tables is told when SQL executes it',
  options,
  async () => {
    await direct.query('drop table if exists names_gone; create table names_gone(a int)')
    const client = await RawClient.open(doorOf('transaction').url())
    await ask(client, parse('select a from names_gone', 'p'), SYNC)
    await direct.query('drop table names_gone')
    assert.deepEqual(await ask(client, query('execute p')), ['error 42P01', 'idle'])
    await direct.query('create table names_gone(a int)')
    assert.deepEqual((await ask(client, query('execute p'))).slice(1), ['SELECT 0', 'idle'])
    const ended = doorOf('transaction')
      .endings()
      .map(({ outcome }) => outcome)
    const { length } = doorOf('transaction')
      .recorded()
      .filter(({ verdict }) => verdict === 'allow')
    assert.equal(ended.length, length)
    client.close()
  },
)

test(
  'what a refused pipeline would have executed has made and forgotten no names',
  options,
  async () => {
    const door = await openDoor()
    const client = await RawClient.open(door.url())
    await ask(client, parse('select 1', 'p'), SYNC)
    const position = extended('show articdbm.position')
    const told = await ask(
      client,
      ...extended('deallocate p'),
      ...extended('prepare q as select 2'),
      ...position,
      SYNC,
    )
    assert.deepEqual(told.slice(-2), ['error 0A000', 'idle'])
    assert.deepEqual(await ask(client, query('execute p')), ONE)
    assert.deepEqual(await ask(client, query('execute q')), ['error 26000', 'idle'])
    await ask(client, parse('show articdbm.position', 'own'), SYNC)
    assert.deepEqual(await ask(client, query('execute own')), ['error 26000', 'idle'])
    client.close()
    await door.close()
    const allowed = door.recorded().filter(({ verdict }) => verdict === 'allow')
    assert.equal(door.endings().length, allowed.length)
  },
)
