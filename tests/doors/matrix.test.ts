// One verdict on every door: door × engine × rule. The same statement by the same person gives the same verdict, the
// same rule, and one audit row that says so, whichever way it came.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { attempt, type DoorName, doorsOf } from '../support/doors.ts'
import { type Person, Product } from '../support/product.ts'

const AUDIT_DOOR: Readonly<Record<DoorName, string>> = {
  postgres: 'postgres',
  'postgres prepared': 'postgres',
  mysql: 'mysql',
  'mysql prepared': 'mysql',
  rest: 'rest',
  console: 'console',
}

/** Rule to statement; '' is a plain allow. `marker` makes each statement findable in the audit. */
const EVERYWHERE: readonly (readonly [string, string])[] = [
  ['', 'SELECT id, total FROM orders WHERE id = 1'],
  ['', 'SELECT count(*) FROM orders'],
  ['grant.missing', 'SELECT * FROM secrets'],
  ['grant.missing', "UPDATE orders SET status = 'gone'"],
  ['grant.missing', 'DELETE FROM orders'],
  ['grant.missing', 'DROP TABLE orders'],
  ['grant.missing', 'INSERT INTO orders (id) VALUES (99)'],
  ['grant.missing', 'WITH s AS (SELECT * FROM secrets) SELECT * FROM s'],
  ['function.ungranted', 'SELECT no_such_function(id) FROM orders'],
  ['statement.incomplete', 'SELEC * FROM orders'],
  ['injection.tautology', 'SELECT id FROM orders WHERE id = 7 OR 1 = 1'],
]

const BY_ENGINE: Readonly<Record<TestEngine, readonly (readonly [string, string])[]>> = {
  postgres: [
    ['resource.blocked', 'SELECT * FROM pg_authid'],
    ['function.dangerous', "SELECT pg_read_file('/etc/passwd')"],
    ['setting.refused', 'SET search_path = other'],
  ],
  mariadb: [
    ['resource.blocked', 'SELECT * FROM mysql.user'],
    ['function.dangerous', "SELECT load_file('/etc/passwd')"],
    ['setting.refused', 'SET GLOBAL max_connections = 5'],
  ],
  sqlite: [
    ['resource.blocked', 'SELECT * FROM sqlite_stat1'],
    ['function.dangerous', "SELECT load_extension('x')"],
  ],
}

for (const engine of Object.keys(BY_ENGINE) as TestEngine[]) {
  describe(`${engine}: the same verdict on every door`, { skip: skipReason(engine) }, () => {
    let product: Product
    let database: TestDatabase
    let reader: Person

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, 'matrix')
      reader = await product.addPerson('reader', [
        { database: 'matrix', table: 'orders', actions: ['read'] },
      ])
    })
    after(async () => {
      await database?.close()
      await product?.stop()
    })

    for (const [rule, sql] of [...EVERYWHERE, ...BY_ENGINE[engine]]) {
      test(`${rule || 'allow'}: ${sql}`, async () => {
        const digests = new Set<string>()
        const answers = new Set<string>()
        for (const door of doorsOf(engine)) {
          const known = await auditEntries(product, { door: AUDIT_DOOR[door], sql })
          const result = await attempt(product, reader, door, {
            database: 'matrix',
            statements: [sql],
          })
          assert.equal(result.rule, rule, `${door}: ${result.code} ${result.message}`)
          const entry = await auditEntry(product, { door: AUDIT_DOOR[door], sql }, known)
          assert.equal(entry.rule, rule, door)
          assert.equal(entry.verdict, rule === '' ? 'allow' : 'block', door)
          assert.equal(entry.principal, 'reader')
          assert.equal(entry.database, 'matrix')
          if (rule !== '') assert.equal(entry.id, result.verdictId, door)
          digests.add(entry.digest)
          answers.add(JSON.stringify(result.rows.map((row) => row.map(String))))
        }
        assert.equal(digests.size, 1)
        assert.equal(answers.size, 1)
      })
    }
  })
}

interface Search {
  readonly door: string
  readonly sql: string
}

/** The one audit row of this statement by this door that wasn't known before; waits until it was shipped. */
async function auditEntry(product: Product, search: Search, known: readonly { id: string }[]) {
  const deadline = Date.now() + 30_000
  const ids = new Set(known.map(({ id }) => id))
  while (Date.now() < deadline) {
    const entries = (await auditEntries(product, search)).filter(
      ({ id }: { id: string }) => !ids.has(id),
    )
    assert.ok(entries.length <= 1, `${entries.length} audit rows for one statement: ${search.door}`)
    if (entries[0]) return entries[0]
    await new Promise((done) => setTimeout(done, 50))
  }
  const rest = await product.login()
  const [latest] = await rest.data('GET', 'audit?limit=1')
  throw new Error(`no audit row for ${search.sql} by ${search.door}: ${JSON.stringify(latest)}`)
}

async function auditEntries(product: Product, { door, sql }: Search) {
  const rest = await product.login()
  const query = new URLSearchParams({ kind: 'statement', door, sql, principal: 'reader' })
  return await rest.data('GET', `audit?${query}`)
}
