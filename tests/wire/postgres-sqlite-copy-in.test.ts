// COPY … FROM STDIN into a SQLite file: as a PostgreSQL server takes it, and all of it or nothing.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { decodeBackend, encodeStartup } from '@articdbm/wire/postgres'
import { BACKEND_URL, openDoor, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const exec = promisify(execFile)
const options = { timeout: 60_000 }
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const folder = mkdtempSync(join(tmpdir(), 'articdbm-copy-'))
const file = createShopFile()
let door: TestDoor
before(async () => {
  const database = new DatabaseSync(file.path)
  database.exec(`
    create table plain(a text, b text);
    create table parents(id integer primary key);
    create table strict(id integer primary key, name text not null unique, age integer check (age >= 0),
      parent integer references parents(id) deferrable initially deferred,
      doubled integer generated always as (age * 2)) strict;
    create table watched(n integer);
    create trigger watches after insert on watched when new.n = 13 begin select raise(rollback, 'unlucky'); end`)
  database.close()
  door = await openDoor({ sqliteFile: file.path, readableInFile: ['orders', 'plain'] })
})
after(async () => {
  await door?.close()
  file.remove()
  rmSync(folder, { recursive: true, force: true })
})

const raw = (user = 'ada') => RawClient.open(door.url(user, 'files'))

function inFile(sql: string): readonly unknown[][] {
  const database = new DatabaseSync(file.path)
  try {
    return database.prepare(sql).all().map(Object.values)
  } finally {
    database.close()
  }
}

/** What the client is answered to a COPY with these bytes: summaries, then what an error says. */
async function copy(client: RawClient, text: string, ...chunks: string[]): Promise<string[]> {
  client.send({ kind: 'query', text })
  const begun = decodeBackend((await client.frame()).bytes)
  if (begun?.kind !== 'copyInResponse') return [...told(begun), ...(await client.summary())]
  for (const chunk of chunks) client.send({ kind: 'copyData', bytes: Buffer.from(chunk, 'latin1') })
  client.send({ kind: 'copyDone' })
  return (await client.answers()).flatMap(({ bytes }) => told(decodeBackend(bytes)))
}

function told(message: ReturnType<typeof decodeBackend>): string[] {
  if (message?.kind === 'commandComplete') return [message.tag]
  if (message?.kind === 'readyForQuery') return [message.status]
  if (message?.kind !== 'errorResponse') return [message?.kind ?? 'unknown']
  return ['C', 'M', 'W', 'H'].flatMap(
    (field) => message.fields.get(field)?.replace(/"UTF8": 0x\w+$/, '"UTF8"') ?? [],
  )
}

const ENTRIES: readonly (readonly [options: string, data: string])[] = [
  ['', 'one\ttwo\n\\N\t\n'],
  ['', 'no newline\tat the end'],
  ['', 'windows\tends\r\nhere\ttoo\r\n'],
  ['', 'tab\\tand\\nline\\\\\t\\x41\\101\\q\\\na\n'],
  ['', '\\303\\251\t\xc3\xa9\n'],
  ['', 'before\tend\n\\.\nafter\tend\n'],
  ['', ''],
  ['(header)', 'a\tb\none\ttwo\n'],
  ["(delimiter '|', null '')", '|x\ny\\|z|\n'],
  ['csv', 'plain,"with ""quotes"", and\na line"\n,""\n'],
  ['csv header', 'a,b\r\n1,2\r\n'],
  ["(format csv, quote '''', escape '\\', null 'N')", "'it\\'s','N'\nN,mid'dle'\n"],
  ["csv delimiter ';' quote as '|'", '|a;b|;c\n'],
  ['csv', 'a,b\n\\.\nc,d\n'],
  ['', 'one\n'],
  ['', 'one\ttwo\nthree\n'],
  ['', 'one\ttwo\tthree\n'],
  ['', '\n'],
  ['', 'a\tb\ncarriage\rreturn\tb\n'],
  ['', 'a\tb\r\na\tb\n'],
  ['', 'bad\t\xff\n'],
  ['', 'bad\t\\377\n'],
  ['', `${'long'.repeat(40)}\n`],
  ['csv', 'a,b\na,"b\n'],
  ['csv', 'a,b\n\n'],
  ['csv', 'a,b\na,b\rc\n'],
  ['csv', '"x\ny",2\nonly\n'],
]
for (const [written, data] of ENTRIES) {
  const name = JSON.stringify(data).slice(0, 50)
  test(`as a server takes it: ${written} ${name}`, { ...options, skip }, async () => {
    const outcomes: unknown[] = []
    for (const url of [door.url('ada', 'files'), BACKEND_URL ?? '']) {
      const client = await RawClient.open(url)
      await client.query('create temporary table copied(a text, b text)')
      const answers = await copy(client, `copy copied from stdin ${written}`, ...data)
      const rows = await client.query('select a, b from copied')
      outcomes.push([answers, rows])
      client.close()
    }
    assert.deepEqual(outcomes[0], outcomes[1])
  })
}

const AGAIN = `create table again(id integer primary key, customer text, total real, paid boolean, note blob,
  price numeric(10,2), ordered_at timestamp, odd integer)`

test('psql copies a file of its own in, and what came out goes in as it was', options, async () => {
  const psql = (...commands: string[]) =>
    exec('psql', [door.url('ada', 'files'), '-XAtq', ...commands.flatMap((one) => ['-c', one])])
  for (const format of ['', 'csv header', "(format csv, delimiter ';', quote '~', escape '!')"]) {
    const path = join(folder, 'orders')
    await psql(
      `\\copy orders to '${path}' ${format}`,
      AGAIN,
      `\\copy main.again from '${path}' ${format}`,
    )
    assert.deepEqual(inFile('select * from again'), inFile('select * from orders'))
    await psql('drop table again')
  }
  writeFileSync(join(folder, 'many'), Array.from({ length: 30_000 }, (_, at) => `${at}\n`).join(''))
  await psql('create table lots(n integer)', `\\copy lots from '${join(folder, 'many')}'`)
  assert.deepEqual(inFile('select count(*), sum(n) from lots'), [[30_000, 449_985_000]])
  assert.equal(door.endings().at(-1)?.rows, 30_000)
  assert.ok((door.endings().at(-1)?.bytes ?? 0) > 168_890)
  assert.match(door.recorded().at(-1)?.sql ?? '', /^COPY\s+lots FROM STDIN/)
})

const BROKEN: readonly (readonly [sql: string, data: string, answer: readonly string[]])[] = [
  ['strict(id, name)', '1\ta\n2\t\\N\n', ['23502', 'NOT NULL constraint failed: strict.name']],
  ['strict(id, name)', '1\ta\n2\ta\n', ['23505', 'UNIQUE constraint failed: strict.name']],
  ['strict(id, name, age)', '1\ta\t1\n2\tb\t-1\n', ['23514', 'CHECK constraint failed: age >= 0']],
  [
    'strict(id, name, age)',
    '1\ta\t1\n2\tb\tx\n',
    ['42804', 'cannot store TEXT value in INTEGER column strict.age'],
  ],
  ['watched', '1\n13\n', ['P0001', 'unlucky']],
]
for (const [target, data, answer] of BROKEN) {
  test(`undoes all of it: ${answer[1]}`, options, async () => {
    const client = await raw()
    const [table = ''] = target.split('(')
    const answers = await copy(client, `copy ${target} from stdin`, data)
    assert.deepEqual(answers, [...answer, `COPY ${table}, line 2`, 'idle'])
    assert.deepEqual(inFile(`select * from ${table}`), [])
    assert.equal(door.endings().at(-1)?.errorCode, answer[0])
    client.close()
  })
}

test('a deferred constraint that fails at the end undoes it too', options, async () => {
  const client = await raw()
  const answers = await copy(client, 'copy strict(name, parent) from stdin', 'a\t7\n')
  assert.deepEqual(answers, ['23503', 'FOREIGN KEY constraint failed', 'idle'])
  assert.deepEqual(inFile('select * from strict'), [])
  assert.deepEqual(await copy(client, 'copy parents from stdin', '7\n'), ['COPY 1', 'idle'])
  assert.deepEqual(await copy(client, 'copy strict(name, parent) from stdin', 'a\t7\n'), [
    'COPY 1',
    'idle',
  ])
  await client.query('delete from strict')
  client.close()
})

test('inside a transaction it fails with it, and a savepoint leads back', options, async () => {
  const client = await raw()
  await client.query('begin')
  assert.deepEqual(await copy(client, 'copy plain from stdin', 'a\tb\n'), ['COPY 1', 'active'])
  await client.query('savepoint here')
  const failed = await copy(client, 'copy plain from stdin', 'c\td\ne\n')
  assert.deepEqual(failed.slice(-2), ['COPY plain, line 2: "e"', 'failed'])
  assert.deepEqual(await client.query('select 1'), ['error 25P02', 'failed'])
  await client.query('rollback to here')
  assert.deepEqual(await client.query('select a from plain'), [
    'rowDescription',
    'row a',
    'SELECT 1',
    'active',
  ])
  await client.query('rollback')
  assert.deepEqual(await client.query('begin read only'), ['BEGIN', 'active'])
  assert.equal((await copy(client, 'copy plain from stdin', 'a\tb\n'))[0], '25006')
  client.close()
})

test('CopyFail undoes it, with the reason and the line', options, async () => {
  const client = await raw()
  client.send({ kind: 'query', text: 'copy plain from stdin' })
  assert.equal(decodeBackend((await client.frame()).bytes)?.kind, 'copyInResponse')
  client.send(
    { kind: 'copyData', bytes: Buffer.from('a\tb\n'.repeat(1_000)) },
    { kind: 'copyFail', reason: 'had enough' },
  )
  const answers = (await client.answers()).flatMap(({ bytes }) => told(decodeBackend(bytes)))
  assert.deepEqual(answers, [
    '57014',
    'COPY from stdin failed: had enough',
    'COPY plain, line 1001',
    'idle',
  ])
  assert.deepEqual(inFile('select * from plain'), [])
  client.close()
})

test('a cancel in the middle of it is met by the next line', options, async () => {
  const client = await raw()
  client.send({ kind: 'query', text: 'copy plain from stdin' })
  assert.equal(decodeBackend((await client.frame()).bytes)?.kind, 'copyInResponse')
  client.send({ kind: 'copyData', bytes: Buffer.from('a\tb\n'.repeat(1_000)) })
  const socket = await rawSocket(door)
  const key = { processId: 0, secret: Buffer.alloc(4), ...client.cancelKey }
  socket.end(encodeStartup({ kind: 'cancelRequest', ...key }))
  await once(socket.resume(), 'close')
  client.send({ kind: 'copyData', bytes: Buffer.from('a\tb\n') })
  assert.deepEqual(await client.summary(), ['error 57014', 'idle'])
  assert.deepEqual(inFile('select * from plain'), [])
  client.close()
})

test(
  'a client that goes away in the middle has copied nothing, and locks nobody out',
  options,
  async () => {
    const client = await raw()
    client.send({ kind: 'query', text: 'copy plain from stdin' })
    assert.equal(decodeBackend((await client.frame()).bytes)?.kind, 'copyInResponse')
    client.send({ kind: 'copyData', bytes: Buffer.from('a\tb\n'.repeat(10_000)) })
    const before = door.endings().length
    client.socket.destroy()
    while (door.endings().length === before) await sleep(20)
    assert.equal(door.endings().at(-1)?.outcome, 'cancelled')
    const other = await raw()
    assert.deepEqual(await copy(other, 'copy plain from stdin', 'c\td\n'), ['COPY 1', 'idle'])
    assert.deepEqual(inFile('select a from plain'), [['c']])
    await other.query('delete from plain')
    other.close()
  },
)

test('by the extended protocol, with the Sync that came too early', options, async () => {
  const client = await raw()
  const text = 'copy plain (b) from stdin csv'
  client.send(
    { kind: 'parse', statement: '', text, parameterTypes: [] },
    {
      kind: 'bind',
      ...{ portal: '', statement: '' },
      ...{ parameterFormats: [], parameters: [], resultFormats: [] },
    },
    { kind: 'describe', target: 'portal', name: '' },
    { kind: 'execute', portal: '', maxRows: 0 },
    { kind: 'sync' },
    { kind: 'copyData', bytes: Buffer.from('x\ny\n') },
    { kind: 'copyDone' },
    { kind: 'sync' },
  )
  assert.deepEqual(await client.summary(), [
    'parseComplete',
    'bindComplete',
    'noData',
    'copyInResponse',
    'COPY 2',
    'idle',
  ])
  assert.deepEqual(inFile('select * from plain'), [
    [null, 'x'],
    [null, 'y'],
  ])
  assert.deepEqual(await client.query('delete from plain'), ['DELETE 2', 'idle'])
  client.close()
})

const WRONG: readonly (readonly [text: string, code: string])[] = [
  ['copy nowhere from stdin', '42P01'],
  ['copy plain (a, c) from stdin', '42703'],
  ['copy plain (a, A) from stdin', '42701'],
  ['copy strict (doubled) from stdin', '42P10'],
]
for (const [text, code] of WRONG) {
  test(`takes no line for: ${text}`, options, async () => {
    const client = await raw()
    assert.equal((await copy(client, text, 'a\n'))[0], code)
    client.close()
  })
}

const REFUSED = [
  'copy plain from stdin',
  'copy plain (a) from stdin csv',
  'copy main."plain" from stdin',
  'copy many from stdin',
  'copy sqlite_schema from stdin',
  'copy plain from stdin; drop table plain',
  'copy plain from stdin (format binary)',
  'copy plain from stdin where a = 1',
  "copy plain from '/etc/passwd'",
  "copy plain from program 'id'",
]
for (const text of REFUSED) {
  test(`a reader may not: ${text}`, options, async () => {
    const client = await raw('reader')
    assert.equal((await copy(client, text, 'a\n'))[0], '42501')
    assert.deepEqual(inFile('select * from plain'), [])
    client.close()
  })
}
