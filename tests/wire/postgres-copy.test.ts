// COPY in each format, by both protocols, and where it breaks off: as the server itself does it, judged and counted.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { FrontendMessage } from '@articdbm/wire/postgres'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const exec = promisify(execFile)
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const options = { skip, timeout: 30_000 }

let door: TestDoor
let direct: pg.Client
const folder = mkdtempSync(join(tmpdir(), 'articdbm-copy-'))
before(async () => {
  if (skip) return
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query(`
    drop table if exists copy_open, copy_closed, copy_kept;
    create table copy_open(a int, b text); create table copy_closed(a int); create table copy_kept(a int primary key);
    insert into copy_open values (1, 'one'), (2, null), (3, 'a,"b"')`)
  door = await openDoor({ pool: { maxConnections: 1 }, readable: ['copy_open'] })
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await door?.close()
  await direct?.end()
})

const query = (text: string): FrontendMessage => ({ kind: 'query', text })
const line = (text: string): FrontendMessage => ({ kind: 'copyData', bytes: Buffer.from(text) })
const DONE: FrontendMessage = { kind: 'copyDone' }
const SYNC: FrontendMessage = { kind: 'sync' }
const FLUSH: FrontendMessage = { kind: 'flush' }
const FAIL: FrontendMessage = { kind: 'copyFail', reason: 'enough' }
const extended = (text: string): readonly FrontendMessage[] => [
  { kind: 'parse', statement: '', text, parameterTypes: [] },
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
]

const TABLE = query('create temp table c(a int, b text)')
/** Without the table's OID, which is another each time. */
const ROWS = "select a + 0 as a, b || '' as b from c"
const LOOK = query(ROWS)
const FORMATS = ['text', 'csv', 'csv, header', 'binary', "text, null 'N', delimiter ';'"]

type Dialogue = readonly [
  name: string,
  messages: readonly FrontendMessage[],
  /** How many ReadyForQuery come; undefined: the session ends. */
  ready: number | undefined,
]
const DIALOGUES: readonly Dialogue[] = [
  ...FORMATS.flatMap((format): Dialogue[] => {
    const text = `copy (select 1, 'x' union all select 2, null) to stdout (format ${format})`
    return [
      [`out, ${format}, simple`, [query(text)], 1],
      [`out, ${format}, extended`, [...extended(text), SYNC], 1],
    ]
  }),
  [
    'out of nothing',
    [TABLE, query('copy c to stdout'), query('copy c to stdout (format binary)')],
    3,
  ],
  [
    'out, failing at a row',
    [query('copy (select 1/(3-n) from generate_series(1, 5) n) to stdout'), LOOK],
    2,
  ],
  [
    'out, then a statement',
    [query('copy (values (1)) to stdout; select 2; copy (values (3)) to stdout')],
    1,
  ],
  ['in, text', [TABLE, query('copy c from stdin'), line('1\tone\n2\t\\N\n'), DONE, LOOK], 3],
  [
    'in, csv with a header',
    [TABLE, query('copy c from stdin csv header'), line('a,b\n1,"x,\ny"\n'), DONE, LOOK],
    3,
  ],
  ['in, columns', [TABLE, query('copy c (b) from stdin'), line('x\n\\.\n'), DONE, LOOK], 3],
  [
    'in, lines cut anywhere',
    [TABLE, query('copy c from stdin'), ...[...'1\tö\n'].map(line), DONE, LOOK],
    3,
  ],
  ['in, nothing at all', [TABLE, query('copy c from stdin'), DONE, LOOK], 3],
  [
    'in, Flush and Sync between lines',
    [
      TABLE,
      query('copy c from stdin'),
      line('1\ta\n'),
      FLUSH,
      SYNC,
      line('2\tb\n'),
      FLUSH,
      DONE,
      LOOK,
    ],
    3,
  ],
  [
    'in, then statements',
    [TABLE, query(`copy c from stdin; ${ROWS}; select 7`), line('1\ta\n'), DONE],
    2,
  ],
  [
    'in twice in one text',
    [
      TABLE,
      query(`copy c from stdin; copy c from stdin; ${ROWS}`),
      line('1\ta\n'),
      DONE,
      line('2\tb\n'),
      DONE,
    ],
    2,
  ],
  [
    'in, then a statement that fails',
    [TABLE, query('copy c from stdin; select 1/0'), line('1\ta\n'), DONE, LOOK],
    3,
  ],
  [
    'in, CopyFail, then statements',
    [TABLE, query('copy c from stdin; select 7'), line('1\ta\n'), FAIL, LOOK],
    3,
  ],
  [
    'in, failing while lines still come',
    [
      TABLE,
      query('copy c from stdin'),
      line('x\ty\n'),
      ...Array.from({ length: 50 }, () => line('1\ta\n'.repeat(2_000))),
      DONE,
      LOOK,
    ],
    3,
  ],
  [
    'in, failing in a transaction',
    [
      query('begin'),
      TABLE,
      query('copy c from stdin'),
      line('x\n'),
      line('1\ta\n'),
      DONE,
      LOOK,
      query('rollback'),
    ],
    5,
  ],
  [
    'in, failing before the first line',
    [query('copy nowhere from stdin'), line('1\n'), DONE, query('select 1')],
    2,
  ],
  [
    'in, extended, Sync at the end',
    [TABLE, ...extended('copy c from stdin'), FLUSH, line('1\ta\n'), DONE, SYNC, LOOK],
    3,
  ],
  [
    'in, extended, Sync at once',
    [TABLE, ...extended('copy c from stdin'), SYNC, line('1\ta\n'), DONE, SYNC, LOOK],
    3,
  ],
  [
    'in, extended, CopyFail',
    [TABLE, ...extended('copy c from stdin'), SYNC, line('1\ta\n'), FAIL, SYNC, LOOK],
    3,
  ],
  [
    'in, extended, failing while lines still come',
    [
      TABLE,
      ...extended('copy c from stdin'),
      SYNC,
      line('x\n'),
      ...Array.from({ length: 50 }, () => line('1\ta\n'.repeat(2_000))),
      DONE,
      SYNC,
      LOOK,
    ],
    3,
  ],
  [
    'in, extended, then a pipeline',
    [
      TABLE,
      ...extended('copy c from stdin'),
      FLUSH,
      line('1\ta\n'),
      DONE,
      ...extended(ROWS),
      SYNC,
      LOOK,
    ],
    3,
  ],
  [
    'out and out in a pipeline',
    [...extended('copy (values (1)) to stdout'), ...extended('copy (values (2)) to stdout'), SYNC],
    1,
  ],
  [
    'lines that nobody asked for',
    [line('1\n'), DONE, FAIL, query('select 1'), line('2\n'), ...extended('select 2'), SYNC],
    2,
  ],
  [
    'in, interrupted by a Query',
    [TABLE, query('copy c from stdin'), line('1\ta\n'), query('select 1')],
    undefined,
  ],
]

/** A Terminate in the middle of a COPY, or silence after it, would leave the other one waiting. */
async function dialogue(
  url: string,
  messages: readonly FrontendMessage[],
  ready: number | undefined,
) {
  const client = await RawClient.open(url)
  client.send(...messages)
  // The server says the same twice there: as an ERROR, and as what ends the session.
  if (ready === undefined) return [...new Set(await client.end())]
  const frames = await client.answers(ready)
  client.close()
  return frames.map(({ code, bytes }) =>
    code === 0x45 ? sqlStateOf(bytes) : bytes.toString('latin1'),
  )
}

function sqlStateOf(bytes: Buffer): string {
  return bytes.toString('latin1').match(/\0C(\w{5})\0/)?.[1] ?? 'none'
}

for (const [name, messages, ready] of DIALOGUES) {
  test(`as the server itself: COPY ${name}`, options, async () => {
    const near = await dialogue(door.url(), messages, ready)
    assert.deepEqual(near, await dialogue(BACKEND_URL ?? '', messages, ready))
    assert.ok(near.length > 1)
  })
}

test('what psql copies out in each format it copies in again', options, async () => {
  for (const format of FORMATS) {
    const file = join(folder, 'rows')
    const script = `create temp table d as table copy_open with no data;
\\copy copy_open to '${file}' with (format ${format})
\\copy d from '${file}' with (format ${format})
table copy_open except table d;
select count(*) from d;`
    const run = exec('psql', [door.url(), '-qXAt', '-v', 'ON_ERROR_STOP=1', '-f', '-'])
    run.child.stdin?.end(script)
    assert.equal((await run).stdout, '3\n', format)
    const { stdout } = await exec(
      'psql',
      [BACKEND_URL ?? '', '-qXAt', '-c', `copy copy_open to stdout (format ${format})`],
      { encoding: 'buffer' },
    )
    assert.ok(readFileSync(file).equals(stdout), format)
  }
})

const lastEnding = () => {
  const { outcome, rows, bytes, errorCode } = door.endings().at(-1) ?? assert.fail('nothing ended')
  return { outcome, rows, bytes, errorCode }
}

test('rows and bytes are counted in both directions, whatever the format', options, async () => {
  const client = await RawClient.open(door.url())
  for (const format of FORMATS) {
    await client.query(`copy copy_open to stdout (format ${format})`)
    const { rows, bytes, outcome } = lastEnding()
    assert.deepEqual([rows, outcome, bytes > 20], [3, 'ok', true], format)
  }
  await client.query('create temp table c(a int, b text)')
  client.send(query('copy c from stdin'), line('1\ta\n'.repeat(1_000)), DONE)
  await client.answers()
  const { rows, bytes } = lastEnding()
  assert.deepEqual([rows, bytes > 4_000], [1_000, true])
  client.send(query('copy c from stdin'), line('1\ta\n'), FAIL)
  await client.answers()
  assert.deepEqual(
    { ...lastEnding(), bytes: 0 },
    { outcome: 'cancelled', rows: 0, bytes: 0, errorCode: '57014' },
  )
  client.close()
})

const count = async () => (await direct.query('select count(*)::int as n from copy_kept')).rows[0].n

test(
  'who goes away in the middle of COPY leaves nothing, and the connection is replaced',
  options,
  async () => {
    for (const begin of [
      [query('copy copy_kept from stdin')],
      [...extended('copy copy_kept from stdin'), FLUSH],
    ]) {
      const client = await RawClient.open(door.url())
      client.send(...begin, line('1\n2\n'))
      while ((await client.frame()).code !== 0x47);
      client.socket.destroy()
      const next = await RawClient.open(door.url())
      assert.deepEqual(await next.query('select count(*) from copy_kept'), [
        'rowDescription',
        'row 0',
        'SELECT 1',
        'idle',
      ])
      const ended = door.endings().findLast(({ id }) =>
        door
          .recorded()
          .find((one) => one.id === id)
          ?.sql.startsWith('copy'),
      )
      assert.equal(ended?.outcome, 'cancelled')
      next.close()
    }
    assert.equal(await count(), 0)
  },
)

test('who goes away in the middle of COPY TO frees the connection', options, async () => {
  const client = await RawClient.open(door.url())
  client.send(query("copy (select repeat('x', 1000) from generate_series(1, 1000000)) to stdout"))
  while ((await client.frame()).code !== 0x64);
  client.socket.destroy()
  const next = await RawClient.open(door.url())
  assert.deepEqual(await next.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  next.close()
})

const REFUSED: readonly (readonly [user: string, text: string])[] = [
  ['reader', 'copy copy_closed to stdout'],
  ['reader', 'copy (select a from copy_open union all table copy_closed) to stdout'],
  ['reader', 'copy (delete from copy_open returning a) to stdout'],
  ['reader', 'copy (select pg_read_file(b) from copy_open) to stdout'],
  ['reader', 'copy copy_open from stdin'],
  ['reader', 'copy copy_open (a) from stdin where a in (table copy_closed)'],
  ['reader', 'copy copy_open to stdout; copy copy_closed to stdout'],
  ...['reader', 'writer'].flatMap((user) => [
    [user, "copy copy_open to '/tmp/articdbm-copied'"] as const,
    [user, "copy copy_open from '/etc/hostname'"] as const,
    [user, "copy copy_open to program 'cat'"] as const,
    [user, "copy copy_open from program 'echo 1'"] as const,
  ]),
]
for (const [user, text] of REFUSED) {
  test(`${user} may not: ${text}`, options, async () => {
    const client = await RawClient.open(door.url(user))
    client.send(query(text), line('1\n'), DONE)
    assert.deepEqual(await client.summary(), ['error 42501', 'idle'])
    client.send(...extended(text), SYNC, line('1\n'), DONE, SYNC)
    assert.deepEqual(await client.summary(2), ['error 42501', 'idle', 'idle'])
    assert.deepEqual(
      door
        .recorded()
        .slice(-2)
        .map(({ verdict }) => verdict),
      ['block', 'block'],
    )
    client.close()
  })
}

test('a reader copies out what is granted', options, async () => {
  const client = await RawClient.open(door.url('reader'))
  const out = ['copyOutResponse', 'unknown', 'unknown', 'unknown', 'copyDone', 'COPY 3', 'idle']
  assert.deepEqual(await client.query('copy copy_open to stdout'), out)
  assert.deepEqual(await client.query('copy (select a from copy_open) to stdout'), out)
  client.close()
})
