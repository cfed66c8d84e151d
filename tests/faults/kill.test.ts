// `kill -9` of gateway and manager under load, again and again: no statement reached the database without its audit
// record. Each INSERT carries a number; afterwards every number in the table must stand in some recorded SQL text.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'

const RUNS = 10
const CLIENTS = 6

describe('kill -9 under load', { skip: skipReason('postgres') }, () => {
  let product: Product
  let database: TestDatabase
  let writer: Person
  let next = 1
  let underWay = 0

  before(async () => {
    product = await Product.start()
    database = await addTestDatabase(product, 'postgres', 'killed')
    await database.ask('CREATE TABLE events (number int PRIMARY KEY)')
    writer = await product.addPerson('writer', [
      { database: 'killed', table: 'events', actions: ['read', 'write'] },
    ])
  })
  after(async () => {
    await database?.close()
    await product?.stop()
  })

  for (let run = 1; run <= RUNS; run += 1) {
    test(`run ${run}: what reached the database was recorded, and what was acknowledged is there`, async () => {
      const stop = new AbortController()
      const clients = Array.from({ length: CLIENTS }, () => insertUntil(stop.signal))
      await underLoad()
      // Now the gateway first, now the manager, now both together.
      const order = [['gateway'], ['manager', 'gateway'], ['gateway', 'manager']][run % 3] ?? []
      await Promise.all(order.map((name) => product.kill(name as 'gateway' | 'manager')))
      stop.abort()
      const acknowledged = (await Promise.all(clients)).flat()
      for (const name of order.toReversed())
        await product.startProcess(name as 'gateway' | 'manager')
      await product.isReady()

      const stored = new Set(
        (await database.ask('SELECT number FROM events')).map(([number]) => Number(number)),
      )
      assert.deepEqual(
        acknowledged.filter((number) => !stored.has(number)),
        [],
      )
      assert.ok(acknowledged.length > 0)
      const recorded = await recordedNumbers()
      assert.deepEqual(
        [...stored].filter((number) => !recorded.has(number)),
        [],
      )
    })
  }

  test('the chain of the audit is whole after all that', async () => {
    const rest = await product.login()
    const { isIntact, entries } = await rest.data('GET', 'audit/verify')
    assert.equal(isIntact, true)
    assert.ok(entries > RUNS)
  })

  /** Resolves once some dozens of statements were acknowledged, at no particular moment of the next ones. */
  async function underLoad(): Promise<void> {
    const goal = underWay + 10 * CLIENTS
    const deadline = Date.now() + 20_000
    while (underWay < goal && Date.now() < deadline)
      await new Promise((done) => setTimeout(done, 20))
    await new Promise((done) => setTimeout(done, Math.random() * 50))
  }

  /** Inserts one number after the other; returns those that were acknowledged. */
  async function insertUntil(signal: AbortSignal): Promise<number[]> {
    const acknowledged: number[] = []
    const client = new pg.Client({
      host: '127.0.0.1',
      port: product.ports.postgres,
      user: writer.name,
      password: writer.password,
      database: 'killed',
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      while (!signal.aborted) {
        const number = next
        next += 1
        await client.query(`INSERT INTO events VALUES (${number})`)
        acknowledged.push(number)
        underWay += 1
      }
    } catch {
      // The gateway was killed: that is the test.
    }
    client.end().catch(() => undefined)
    return acknowledged
  }

  async function recordedNumbers(): Promise<ReadonlySet<number>> {
    await product.auditIsShipped()
    const rest = await product.login()
    const numbers = new Set<number>()
    let cursor = ''
    do {
      const path = `audit?kind=statement&database=killed&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
      const { status, body } = await rest.get(path)
      assert.equal(status, 200)
      for (const { sql } of body.data) {
        const number = sql.match(/^INSERT INTO events VALUES \((\d+)\)/)?.[1]
        if (number !== undefined) numbers.add(Number(number))
      }
      cursor = body.meta.nextCursor ?? body.meta.cursor ?? ''
    } while (cursor !== '')
    return numbers
  }
})
