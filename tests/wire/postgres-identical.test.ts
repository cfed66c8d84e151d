// What a client gets through the door is, byte for byte, what it gets from the server itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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

const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false

const VALUES = [
  `null::int`,
  `true`,
  `false`,
  `0::int2`,
  `(-32768)::int2`,
  `2147483647`,
  `(-2147483648)::int4`,
  `9223372036854775807::int8`,
  `'NaN'::float8`,
  `'Infinity'::float8`,
  `'-Infinity'::float4`,
  `1.5::float4`,
  `0.1::float8`,
  `1e300::float8`,
  `-0.0::float8`,
  `12345678901234567890.123456789::numeric`,
  `0::numeric`,
  `'NaN'::numeric`,
  `1e-20::numeric`,
  `(-99999.0001)::numeric(10,4)`,
  `''::text`,
  `'é漢😀'::text`,
  `repeat('x', 70000)`,
  `'abc'::char(10)`,
  `'abc'::varchar(5)`,
  `'x'::"char"`,
  `'n'::name`,
  `'\\x00ff'::bytea`,
  `''::bytea`,
  `'2026-02-28'::date`,
  `'infinity'::date`,
  `'0044-03-15 BC'::date`,
  `'12:34:56.789'::time`,
  `'12:34:56+02'::timetz`,
  `'2026-01-01 00:00:00.123456'::timestamp`,
  `'-infinity'::timestamp`,
  `'2026-01-01 00:00:00+05:30'::timestamptz`,
  `'1 year 2 months 3 days 04:05:06.7'::interval`,
  `'-1 day'::interval`,
  `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid`,
  `'{"a": [1, null, "x"]}'::json`,
  `'{"a": [1, null, "x"]}'::jsonb`,
  `'<a>b</a>'::xml`,
  `'192.168.0.1/24'::inet`,
  `'10.0.0.0/8'::cidr`,
  `'08:00:2b:01:02:03'::macaddr`,
  `'101'::bit(3)`,
  `'10101'::varbit`,
  `'(1,2)'::point`,
  `'((0,0),(1,1))'::box`,
  `'<(0,0),5>'::circle`,
  `array[1,2,null]::int4[]`,
  `array[['a','b'],['c',null]]::text[]`,
  `'{}'::int8[]`,
  `'[1,10)'::int4range`,
  `'empty'::int8range`,
  `'{[1,3),[5,7)}'::int4multirange`,
  `row(1, 'a', null)`,
  `12.34::money`,
  `'a fat cat'::tsvector`,
  `'fat & rat'::tsquery`,
  `'pg_class'::regclass`,
  `1::oid`,
  `'(1,1)'::tid`,
  `'16/B374D848'::pg_lsn`,
]

const DIALOGUES: readonly Dialogue[] = [
  ['an empty query', [query('')], 1],
  ['comments alone', [query('-- nothing\n/* at all */')], 1],
  ['several statements', [query('select 1; select 2 as b, 3; ; select null')], 1],
  ['an error between statements', [query('select 1; select 1/0; select 2')], 1],
  ['an unknown column with its position', [query('select   nope from (select 1) x')], 1],
  ['a syntax error', [query('selec 1')], 1],
  ['a syntax error behind signs of several bytes', [query("select '€😀'; select 1 from from")], 1],
  ['a syntax error at the end of the text', [query('select (1')], 1],
  ['an unknown table', [query('select * from nowhere_at_all')], 1],
  [
    'a unique violation',
    [query('create temp table u(a int primary key); insert into u values (1),(1)')],
    1,
  ],
  ['a notice', [query("do $$ begin raise notice 'hello'; end $$")], 1],
  ['no rows', [query('select 1 where false')], 1],
  ['many rows', [query('select g, g::text, null from generate_series(1, 5000) g')], 1],
  [
    'begin, error, refusal, rollback',
    [query('begin'), query('select 1/0'), query('select 1'), query('rollback')],
    4,
  ],
  [
    'savepoints',
    [
      query('begin; savepoint a; select 1/0'),
      query('rollback to a'),
      query('select 7'),
      query('commit'),
    ],
    4,
  ],
  ['commit of a failed transaction', [query('begin'), query('select 1/0'), query('commit')], 3],
  ['a warning for a commit without a begin', [query('commit')], 1],
  [
    'unnamed, described',
    [
      parse('select $1::int + 1'),
      describe('statement'),
      bind({ values: ['41'] }),
      describe('portal'),
      execute(),
      SYNC,
    ],
    1,
  ],
  [
    'an insert without a result',
    [
      parse("set local work_mem = '1MB'"),
      describe('statement'),
      bind(),
      describe('portal'),
      execute(),
      SYNC,
    ],
    1,
  ],
  ['an empty statement', [parse(''), bind(), describe('portal'), execute(), SYNC], 1],
  [
    'a syntax error at Parse skips to Sync',
    [parse('selec 1'), bind(), execute(), SYNC, query('select 1')],
    2,
  ],
  [
    'a bad parameter at Bind',
    [parse('select $1::int'), bind({ values: ['x'] }), execute(), SYNC],
    1,
  ],
  ['too few parameters', [parse('select $1::int'), bind(), execute(), SYNC], 1],
  ['an error at Execute', [parse('select 1/$1::int'), bind({ values: ['0'] }), execute(), SYNC], 1],
  ['two commands in one Parse', [parse('select 1; select 2'), bind(), execute(), SYNC], 1],
  ['an unknown statement', [bind({ statement: 'never' }), execute(), SYNC], 1],
  ['an unknown unnamed statement', [query('select 1'), bind(), execute(), SYNC], 2],
  ['an unknown portal', [execute('never'), SYNC], 1],
  ['describing an unknown statement', [describe('statement', 'never'), SYNC], 1],
  ['describing an unknown portal', [describe('portal', 'never'), SYNC], 1],
  [
    'several Syncs in one packet',
    [parse('select 1'), bind(), execute(), SYNC, parse('select 2'), bind(), execute(), SYNC, SYNC],
    3,
  ],
  [
    'an error in the middle of a pipeline',
    [
      parse('select 1'),
      bind(),
      execute(),
      SYNC,
      parse('select 1/0'),
      bind(),
      execute(),
      parse('select 3'),
      bind(),
      execute(),
      SYNC,
      parse('select 4'),
      bind(),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'a named statement, used twice',
    [
      parse('select $1::text', 's1'),
      SYNC,
      bind({ statement: 's1', values: ['a'] }),
      execute(),
      SYNC,
      bind({ statement: 's1', values: [null] }),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'the same name twice',
    [
      parse('select 5', 's1'),
      SYNC,
      parse('select 6', 's1'),
      SYNC,
      bind({ statement: 's1' }),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'a closed statement',
    [
      parse('select 5', 's2'),
      { kind: 'close', target: 'statement', name: 's2' },
      SYNC,
      bind({ statement: 's2' }),
      SYNC,
    ],
    2,
  ],
  [
    'a partial Execute within one Sync',
    [
      parse('select generate_series(1,5)'),
      bind({ portal: 'p' }),
      execute('p', 2),
      execute('p', 2),
      execute('p', 2),
      SYNC,
    ],
    1,
  ],
  [
    'a portal over several Syncs of a transaction',
    [
      query('begin'),
      parse('select generate_series(1,5)'),
      bind({ portal: 'p' }),
      execute('p', 2),
      SYNC,
      execute('p', 2),
      SYNC,
      { kind: 'close', target: 'portal', name: 'p' },
      SYNC,
      execute('p', 1),
      SYNC,
      query('rollback'),
    ],
    6,
  ],
  [
    'a portal ends with its transaction',
    [parse('select 1'), bind({ portal: 'q' }), SYNC, execute('q'), SYNC],
    2,
  ],
  [
    'a Query in the middle of a pipeline',
    [parse('select 1'), bind(), execute(), query('select 2'), SYNC],
    2,
  ],
  [
    'a failed implicit transaction',
    [parse('select 1/0'), bind(), execute(), query('select 2'), SYNC, query('select 3')],
    2,
  ],
  [
    'stray COPY messages',
    [{ kind: 'copyData', bytes: Buffer.from('x') }, { kind: 'copyDone' }, query('select 1')],
    1,
  ],
  ['COPY out', [query('copy (select generate_series(1,3)) to stdout')], 1],
  ['COPY out, extended', [parse('copy (select 1, null) to stdout'), bind(), execute(), SYNC], 1],
  [
    'COPY in',
    [
      query('create temp table c(a int)'),
      query('copy c from stdin'),
      { kind: 'copyData', bytes: Buffer.from('1\n2\n') },
      { kind: 'copyDone' },
      query('select * from c'),
    ],
    3,
  ],
  [
    'COPY in that fails at a line',
    [
      query('create temp table c(a int)'),
      query('copy c from stdin'),
      { kind: 'copyData', bytes: Buffer.from('1\nx\n') },
      { kind: 'copyDone' },
      query('select count(*) from c'),
    ],
    3,
  ],
  [
    'CopyFail',
    [
      query('create temp table c(a int)'),
      query('copy c from stdin'),
      { kind: 'copyFail', reason: 'enough' },
      query('select count(*) from c'),
    ],
    3,
  ],
  [
    'COPY in, extended',
    [
      query('create temp table c(a int)'),
      parse('copy c from stdin'),
      bind(),
      execute(),
      SYNC,
      { kind: 'copyData', bytes: Buffer.from('5\n') },
      { kind: 'copyDone' },
      SYNC,
      query('select * from c'),
    ],
    3,
  ],
  [
    'SQL prepare and execute',
    [
      query('prepare sp(int) as select $1 + 1'),
      query('execute sp(2)'),
      query('deallocate sp'),
      query('deallocate sp'),
    ],
    4,
  ],
  [
    'DEALLOCATE of a statement prepared by protocol',
    [
      parse('select 1', 'pdo'),
      SYNC,
      query('deallocate pdo'),
      bind({ statement: 'pdo' }),
      execute(),
      SYNC,
    ],
    3,
  ],
  [
    'DISCARD ALL forgets',
    [
      parse('select 1', 's9'),
      SYNC,
      query('discard all'),
      bind({ statement: 's9' }),
      execute(),
      SYNC,
    ],
    3,
  ],
]

let door: TestDoor
before(async () => {
  if (!skip) door = await openDoor()
})
after(async () => door?.close())

for (const [name, messages, count] of DIALOGUES) {
  test(`identical to the server: ${name}`, { skip, timeout: 20_000 }, async () => {
    const [near, far] = await both(door, messages, count)
    assert.deepEqual(readable(near), readable(far))
  })
}

test(`identical to the server: ${VALUES.length} values, as text and as binary`, {
  skip,
  timeout: 60_000,
}, async () => {
  const text = `select ${VALUES.map((value, at) => `${value} as c${at}`).join(', ')}`
  for (const format of [0, 1]) {
    // Types without a binary form are left to the text run.
    const columns =
      format === 0
        ? text
        : `select ${VALUES.filter((value) => !/pg_class|row\(/.test(value)).join(', ')}`
    const [near, far] = await both(
      door,
      [parse(columns), bind({ format }), describe('portal'), execute(), SYNC],
      1,
    )
    assert.deepEqual(near, far)
    assert.ok(near.length >= 4, near.map(String).join())
  }
  const [near, far] = await both(door, [query(text)], 1)
  assert.deepEqual(near, far)
})
