// Who may read one table can't read another, and can't write, by whatever door and trick: tests/corpus/bypass.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bypassTries, type Try } from '../support/bypass.ts'
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { attempt, type DoorName, doorsOf } from '../support/doors.ts'
import { type Person, Product } from '../support/product.ts'

const CORPUS = { postgres: 'postgres', mariadb: 'mysql', sqlite: 'sqlite' } as const
const ENGINES = Object.keys(CORPUS) as TestEngine[]

function triesOf(engine: TestEngine): readonly Try[] {
  return bypassTries(CORPUS[engine])
}

for (const engine of ENGINES) {
  describe(`${engine}: a reader of one table`, { skip: skipReason(engine) }, () => {
    let product: Product
    let database: TestDatabase
    let reader: Person
    let untouched: string

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, 'bypass')
      reader = await product.addPerson('reader', [
        { database: 'bypass', table: 'orders', actions: ['read'] },
      ])
      untouched = await stateOf(database)
    })
    after(async () => {
      await database?.close()
      await product?.stop()
    })

    test('there are at least sixty tries', () => {
      assert.ok(triesOf(engine).length >= 60)
    })

    for (const door of doorsOf(engine)) {
      test(`reads that table by ${door}`, async () => {
        const { rows, code, message } = await attempt(product, reader, door, {
          database: 'bypass',
          statements: ['SELECT status FROM orders WHERE id = 2'],
        })
        assert.deepEqual([code, message, rows], ['', '', [['paid']]])
      })

      test(`is refused every try by ${door}`, async () => {
        const passed: string[] = []
        for (const one of triesOf(engine)) {
          if (!(await isRefused(one, door))) passed.push(`${one.id}: ${one.sql}`)
        }
        assert.deepEqual(passed, [])
      })
    }

    test('has changed nothing by all that', async () => {
      assert.equal(await stateOf(database), untouched)
    })

    async function isRefused(one: Try, door: DoorName): Promise<boolean> {
      const statements = [...(one.setup ?? []), one.sql]
      const result = await attempt(product, reader, door, { database: 'bypass', statements })
      return result.code !== '' && !JSON.stringify(result).includes('crown-jewels')
    }
  })
}

async function stateOf(database: TestDatabase): Promise<string> {
  const tables = ['customers', 'orders', 'secrets']
  const rows = await Promise.all(
    tables.map((table) => database.ask(`SELECT * FROM ${table} ORDER BY id`)),
  )
  return JSON.stringify(rows)
}
