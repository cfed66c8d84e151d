// psql's \d and kin on a SQLite file: queries on PostgreSQL's catalog, answered from SQLite's.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { openDoor, type TestDoor } from './pg/door.ts'
import { createShopFile } from './pg/shop-file.ts'

const exec = promisify(execFile)
const options = { timeout: 30_000 }
const file = createShopFile()
let door: TestDoor
before(async () => {
  const database = new DatabaseSync(file.path)
  database.exec(`
    create table items(id integer primary key, order_id int not null references orders(id) on delete cascade,
      sku varchar(20) unique default 'x', n int);
    create index items_n on items(n) where n > 0;
    create view big as select * from orders where total > 5;
    create trigger counted after insert on items begin update orders set odd = 1; end;
    create table "We$ird.[1]"(a, primary key(a));
    create table "it's"(b)`)
  database.close()
  door = await openDoor({ sqliteFile: file.path, readableInFile: ['orders'] })
})
after(async () => {
  await door?.close()
  file.remove()
})

async function psql(command: string, user = 'ada'): Promise<string> {
  const run = exec('psql', [door.url(user, 'files'), '-X', '-c', command])
  const { stdout, stderr } = await run.catch((failure: Awaited<typeof run>) => failure)
  return (stdout + stderr).replaceAll(/ +$/gm, '').trim()
}

const rowsOf = async (command: string) => (await psql(command)).split('\n').slice(3, -1)

test('\\dt, \\dv, \\di and \\d list what there is', options, async () => {
  assert.deepEqual(await rowsOf('\\dt'), [
    ' main   | We$ird.[1] | table |',
    " main   | it's       | table |",
    ' main   | items      | table |',
    ' main   | many       | table |',
    ' main   | orders     | table |',
  ])
  assert.deepEqual(await rowsOf('\\dv'), [' main   | big  | view |'])
  assert.deepEqual(await rowsOf('\\di'), [' main   | items_n | index |       | items'])
  assert.equal((await rowsOf('\\d')).length, 6)
  assert.deepEqual(await rowsOf('\\dv+'), [' main   | big  | view |       | permanent   |      |'])
})

const PATTERNS: readonly (readonly [string, readonly string[]])[] = [
  ['\\dt I*', ["it's", 'items']],
  ['\\dt ?rders', ['orders']],
  ['\\dt main.many', ['many']],
  ['\\dt public.many', ['many']],
  ['\\dt m*.many', ['many']],
  ['\\dt "We$ird.[1]"', ['We$ird.[1]']],
  ['\\dt "it\'s"', ["it's"]],
]
for (const [command, names] of PATTERNS) {
  test(`${command} lists ${names.join(' and ')}`, options, async () => {
    const listed = (await rowsOf(command)).map((row) => row.split('|')[1]?.trim())
    assert.deepEqual(listed, names)
  })
}

test('what is not there is not found', options, async () => {
  assert.match(await psql('\\dt other.*'), /Did not find any relation/)
  assert.match(await psql('\\d nothing'), /Did not find any relation named "nothing"/)
  assert.match(await psql('\\dt "i*"'), /Did not find any relation/)
})

test('\\d of a table shows columns, indexes, foreign keys and triggers', options, async () => {
  assert.equal(
    await psql('\\d items'),
    `Table "main.items"
  Column  |    Type     | Collation | Nullable | Default
----------+-------------+-----------+----------+---------
 id       | integer     |           | not null |
 order_id | int         |           | not null |
 sku      | varchar(20) |           |          | 'x'
 n        | int         |           |          |
Indexes:
    "rowid" PRIMARY KEY, btree (id)
    "items_n" btree (n) where n > 0
    "sqlite_autoindex_items_1" UNIQUE CONSTRAINT, btree (sku)
Foreign-key constraints:
    "items_fk0" FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
Triggers:
    counted after insert on items begin update orders set odd = 1; end`,
  )
  assert.match(await psql('\\d+ items'), / order_id \| int +\| +\| not null \| +\| plain /)
  assert.match(
    await psql('\\d "We$ird.[1]"'),
    /Table "main\.We\$ird\.\[1\]"[\s\S]*PRIMARY KEY, btree \(a\)/,
  )
  assert.match(await psql('\\d "it\'s"'), /Table "main\.it's"[\s\S]* b /)
})

test('\\d of a view and of an index show what they are made of', options, async () => {
  assert.match(await psql('\\d big'), /View "main\.big"[\s\S]* customer +\| text /)
  assert.match(await psql('\\d+ big'), /View definition:\nselect \* from orders where total > 5/)
  for (const command of ['\\d items_n', '\\d+ items_n']) {
    assert.match(
      await psql(command),
      /n +\| +\| yes {2}\| n[\s\S]*btree, for table "main.items", predicate \(n > 0\)/,
    )
  }
})

test('\\l, \\dn, \\df and \\conninfo say where one is', options, async () => {
  assert.deepEqual(await rowsOf('\\l'), [
    ' files |       | UTF8     |         |       |            |                 |',
  ])
  assert.match(await psql('\\l+'), / files \|/)
  assert.deepEqual(await rowsOf('\\dn'), [' main |'])
  assert.match(await psql('\\df'), /\(0 rows\)/)
  assert.match(await psql('\\conninfo'), /connected to database "files" as user "ada"/)
  assert.match(await psql('select current_database()'), /\n files\n/)
})

test(
  'grants hold: names are listed, a table that is not granted is not described',
  options,
  async () => {
    assert.match(await psql('\\dt', 'reader'), / items /)
    assert.match(await psql('\\d orders', 'reader'), / customer +\| text /)
    assert.match(
      await psql('\\d items', 'reader'),
      /permission denied: nothing grants reader "read" on table "items"/,
    )
  },
)

test('the audit shows what psql said', options, async () => {
  await psql('\\d orders')
  const said = door.recorded().map(({ sql }) => sql)
  assert.ok(said.some((sql) => sql.startsWith('SELECT a.attname,\n  pg_catalog.format_type')))
  assert.ok(said.every((sql) => !sql.includes('pragma_')))
})
