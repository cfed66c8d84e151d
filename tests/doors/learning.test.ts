// An application that is known goes on; what it was never seen to do is refused on every door, and at once.
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

const NAME = 'habitual'
const ROUNDS = 60

const PAGE = (n: number): readonly string[] => [
  `SELECT id, total FROM orders WHERE id = ${n % 3}`,
  `SELECT id FROM orders WHERE status = 's${n}' AND customer_id = ${n} ORDER BY id LIMIT 10`,
  `SELECT id FROM orders WHERE id IN (${n}, ${n + 1}, ${n + 2})`,
  `UPDATE orders SET status = 'open' WHERE id = ${n % 3}`,
]
const NEW_VALUES = 'SELECT id FROM orders WHERE id IN (1) ORDER BY id LIMIT 5'
const STRANGE = [
  'SELECT name FROM customers WHERE id = 1',
  "SELECT id FROM orders WHERE id = 'x'",
  'SELECT id FROM orders WHERE id = 1 OR total > 1',
  'SELECT id, total FROM orders WHERE id = 1 UNION SELECT id, 1 FROM customers',
]

for (const engine of ['postgres', 'mariadb', 'sqlite'] as TestEngine[]) {
  describe(`${engine}: what an application is known for`, { skip: skipReason(engine) }, () => {
    let product: Product
    let database: TestDatabase
    let rest: Rest
    const people = new Map<DoorName, Person>()

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, NAME)
      rest = await product.login()
      const grant = { database: NAME, schema: '*', table: '*', actions: ['read', 'write'] }
      // Somebody else on each door: drivers of one engine give their application one name.
      for (const [at, door] of doorsOf(engine).entries()) {
        people.set(door, await product.addPerson(`ann${at}`, [grant as never]))
      }
    })
    after(async () => {
      await database?.close()
      await product?.stop()
    })

    const ask = (door: DoorName, statements: readonly string[]) =>
      attempt(product, people.get(door) as Person, door, { database: NAME, statements })
    const policy = (learning: string) =>
      rest.data('PATCH', `databases/${NAME}`, { policy: { learning } })

    for (const door of doorsOf(engine).filter((one) => one !== 'rest')) {
      test(`by ${door}`, async () => {
        await policy('off')
        const statements = Array.from({ length: ROUNDS }, (_, n) => PAGE(n)).flat()
        assert.equal((await ask(door, statements)).message, '')
        await until('all of it is learnt', async () => {
          const user = people.get(door)?.name
          await rest.data('POST', 'learning', { database: NAME, user, days: 1 })
          const found: { user: string; known: string }[] = await rest.data(
            'GET',
            `learning?database=${NAME}`,
          )
          return found.some((one) => one.user === user && one.known === 'well')
        })
        await policy('block')
        assert.equal((await ask(door, PAGE(77))).message, '')
        assert.equal((await ask(door, [NEW_VALUES])).message, '')
        for (const sql of STRANGE) {
          const refused = await ask(door, [sql])
          assert.match(refused.rule, /^(learning\.unknown|injection\.\w+)$/, sql)
        }
        const { verdictId } = await ask(door, STRANGE.slice(0, 1))
        await policy('alert')
        assert.deepEqual((await ask(door, STRANGE.slice(0, 1))).rows, [['Grace']])
        await policy('block')
        const habit = await promoted(verdictId)
        assert.deepEqual((await ask(door, STRANGE.slice(0, 1))).rows, [['Grace']])
        await rest.data('PATCH', `habits/${habit}`, { state: 'denied' })
        assert.equal((await ask(door, STRANGE.slice(0, 1))).rule, 'learning.denied')
        await rest.data('DELETE', `habits/${habit}`)
        assert.equal((await ask(door, STRANGE.slice(0, 1))).rule, 'learning.unknown')
      })
    }

    test('of an application that nothing was learnt of, nothing is taken', async () => {
      await policy('block')
      const refused = await ask('rest', PAGE(1).slice(0, 1))
      assert.equal(refused.rule, 'learning.application', refused.message)
      await policy('off')
      assert.equal((await ask('rest', PAGE(1).slice(0, 1))).message, '')
    })

    async function promoted(auditId: string): Promise<string> {
      await until('the audit has it', async () => {
        const found = await rest.data('GET', 'audit?verdict=block&limit=50')
        return found.some((one: { id: string }) => one.id === auditId)
      })
      return (await rest.data('POST', 'habits', { auditId, state: 'promoted' })).id
    }
  })
}
