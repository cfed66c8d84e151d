// A change that the manager answered is in force at the doors: nobody waits, and nobody slips through.
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

const ROUNDS = 5
const STATUS = 'SELECT status FROM orders WHERE id = 2'

for (const engine of ['postgres', 'mariadb', 'sqlite'] as TestEngine[]) {
  describe(`${engine}: what was answered is in force`, { skip: skipReason(engine) }, () => {
    let product: Product
    let database: TestDatabase
    let rest: Rest
    let person: Person

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, 'prompt')
      rest = await product.login()
      person = await product.addPerson('prompt', [])
    })
    after(async () => {
      await database?.close()
      await product?.stop()
    })

    for (const door of doorsOf(engine)) {
      test(`a grant, and its end, by ${door}`, async () => {
        for (let round = 0; round < ROUNDS; round++) {
          const id = await grant()
          assert.deepEqual((await ask(door)).rows, [['paid']])
          await rest.data('DELETE', `grants/${id}`)
          assert.notEqual((await ask(door)).code, '')
        }
      })
    }

    test('a gateway that stands still keeps no answer back', async () => {
      const gateway = product.pid('gateway')
      process.kill(gateway, 'SIGSTOP')
      try {
        await rest.data('DELETE', `grants/${await grant()}`)
      } finally {
        process.kill(gateway, 'SIGCONT')
      }
      const door = doorsOf(engine)[0] as DoorName
      await until('the gateway has caught up', async () => (await ask(door)).code !== '')
    })

    async function grant(): Promise<string> {
      const wish = { user: person.name, database: 'prompt', table: 'orders', actions: ['read'] }
      return (await rest.data('POST', 'grants', wish)).id
    }

    function ask(door: DoorName) {
      return attempt(product, person, door, { database: 'prompt', statements: [STATUS] })
    }
  })
}
