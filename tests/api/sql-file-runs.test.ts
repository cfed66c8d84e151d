// Approved files, executed on real databases through the gateway.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { Product } from '../support/product.ts'
import type { Rest } from '../support/rest.ts'

const ENGINES: readonly TestEngine[] = ['sqlite', 'postgres', 'mariadb']
// Three rows, joined with themselves until no machine counts them in a test's time.
const ORDERS_MANY_TIMES = Array.from({ length: 24 }, (_, at) => `orders o${at}`).join(', ')
const SLOW: Record<TestEngine, string> = {
  postgres: 'SELECT count(*) FROM generate_series(1, 10000000000)',
  mariadb: `SELECT count(*) FROM ${ORDERS_MANY_TIMES}`,
  sqlite:
    'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10000000000) SELECT count(*) FROM n',
}

describe('SQL files through the gateway', () => {
  let product: Product
  let owner: Rest
  let writer: Rest
  const databases: TestDatabase[] = []

  before(async () => {
    product = await Product.start()
    owner = await product.login()
    for (const engine of ENGINES) {
      if (skipReason(engine)) continue
      databases.push(await addTestDatabase(product, engine, `files_${engine}`))
    }
    const grants = databases.map(({ name: database }) => ({
      ...{ database, table: 'orders', actions: ['read', 'write'] as const },
    }))
    writer = await product.login(await product.addPerson('writer', grants))
  })

  after(async () => {
    for (const database of databases) await database.close()
    await product?.stop()
  })

  /** Uploaded by the writer, approved by the owner, begun by the writer. */
  async function begin(name: string, database: string, text: string) {
    const file = await writer.data('POST', 'sql-files', { name, database, text })
    const { id, sha256 } = file
    const { version } = await owner.data('POST', `sql-files/${id}/approve`, {
      ...{ sha256, version: file.version },
    })
    const run = await writer.data('POST', `sql-files/${id}/runs`, { sha256, version })
    return { id, sha256, version, run }
  }

  async function ended(id: string) {
    for (;;) {
      const [run] = await writer.data('GET', `sql-files/${id}/runs`)
      if (run.state !== 'running') return run
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  for (const engine of ENGINES) {
    const name = `files_${engine}`
    const database = () => databases.find((candidate) => candidate.name === name)

    test(`an approved file is executed, again when asked (${engine})`, {
      skip: skipReason(engine),
    }, async () => {
      const text =
        "UPDATE orders SET status = 'a' WHERE id = 1;\nUPDATE orders SET status = 'b' WHERE id = 2"
      const { id, sha256, version } = await begin(`${engine} done.sql`, name, text)
      const run = await ended(id)
      assert.deepEqual(
        [run.state, run.done, run.statements, run.startedBy],
        ['done', 2, 2, 'writer'],
      )
      const rows = await database()?.ask('SELECT status FROM orders WHERE id < 3 ORDER BY id')
      assert.deepEqual(rows?.flat(), ['a', 'b'])
      await writer.data('POST', `sql-files/${id}/runs`, { sha256, version })
      await ended(id)
      assert.equal((await writer.data('GET', `sql-files/${id}/runs`)).length, 2)
    })

    test(`without a grant it stops, and what it did is rolled back (${engine})`, {
      skip: skipReason(engine),
    }, async () => {
      const text =
        "UPDATE orders SET status = 'lost' WHERE id = 3; DELETE FROM secrets WHERE id = 1"
      const run = await ended((await begin(`${engine} denied.sql`, name, text)).id)
      assert.deepEqual([run.state, run.done], ['failed', 1])
      assert.match(run.error, /statement 2 of 2/)
      const rows = await database()?.ask('SELECT status FROM orders WHERE id = 3')
      assert.deepEqual(rows?.flat(), ['open'])
    })

    test(`two runs at once are refused, and a run is cancelled (${engine})`, {
      skip: skipReason(engine),
    }, async () => {
      const { id, sha256, version, run } = await begin(`${engine} slow.sql`, name, SLOW[engine])
      const second = await writer.post(`sql-files/${id}/runs`, { sha256, version })
      assert.equal(second.body.error, 'run_under_way', JSON.stringify(second.body))
      await writer.data('POST', `sql-files/${id}/runs/${run.id}/cancel`)
      assert.equal((await ended(id)).state, 'cancelled')
    })
  }

  test('a run whose manager ends is interrupted, and not repeated', {
    skip: skipReason('postgres'),
  }, async () => {
    const { id } = await begin('dies.sql', 'files_postgres', SLOW.postgres)
    await product.drain('manager')
    await product.startProcess('manager')
    const runs = await writer.data('GET', `sql-files/${id}/runs`)
    assert.deepEqual(
      runs.map(({ state }: { state: string }) => state),
      ['interrupted'],
    )
  })
})
