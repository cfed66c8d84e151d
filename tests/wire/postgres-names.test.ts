// Parse and SQL's PREPARE share one name space, through the door as in the server, however connections are shared.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
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
before(async () => {
  if (skip) return
  for (const mode of ['session', 'transaction', 'statement'] as const) {
    doors.set(mode, await openDoor({ pool: { mode, maxConnections: 3 }, readable: ['names_open'] }))
  }
})
after(async () => {
  for (const door of doors.values()) await door.close()
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
