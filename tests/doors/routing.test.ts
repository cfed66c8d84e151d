// Reads go to a replica, writes to the primary, and nobody misses what they have written themselves.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import {
  addReplicated,
  backendOf,
  openSession,
  type ReplicatedEngine,
  type Session,
  startPair,
  until,
} from '../support/replicated.ts'
import type { Pair } from '../support/servers/index.ts'

/** Which server answers: a plain read that each server answers in its own way. */
const WHERE: Readonly<Record<ReplicatedEngine, string>> = {
  postgres: "SELECT current_setting('port')",
  mariadb: 'SELECT name FROM whoami',
}
/** Asks about the very server, which isn't a plain read. */
const SERVER: Readonly<Record<ReplicatedEngine, string>> = {
  postgres: 'SELECT pg_is_in_recovery()',
  mariadb: 'SELECT @@server_id',
}
const READ_ONLY: Readonly<Record<ReplicatedEngine, string>> = {
  postgres: 'BEGIN READ ONLY',
  mariadb: 'START TRANSACTION READ ONLY',
}

/** A line of the gateway's metrics. */
const LEASES = /^articdbm_route_total\{role="replica"\} (\d+)$/m

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: reads and writes are split`, { skip: skipReason(engine) }, () => {
    const name = 'split'
    let product: Product
    let pair: Pair
    let person: Person
    let session: Session
    let names: { readonly primary: string; readonly replica: string }

    before(async () => {
      const started = await Promise.all([Product.start(), startPair(engine)])
      product = started[0]
      pair = started[1]
      await pair.primary.ask('CREATE TABLE notes (id int PRIMARY KEY, text varchar(40))')
      names = await nameServers()
      await addReplicated(product, { name, engine, pair })
      person = await product.addPerson('ann', [
        { database: name, schema: '*', table: '*', actions: ['read', 'write', 'admin'] },
      ])
      session = await openSession(product, person, { name, engine })
      await until('a read on the replica', async () => (await where(session)) === names.replica)
    })
    after(async () => {
      session?.close()
      await product?.stop()
      await pair?.stop()
    })

    async function nameServers() {
      if (engine === 'postgres') {
        return { primary: `${pair.primary.port}`, replica: `${pair.replica.port}` }
      }
      await pair.primary.ask('CREATE TABLE whoami (name varchar(20))')
      await pair.primary.ask("INSERT INTO whoami VALUES ('primary')")
      await until('the table on the replica', async () => {
        return (await pair.replica.ask('SELECT name FROM whoami')).length === 1
      })
      await pair.replica.ask("UPDATE whoami SET name = 'replica'")
      return { primary: 'primary', replica: 'replica' }
    }

    const where = async (on: Session, hint = '') =>
      (await on.ask(`${hint}${WHERE[engine]}`))[0]?.[0]

    test('a plain read goes to the replica, what asks about the server to the primary', async () => {
      assert.equal(await where(session), names.replica)
      const answer = (await session.ask(SERVER[engine]))[0]?.[0]
      assert.equal(answer, engine === 'postgres' ? 'false' : '1')
    })

    test('a hint leads to the primary, or to the replica', async () => {
      assert.equal(await where(session, '/* articdbm: primary */ '), names.primary)
      assert.equal(await where(session, '/* articdbm: replica */ '), names.replica)
      const answer = (await session.ask(`/* articdbm: replica */ ${SERVER[engine]}`))[0]?.[0]
      assert.equal(answer, engine === 'postgres' ? 'true' : '2')
    })

    test('a plain transaction stays on the primary, a read-only one on the replica', async () => {
      for (const [begin, expected] of [
        ['BEGIN', names.primary],
        [READ_ONLY[engine], names.replica],
      ] as const) {
        await until(`${begin} where it belongs`, async () => {
          await session.ask(begin)
          const seen = [await where(session), await where(session)]
          await session.ask('COMMIT')
          assert.equal(seen[0], seen[1], 'a transaction keeps its backend')
          return seen[0] === expected
        })
      }
    })

    test('a write in a read-only transaction is refused by the server', async () => {
      await session.ask(READ_ONLY[engine])
      await assert.rejects(session.ask("INSERT INTO notes VALUES (-1, 'never')"))
      await session.ask('ROLLBACK')
      assert.deepEqual(await session.ask('SELECT * FROM notes WHERE id = -1'), [])
    })

    test('whoever has written reads it at once, and reads move back to the replica', async () => {
      for (let id = 1; id <= 100; id += 1) {
        await session.ask(`INSERT INTO notes VALUES (${id}, 'own')`)
        const rows = await session.ask(`SELECT text FROM notes WHERE id = ${id}`)
        assert.deepEqual(rows, [['own']])
      }
      await until('a read on the replica', async () => (await where(session)) === names.replica)
      const [[count] = []] = await session.ask('SELECT count(*) FROM notes')
      assert.equal(count, '100')
    })

    test('short reads of many sessions share a few connections to the replica', async () => {
      const others = await Promise.all(
        Array.from({ length: 24 }, () => openSession(product, person, { name, engine })),
      )
      const ask = async (rounds: number) => {
        for (let round = 0; round < rounds; round += 1) {
          const seen = await Promise.all(others.map((one) => where(one)))
          assert.deepEqual([...new Set(seen)], [names.replica])
        }
      }
      await ask(20)
      const before = await leases()
      await ask(20)
      const taken = (await leases()) - before
      assert.ok(taken < 48, `${taken} leases for ${20 * others.length} reads`)
      for (const other of others) other.close()
    })

    test('a serializable session reads from the primary, however short its reads are', {
      skip: engine === 'postgres' ? false : 'a replica of MariaDB has serializable transactions',
    }, async () => {
      const other = await openSession(product, person, { name, engine })
      await other.ask("SET default_transaction_isolation = 'serializable'")
      for (let round = 0; round < 10; round += 1) {
        assert.equal(await where(other), names.primary)
      }
      other.close()
    })

    /** Connections to the replica that were leased until now. */
    async function leases(): Promise<number> {
      const metrics = await fetch(`http://127.0.0.1:${product.ports.metrics}/metrics`)
      const line = (await metrics.text()).match(LEASES)
      return Number(line?.[1] ?? 0)
    }

    test('while the replica is late, own writes are read from the primary', async () => {
      await pair.replica.delay(3_000)
      try {
        await session.ask("INSERT INTO notes VALUES (1000, 'late')")
        const deadline = Date.now() + 60_000
        let seen: string | undefined
        while (seen !== names.replica && Date.now() < deadline) {
          assert.deepEqual(await session.ask('SELECT text FROM notes WHERE id = 1000'), [['late']])
          seen = await where(session)
        }
        assert.equal(seen, names.replica)
      } finally {
        await pair.replica.delay(0)
      }
    })

    test('a replica that lags more than it may gets no reads', async () => {
      const rest = await product.login()
      await rest.data('PATCH', `databases/${name}`, { routing: { maxLagMs: 500 } })
      await pair.replica.delay(20_000)
      try {
        const other = await openSession(product, person, { name, engine })
        let id = 2000
        await until('no read on the replica', async () => {
          id += 1
          await session.ask(`INSERT INTO notes VALUES (${id}, 'more')`)
          return (await where(other)) === names.primary
        })
        other.close()
      } finally {
        await pair.replica.delay(0)
        await rest.data('PATCH', `databases/${name}`, { routing: { maxLagMs: 10_000 } })
      }
      await until('a read on the replica', async () => (await where(session)) === names.replica)
    })

    test('without the split all goes to the primary, but for a hint', async () => {
      const rest = await product.login()
      await rest.data('PATCH', `databases/${name}`, { routing: { readWriteSplit: false } })
      await until('a read on the primary', async () => (await where(session)) === names.primary)
      assert.equal(await where(session, '/* articdbm: replica */ '), names.replica)
      await rest.data('PATCH', `databases/${name}`, { routing: { readWriteSplit: true } })
      await until('a read on the replica', async () => (await where(session)) === names.replica)
    })

    test('a backend with weight 0 drains: no session is dropped, transactions end where they are', async () => {
      const rest = await product.login()
      const { backends } = await rest.data('GET', `databases/${name}`)
      await session.ask(READ_ONLY[engine])
      assert.equal(await where(session), names.replica)
      await rest.data('PATCH', `databases/${name}`, {
        backends: [backendOf(pair.primary, 'primary'), backendOf(pair.replica, 'replica', 0)],
      })
      const other = await openSession(product, person, { name, engine })
      await until('no read on the draining one', async () => (await where(other)) === names.primary)
      other.close()
      assert.equal(await where(session), names.replica)
      await session.ask('COMMIT')
      assert.equal(await where(session), names.primary)
      await rest.data('PATCH', `databases/${name}`, {
        backends: backends.map(({ id: _id, ...backend }: { id: string }) => backend),
      })
      await until('reads on it again', async () => (await where(session)) === names.replica)
    })
  })
}
