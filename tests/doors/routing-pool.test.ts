// Pools that explain themselves: modes, limits for each person, pinned connections with their reasons.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import {
  changeDatabase,
  changePerson,
  openSession,
  type Session,
  trySession,
  until,
} from '../support/replicated.ts'

/** What pins the connection, and the reason that operators see. */
const PINS = {
  postgres: ['SELECT pg_advisory_lock(42)', 'advisory lock'],
  mariadb: ['SELECT @x := 1', 'user variable'],
} as const
const TOO_MANY = { postgres: '53300', mariadb: 'ER_CON_COUNT_ERROR' } as const
const REFUSED = { postgres: '0A000', mariadb: 'ER_NOT_SUPPORTED_YET' } as const

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: pools explain themselves`, { skip: skipReason(engine) }, () => {
    const name = `pools_${engine}`
    let product: Product
    let database: TestDatabase
    let ann: Person
    let bob: Person
    const sessions: Session[] = []

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, name)
      const grant = { database: name, schema: '*', table: '*', actions: ['read', 'write', 'admin'] }
      ann = await product.addPerson('ann', [grant as never])
      bob = await product.addPerson('bob', [grant as never])
    })
    after(async () => {
      for (const session of sessions) session.close()
      await database?.close()
      await product?.stop()
    })

    const open = async (person: Person) => {
      const session = await openSession(product, person, { name, engine })
      sessions.push(session)
      return session
    }

    /** PostgreSQL's sessions need a connection to begin, MySQL's with their first statement. */
    const openAndAsk = async (person: Person) => {
      const session = await trySession(product, person, { name, engine })
      sessions.push(session)
      await session.ask('SELECT 1')
    }

    const setPool = (pool: object) => changeDatabase(product, name, { pool })

    test('a pinned connection is shown with person, reason, statement and age, over REST and in metrics', async () => {
      const [statement, reason] = PINS[engine]
      const session = await open(ann)
      await session.ask(statement)
      const rest = await product.login()
      let pinned: Record<string, string>[] = []
      await until('it is shown', async () => {
        const { gateways, mode } = await rest.data('GET', `databases/${name}/pool`)
        assert.equal(mode, 'transaction')
        pinned = gateways[0]?.pinned ?? []
        return pinned.length > 0
      })
      const [one] = pinned
      assert.equal(one?.user, 'ann')
      assert.equal(one?.reason, reason)
      assert.match(one?.statement ?? '', /^select .*\?/)
      assert.match(one?.digest ?? '', /^[0-9a-f]{16}$/)
      assert.ok(Date.parse(one?.since ?? '') <= Date.now())
      const metrics = await (
        await fetch(`http://127.0.0.1:${product.ports.metrics}/metrics`)
      ).text()
      const line = `articdbm_pool_pinned{database="${name}",backend="${one?.backend}",reason="${reason}"} 1`
      assert.ok(metrics.includes(line), line)
      assert.match(metrics, new RegExp(`articdbm_backend_up{database="${name}",backend="[^"]+"} 1`))
      session.close()
      await until('it is gone with its session', async () => {
        const { gateways } = await rest.data('GET', `databases/${name}/pool`)
        return gateways[0]?.pinned.length === 0
      })
    })

    test('backends and pinned statements are not shown to everybody', async () => {
      const rest = await product.login(ann)
      const { status } = await rest.get(`databases/${name}/pool`)
      assert.equal(status, 403)
      const { gateways } = await rest.data('GET', 'status')
      for (const { databases } of gateways) {
        for (const one of databases) assert.ok(!('pinned' in one) && !('backends' in one))
      }
    })

    test('one person gets only so many connections, and is told so; others are not held up', async () => {
      await setPool({ maxConnectionsPerUser: 1, checkoutTimeoutMs: 500 })
      const [first, second, other] = [await open(ann), await open(ann), await open(bob)]
      await first.ask('BEGIN')
      await first.ask('SELECT 1')
      await assert.rejects(second.ask('SELECT 1'), { code: TOO_MANY[engine] })
      assert.deepEqual(await other.ask('SELECT 1'), [['1']])
      await first.ask('COMMIT')
      assert.deepEqual(await second.ask('SELECT 1'), [['1']])
      await setPool({ maxConnectionsPerUser: 0, checkoutTimeoutMs: 5_000 })
    })

    test('a full pool is told after the wait, with the exact error', async () => {
      await setPool({ maxConnections: 1, checkoutTimeoutMs: 500 })
      const [first, second] = [await open(ann), await open(bob)]
      await first.ask('BEGIN')
      await first.ask('SELECT 1')
      await assert.rejects(second.ask('SELECT 1'), { code: TOO_MANY[engine] })
      await first.ask('COMMIT')
      assert.deepEqual(await second.ask('SELECT 1'), [['1']])
      await setPool({ maxConnections: 20, checkoutTimeoutMs: 5_000 })
    })

    test('in statement mode transactions are refused, statements pass', async () => {
      await setPool({ mode: 'statement' })
      const session = await open(ann)
      await assert.rejects(session.ask('BEGIN'), { code: REFUSED[engine] })
      assert.deepEqual(await session.ask('SELECT 1'), [['1']])
      await setPool({ mode: 'transaction' })
    })

    test("somebody's own mode and limit stand above the database's, at once, and for nobody else", async () => {
      await setPool({ checkoutTimeoutMs: 500 })
      const [first, second, his] = [await open(ann), await open(ann), await open(bob)]
      await changePerson(product, ann, { pooling: { mode: 'statement' } })
      await assert.rejects(first.ask('BEGIN'), { code: REFUSED[engine] })
      await his.ask('BEGIN')
      await his.ask('ROLLBACK')
      await changePerson(product, ann, { pooling: { maxConnections: 1 } })
      await first.ask('BEGIN')
      await first.ask('SELECT 1')
      await assert.rejects(
        second.ask('BEGIN').then(() => second.ask('SELECT 1')),
        {
          code: TOO_MANY[engine],
        },
      )
      await first.ask('COMMIT')
      await changePerson(product, ann, { pooling: {} })
      await setPool({ checkoutTimeoutMs: 5_000 })
    })

    test('in session mode a session keeps its connection, and leaves nothing on it', async () => {
      await setPool({ mode: 'session', maxConnections: 1, checkoutTimeoutMs: 500 })
      const session = await open(ann)
      await session.ask('SELECT 1')
      await assert.rejects(openAndAsk(bob), { code: TOO_MANY[engine] })
      session.close()
      const next = await open(bob)
      assert.deepEqual(await next.ask('SELECT 1'), [['1']])
      next.close()
      await setPool({ mode: 'transaction', maxConnections: 20, checkoutTimeoutMs: 5_000 })
    })

    test('a change of the pool drops no session, not even one in a transaction', async () => {
      const session = await open(ann)
      await session.ask('BEGIN')
      await session.ask("INSERT INTO customers VALUES (77, 'Ada')")
      await setPool({ maxConnections: 7 })
      await session.ask('COMMIT')
      assert.deepEqual(await session.ask('SELECT name FROM customers WHERE id = 77'), [['Ada']])
    })
  })
}
