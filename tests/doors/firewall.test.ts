// Rules of one's own, bypasses and the guard on what destroys: the same on every door, and at once.
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
import { until } from '../support/replicated.ts'
import type { Rest } from '../support/rest.ts'

const NAME = 'guarded'
const CUSTOMERS = 'SELECT name FROM customers WHERE id = 1'
const TAUTOLOGY = "SELECT name FROM customers WHERE name = '' OR 'a' = 'a' ORDER BY id"
const HOUR_MS = 3_600_000

for (const engine of ['postgres', 'mariadb', 'sqlite'] as TestEngine[]) {
  describe(`${engine}: rules, bypasses and the guard`, { skip: skipReason(engine) }, () => {
    let product: Product
    let database: TestDatabase
    let rest: Rest
    let ann: Person
    let bob: Person

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, NAME)
      rest = await product.login()
      const grant = { database: NAME, schema: '*', table: '*', actions: ['read', 'write'] }
      ann = await product.addPerson('ann', [grant as never])
      bob = await product.addPerson('bob', [grant as never])
    })
    after(async () => {
      await database?.close()
      await product?.stop()
    })

    const ask = (door: DoorName, sql: string, person = ann) =>
      attempt(product, person, door, { database: NAME, statements: [sql] })

    for (const door of doorsOf(engine)) {
      test(`a rule is in force, and no longer, by ${door}`, async () => {
        assert.deepEqual((await ask(door, CUSTOMERS)).rows, [['Grace']])
        await rest.data('POST', 'rules', {
          ...{ name: 'no-names', database: NAME, action: 'block', isOn: true },
          ...{ message: 'names are not for reports', conditions: { tables: ['customers'] } },
        })
        const refused = await ask(door, CUSTOMERS)
        assert.deepEqual([refused.rule, refused.rows], ['rule.no-names', []], refused.message)
        assert.match(refused.message, /names are not for reports/)
        await rest.data('PATCH', 'rules/no-names', { conditions: { users: ['bob'] } })
        assert.deepEqual((await ask(door, CUSTOMERS)).rows, [['Grace']])
        assert.equal((await ask(door, CUSTOMERS, bob)).rule, 'rule.no-names')
        await rest.data('PATCH', 'rules/no-names', { isOn: false })
        assert.deepEqual((await ask(door, CUSTOMERS, bob)).rows, [['Grace']])
        await rest.data('DELETE', 'rules/no-names')
      })

      test(`a pattern is looked for in each text, by ${door}`, async () => {
        await rest.data('POST', 'rules', {
          ...{ name: 'not-two', action: 'block', isOn: true, conditions: { pattern: 'id = 2' } },
        })
        for (let round = 0; round < 3; round += 1) {
          assert.deepEqual((await ask(door, CUSTOMERS)).rows, [['Grace']])
        }
        assert.equal((await ask(door, CUSTOMERS.replace('1', '2'))).rule, 'rule.not-two')
        await rest.data('DELETE', 'rules/not-two')
      })

      test(`a bypass lets one statement through until it ends, by ${door}`, async () => {
        const refused = await ask(door, TAUTOLOGY)
        assert.match(refused.rule, /^injection\./)
        const entry = await entryOf(refused.verdictId)
        assert.ok(entry.findings.length > 0)
        for (const { start, end } of entry.findings) assert.ok(entry.sql.slice(start, end) !== '')
        const { id } = await rest.data('POST', 'bypasses', {
          ...{ database: NAME, rule: refused.rule, digest: entry.digest, reason: 'a test of it' },
          ...{ user: 'ann', validUntil: new Date(Date.now() + HOUR_MS).toISOString() },
        })
        assert.deepEqual((await ask(door, TAUTOLOGY)).rows, [['Grace'], ['Edsger']])
        assert.equal((await ask(door, TAUTOLOGY, bob)).rule, refused.rule)
        assert.equal((await ask(door, TAUTOLOGY.replace('name =', 'id ='))).rows.length, 0)
        await rest.data('DELETE', `bypasses/${id}`)
        assert.equal((await ask(door, TAUTOLOGY)).rule, refused.rule)
      })

      test(`what destroys is confirmed by who means it, by ${door}`, async () => {
        await rest.data('PATCH', `databases/${NAME}`, { policy: { destructive: 'confirm' } })
        const sql = "UPDATE orders SET status = 'open'"
        const refused = await ask(door, sql)
        assert.equal(refused.rule, 'destructive.unlimited', refused.message)
        const [comment = ''] = refused.message.match(/\/\* confirm [0-9a-f]{8} \*\//) ?? []
        assert.equal((await ask(door, `${sql} ${comment}`)).code, '')
        assert.equal((await ask(door, `UPDATE orders SET total = 0 ${comment}`)).rows.length, 0)
        const totals = await database.ask('SELECT count(*) FROM orders WHERE total = 0')
        assert.equal(Number(totals[0]?.[0]), 0)
        await rest.data('PATCH', `databases/${NAME}`, { policy: { destructive: 'off' } })
        assert.equal((await ask(door, sql)).code, '')
      })
    }

    test('a simulation tells what a rule would have blocked', async () => {
      const marked = 'SELECT count(*) AS simulated FROM orders WHERE id = 2'
      for (const person of [ann, ann, bob]) {
        await ask(doorsOf(engine)[0] as DoorName, marked, person)
      }
      const simulate = (conditions: object, part: object = {}) =>
        rest.data('POST', 'rules/simulate', { conditions, database: NAME, ...part })
      await until('the audit has them', async () => {
        const { matched } = await simulate({ pattern: 'AS simulated' })
        return matched === 3
      })
      const found = await simulate({ pattern: 'AS simulated', tables: ['orders'] })
      assert.deepEqual([found.stoppedBy, found.forwarded, found.unreadable], [null, 3, 0])
      assert.deepEqual(found.people, [
        { person: 'ann', count: 2 },
        { person: 'bob', count: 1 },
      ])
      assert.deepEqual([found.samples.length, found.samples[0].count], [1, 3])
      assert.equal((await simulate({ users: ['bob'], pattern: 'AS simulated' })).matched, 1)
      assert.equal((await simulate({ pattern: 'AS simulated', tables: ['customers'] })).matched, 0)
      const all = await simulate({ pattern: 'AS simulated' }, { database: null, days: 1 })
      assert.equal(all.matched, 3)
    })

    async function entryOf(id: string): Promise<{
      readonly digest: string
      readonly sql: string
      readonly findings: readonly { readonly start: number; readonly end: number }[]
    }> {
      await until('the audit has it', async () => {
        const found = await rest.data('GET', 'audit?verdict=block&limit=20')
        return found.some((one: { id: string }) => one.id === id)
      })
      return rest.data('GET', `audit/${id}`)
    }
  })
}
