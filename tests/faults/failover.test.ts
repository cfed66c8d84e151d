// Servers die, replicas are promoted, connections are reset: what was acknowledged is there, nothing is there twice, and
// writes go on. Every INSERT carries a number of its own and is sent once; the table takes a number any time it comes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '../support/databases.ts'
import { CLIENTS, Load } from '../support/load.ts'
import { type Person, Product } from '../support/product.ts'
import { addReplicated, openSession, startPair, until } from '../support/replicated.ts'
import { FaultProxy, type Pair, type ReplicatedNode } from '../support/servers/index.ts'

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: servers fail under load`, { skip: skipReason(engine) }, () => {
    const name = 'failing'
    let product: Product
    let pair: Pair
    let proxies: readonly [FaultProxy, FaultProxy]
    let person: Person
    const load = new Load()

    before(async () => {
      const started = await Promise.all([Product.start(), startPair(engine)])
      product = started[0]
      pair = started[1]
      proxies = [await FaultProxy.before(pair.primary), await FaultProxy.before(pair.replica)]
      await addReplicated(product, { name, engine, pair, places: proxies })
      await pair.primary.ask('CREATE TABLE events (number int, client int)')
      person = await product.addPerson('writer', [
        { database: name, schema: '*', table: '*', actions: ['read', 'write'] },
      ])
    })
    after(async () => {
      load.stop()
      await load.ended()
      await product?.stop()
      await Promise.all(proxies?.map((proxy) => proxy.stop()) ?? [])
      await pair?.stop()
    })

    test('the load runs', async () => {
      for (let client = 0; client < CLIENTS; client += 1) {
        load.start(() => openSession(product, person, { name, engine }), client)
      }
      await load.goesOn('writes and reads')
    })

    test('connections to the primary are reset: writes go on, none is sent twice', async () => {
      for (let times = 0; times < 3; times += 1) {
        proxies[0].reset()
        await load.goesOn('after a reset')
      }
      await assertTold(pair.primary)
    })

    test('a slow way to the primary slows only what goes there', async () => {
      proxies[0].delayMs = 100
      await load.goesOn('while it is slow')
      proxies[0].delayMs = 0
    })

    test('the replica is killed: reads go to the primary, and back when it is there again', async () => {
      await pair.replica.kill()
      await load.goesOn('without the replica')
      await until('the replica is seen down', async () => (await stateOf('replica')) === 'down')
      await pair.replica.restart()
      await until('the replica is seen up', async () => (await stateOf('replica')) === 'up')
      await load.goesOn('with the replica again')
    })

    test('the primary is killed, the replica promoted: writes follow, and what was acknowledged is there', async () => {
      // An asynchronous replica may lack the last writes of a primary that dies: here none is under way.
      await load.pause()
      await caughtUp()
      await pair.primary.kill()
      load.resume()
      await until('somebody is told', async () => load.failures > 0)
      await pair.replica.promote()
      await load.goesOn('on the promoted replica')
      await load.pause()
      await assertTold(pair.replica)
    })

    test('the old primary comes back: writes stay where they have gone', async () => {
      await pair.primary.restart()
      await until('the old primary is seen', async () => (await stateOf('primary')) === 'up')
      const before = await countOn(pair.primary)
      load.resume()
      await load.goesOn('after its return')
      await load.pause()
      assert.equal(await countOn(pair.primary), before)
      await assertTold(pair.replica)
    })

    const countOn = async (node: Pair['primary']) =>
      Number((await node.ask('SELECT count(*) AS n FROM events'))[0]?.n)

    async function stateOf(configuredRole: 'primary' | 'replica'): Promise<string> {
      const rest = await product.login()
      const { gateways } = await rest.data('GET', `databases/${name}/pool`)
      const all: { configuredRole: string; state: string }[] = gateways[0]?.backends ?? []
      return all.find((one) => one.configuredRole === configuredRole)?.state ?? ''
    }

    async function caughtUp(): Promise<void> {
      const goal = await countOn(pair.primary)
      await until('the replica has all', async () => (await countOn(pair.replica)) === goal)
    }

    /** Acknowledged means stored, and what was told to have failed is stored at most once. */
    async function assertTold(node: ReplicatedNode): Promise<void> {
      const acknowledged = [...load.acknowledged]
      const rows = await node.ask('SELECT number FROM events')
      const numbers = rows.map(({ number }) => Number(number))
      const stored = new Set(numbers)
      assert.equal(stored.size, numbers.length, 'a number stands there twice')
      assert.deepEqual(
        acknowledged.filter((number) => !stored.has(number)),
        [],
        'acknowledged, and not there',
      )
      assert.deepEqual(load.missed, [], 'written by a session, and not seen by it')
      assert.ok(acknowledged.length > 0)
    }
  })
}
