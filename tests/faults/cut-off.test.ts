// The primary is cut off by a packet filter and the replica is promoted: clients go on writing there. Nothing that was
// acknowledged is lost, nothing is there twice, and when the old primary is back it gets no write: neither a new one nor
// one that was still on its way to it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import { addReplicated, openSession, startPair, trySession, until } from '../support/replicated.ts'
import { Namespace, type Pair, type ReplicatedNode } from '../support/servers/index.ts'
import { askForLockedRow, Witnesses } from '../support/witnesses.ts'

const CLIENTS = 6
const POOL = { maxConnections: 4, checkoutTimeoutMs: 1_000 }
const ROUTING = { healthCheckMs: 300, healthTimeoutMs: 1_000 }
const missing = Namespace.skipReason()

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: the primary is cut off`, { skip: missing || skipReason(engine) }, () => {
    const name = 'cutoff'
    let product: Product
    let namespace: Namespace
    let pair: Pair
    let person: Person
    /** No later number may ever reach the old primary. */
    let lastNumber = 0
    const witnesses = new Witnesses()

    before(async () => {
      namespace = Namespace.open()
      const started = await Promise.all([Product.start(), startPair(engine, { namespace })])
      product = started[0]
      pair = started[1]
      const sentinels = Array.from({ length: CLIENTS }, (_, at) => `(${at}, 'secret-${at}')`)
      await pair.primary.ask('CREATE TABLE writes (number int, client int)')
      await pair.primary.ask('CREATE TABLE sentinels (owner int PRIMARY KEY, secret varchar(20))')
      await pair.primary.ask(`INSERT INTO sentinels VALUES ${sentinels}`)
      await until('the replica has the tables', async () => {
        return (await pair.replica.ask('SELECT owner FROM sentinels')).length === CLIENTS
      })
      // Else a primary may acknowledge what only it will ever know.
      await pair.primary.waitForReplica('wait')
      await addReplicated(product, { name, engine, pair, pool: POOL, routing: ROUTING })
      person = await product.addPerson('witness', [
        { database: name, schema: '*', table: '*', actions: ['read', 'write'] },
      ])
      for (let client = 0; client < CLIENTS; client += 1) {
        witnesses.start(() => trySession(product, person, { name, engine }))
      }
      await witnesses.allGoOn('before any fault')
    })
    after(async () => {
      namespace?.fault('none')
      await witnesses.stop()
      await product?.stop()
      await pair?.primary.waitForReplica('go on').catch(() => undefined)
      await pair?.stop()
      await namespace?.close()
    })

    test('the replica is promoted: clients write there, and all that was acknowledged is there', async (t) => {
      const waiting = await askForLockedRow(() => openSession(product, person, { name, engine }))
      witnesses.seen = new Map()
      namespace.fault('cut')
      lastNumber = witnesses.issued
      assert.match(await waiting.answer, /lost/i)
      waiting.close()
      await pair.replica.promote()
      await witnesses.allGoOn('on the promoted replica')
      await witnesses.pause()
      for (const [what, times] of witnesses.seen)
        t.diagnostic(`${`${times}`.padStart(5)} × ${what}`)
      await assertTold()
    })

    test('the old primary comes back: it gets no write, and clients go on', async () => {
      witnesses.resume()
      namespace.fault('none')
      await until('the old primary is seen', async () => (await stateOfOld()) === 'up')
      await pair.primary.waitForReplica('go on')
      await witnesses.allGoOn('after its return')
      await witnesses.pause()
      const late = (await numbersOn(pair.primary)).filter((number) => number > lastNumber)
      assert.equal(late.length, 0, `late: ${late.slice(0, 9)}`)
      await assertTold()
    })

    async function assertTold(): Promise<void> {
      witnesses.assertTold(await numbersOn(pair.replica))
      assert.ok(witnesses.acknowledged.some((number) => number > lastNumber))
    }

    async function numbersOn(node: ReplicatedNode): Promise<readonly number[]> {
      return (await node.ask('SELECT number FROM writes')).map(({ number }) => Number(number))
    }

    async function stateOfOld(): Promise<string> {
      const rest = await product.login()
      const { gateways } = await rest.data('GET', `databases/${name}/pool`)
      const all: { configuredRole: string; state: string }[] = gateways[0]?.backends ?? []
      return all.find(({ configuredRole }) => configuredRole === 'primary')?.state ?? ''
    }
  })
}
