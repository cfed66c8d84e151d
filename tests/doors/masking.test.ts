// Masked columns: on every door, in text and binary results, in sessions that are open, and not to be got round.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import pg from 'pg'
import Cursor from 'pg-cursor'
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { attempt, type DoorName, doorsOf } from '../support/doors.ts'
import { type Person, Product } from '../support/product.ts'
import type { Rest } from '../support/rest.ts'

const NAME = 'masked'
const EVERYTHING = 'SELECT * FROM customers ORDER BY id'

interface Setting {
  readonly product: Product
  readonly database: TestDatabase
  readonly rest: Rest
  readonly bob: Person
  readonly boss: Person
}

async function setUp(engine: TestEngine): Promise<Setting> {
  const product = await Product.start()
  const database = await addTestDatabase(product, engine, NAME)
  await database.ask("INSERT INTO customers VALUES (3, 'a-secret-name-0042'), (4, NULL)")
  const rest = await product.login()
  const grant = { database: NAME, schema: '*', table: '*', actions: ['read', 'write'] }
  const bob = await product.addPerson('bob', [grant as never])
  const boss = await product.addPerson('boss', [grant as never])
  await rest.data('POST', 'masks', {
    ...{ database: NAME, table: 'customers', column: 'name', form: 'partial' },
    exceptUsers: ['boss'],
  })
  await rest.data('POST', 'masks', {
    ...{ database: NAME, table: 'orders', column: 'total', form: 'full' },
  })
  return { product, database, rest, bob, boss }
}

const PLAIN = [
  [1, 'Grace'],
  [2, 'Edsger'],
  [3, 'a-secret-name-0042'],
  [4, null],
]
const MASKED = [
  [1, '****e'],
  [2, '****r'],
  [3, '****0042'],
  [4, null],
]

/** Each would show a name, or say whether it is one. */
const ROUND_ABOUT = [
  "SELECT id FROM customers WHERE name LIKE 'a-secret%'",
  'SELECT id FROM customers ORDER BY name',
  'SELECT name FROM customers ORDER BY 1',
  'SELECT upper(name) FROM customers',
  'SELECT max(name) FROM customers',
  'SELECT x.n FROM (SELECT name AS n FROM customers) x',
  'SELECT x.name FROM (SELECT * FROM customers) x',
  'SELECT (SELECT name FROM customers WHERE id = 3)',
  'SELECT DISTINCT name FROM customers',
  "SELECT name FROM customers UNION ALL SELECT 'x' FROM customers WHERE id = 1",
  'INSERT INTO orders (id, status) SELECT id + 100, name FROM customers WHERE id = 1',
  "UPDATE customers SET name = 'x' WHERE name = 'Grace'",
  'UPDATE orders SET status = (SELECT name FROM customers WHERE id = 1) WHERE id = 1',
]

for (const engine of ['postgres', 'mariadb', 'sqlite'] as TestEngine[]) {
  describe(`${engine}: masked columns`, { skip: skipReason(engine) }, () => {
    let there: Setting
    before(async () => {
      there = await setUp(engine)
    })
    after(async () => {
      await there?.database.close()
      await there?.product.stop()
    })
    const ask = (door: DoorName, sql: string, person = there.bob) =>
      attempt(there.product, person, door, { database: NAME, statements: [sql] })
    const plain = (rows: readonly (readonly unknown[])[]) =>
      rows.map(([id, ...rest]) => [Number(id), ...rest])

    for (const door of doorsOf(engine)) {
      test(`are shown as their masks say, by ${door}`, async () => {
        const found = await ask(door, EVERYTHING)
        assert.deepEqual(plain(found.rows), MASKED, found.message)
        const named = await ask(door, 'SELECT c.id, c.name AS n FROM customers c ORDER BY c.id')
        assert.deepEqual(plain(named.rows), MASKED, named.message)
        const number = await ask(door, 'SELECT id, total, status FROM orders WHERE id = 1')
        assert.deepEqual(plain(number.rows), [[1, null, 'open']], number.message)
      })

      test(`are shown to those who are excepted, by ${door}`, async () => {
        assert.deepEqual(plain((await ask(door, EVERYTHING, there.boss)).rows), PLAIN)
      })

      test(`can not be got at another way, by ${door}`, async () => {
        for (const sql of ROUND_ABOUT) {
          const found = await ask(door, sql)
          assert.match(found.rule, /^masking\./, `${sql}: ${found.message}`)
          assert.deepEqual(found.rows, [])
        }
        assert.deepEqual(plain((await there.database.ask(EVERYTHING)) as unknown[][]), PLAIN)
        assert.equal((await ask(door, 'SELECT count(*) FROM customers')).code, '')
      })
    }

    test('can be written by who can not see them', async () => {
      const [door] = doorsOf(engine)
      assert.ok(door)
      const made = await ask(door, "INSERT INTO customers (id, name) VALUES (9, 'written')")
      assert.equal(made.code, '', made.message)
      const changed = await ask(door, "UPDATE customers SET name = 'changed' WHERE id = 9")
      assert.equal(changed.code, '', changed.message)
      const rows = await there.database.ask('SELECT name FROM customers WHERE id = 9')
      assert.deepEqual(rows, [['changed']])
      assert.equal((await ask(door, 'DELETE FROM customers WHERE id = 9')).code, '')
    })

    test('a COPY of a masked table is refused, one of another is not', {
      skip: engine === 'mariadb' && 'MySQL has no COPY',
    }, async () => {
      for (const sql of [
        'COPY customers TO STDOUT',
        'COPY (SELECT name FROM customers) TO STDOUT',
      ]) {
        const found = await ask('postgres', sql)
        assert.equal(found.rule, 'masking.form', `${sql}: ${found.message}`)
      }
      assert.doesNotMatch((await ask('postgres', 'COPY secrets TO STDOUT')).rule, /masking/)
    })

    if (engine === 'postgres') openSessions(() => there)
    if (engine === 'mariadb') severalResults(() => there)
  })
}

/** What only a driver of PostgreSQL can ask for. */
function openSessions(there: () => Setting): void {
  let client: pg.Client
  before(async () => {
    const { name: user, password } = there().bob
    const port = there().product.ports.postgres
    client = new pg.Client({ host: '127.0.0.1', port, user, password, database: NAME })
    // The product is stopped first: hooks run in the order in which they stand.
    client.on('error', () => undefined)
    await client.connect()
  })
  after(() => client?.end().catch(() => undefined))
  const query = async (wish: object): Promise<unknown[][]> =>
    (await client.query({ rowMode: 'array', ...wish } as pg.QueryArrayConfig)).rows

  test('binary results are masked', async () => {
    assert.deepEqual(await query({ text: EVERYTHING, binary: true }), MASKED)
    assert.deepEqual(
      await query({ text: 'SELECT id, total FROM orders WHERE id = 1', binary: true }),
      [[1, null]],
    )
  })

  test('a portal is masked from its first row to its last', async () => {
    const cursor = client.query(new Cursor(EVERYTHING, [], { rowMode: 'array' }))
    const found: unknown[] = []
    for (let rows = await cursor.read(1); rows.length > 0; rows = await cursor.read(1))
      found.push(...rows)
    await cursor.close()
    assert.deepEqual(found, MASKED)
  })

  test('several statements in one text are masked each', async () => {
    const results = (await client.query({
      text: `SELECT id FROM orders WHERE id = 1; ${EVERYTHING}; SELECT total FROM orders WHERE id = 1`,
      rowMode: 'array',
    } as never)) as unknown as { rows: unknown[][] }[]
    assert.deepEqual(
      results.map(({ rows }) => rows),
      [[[1]], MASKED, [[null]]],
    )
  })

  test('what was prepared before a mask was made is masked after, and plain once it is gone', async () => {
    const text = 'SELECT status FROM orders WHERE id = $1'
    const wish = { name: 'status', text, values: [1] }
    for (let round = 0; round < 3; round++) assert.deepEqual(await query(wish), [['open']])
    const { id } = await there().rest.data('POST', 'masks', {
      ...{ database: NAME, table: 'orders', column: 'status', form: 'hash' },
    })
    const hidden = String((await query(wish))[0]?.[0])
    assert.match(hidden, /^[0-9a-f]{16}$/)
    assert.deepEqual(await query({ ...wish, values: [3] }), [[hidden]])
    assert.notDeepEqual(await query({ ...wish, values: [2] }), [[hidden]])
    await there().rest.data('DELETE', `masks/${id}`)
    assert.deepEqual(await query(wish), [['open']])
  })

  test('what a change returns is masked, and an error tells nothing of a row', async () => {
    const text = 'UPDATE customers SET id = id WHERE id = 3 RETURNING *'
    assert.deepEqual(await query({ text }), [[3, '****0042']])
    await there().database.ask('ALTER TABLE customers ADD CONSTRAINT small CHECK (id < 100)')
    for (const values of [undefined, [103]]) {
      const change = `UPDATE customers SET id = ${values ? '$1' : '103'} WHERE id = 3`
      await assert.rejects(client.query(change, values), (error: pg.DatabaseError) => {
        assert.deepEqual([error.code, error.detail], ['23514', undefined])
        assert.doesNotMatch(JSON.stringify({ ...error, message: error.message }), /0042/)
        return true
      })
    }
  })
}

function severalResults(there: () => Setting): void {
  test('an error tells nothing of a key that is there twice, nor do warnings', async () => {
    await there().database.ask(
      'CREATE TABLE pairs (id int PRIMARY KEY, name varchar(40), n int, UNIQUE (name, n))',
    )
    await there().database.ask(
      "INSERT INTO pairs VALUES (1, 'a-secret-name', 1), (2, 'a-secret-name', 2)",
    )
    await there().rest.data('POST', 'masks', {
      ...{ database: NAME, table: 'pairs', column: 'name', form: 'full' },
    })
    const { name: user, password } = there().bob
    const port = there().product.ports.mysql
    const wish = { host: '127.0.0.1', port, user, password, database: NAME }
    const client = await mysql.createConnection(wish)
    const said: string[] = []
    for (const change of [
      'UPDATE pairs SET n = 2 WHERE id = 1',
      'UPDATE IGNORE pairs SET n = 2 WHERE id = 1',
    ]) {
      await client.query(change).catch((error: Error) => said.push(error.message))
      await client.execute(change).catch((error: Error) => said.push(error.message))
      said.push(JSON.stringify((await client.query('SHOW WARNINGS'))[0]))
    }
    client.destroy()
    assert.equal(said.filter((text) => /Duplicate entry for key/.test(text)).length, 2, said.join())
    assert.doesNotMatch(said.join(), /secret/)
  })

  test('each is masked, whatever character set names come in', async () => {
    const { name: user, password } = there().bob
    const wish = { user, password, database: NAME, multipleStatements: true, rowsAsArray: true }
    const port = there().product.ports.mysql
    const client = await mysql.createConnection({ host: '127.0.0.1', port, ...wish })
    const [results] = await client.query(`SELECT id FROM orders WHERE id = 1; ${EVERYTHING}`)
    assert.deepEqual(results, [[[1]], MASKED])
    await client.query("SET character_set_results = 'utf16'")
    await assert.rejects(client.query(EVERYTHING), /other columns than were judged/)
    client.destroy()
  })
}
