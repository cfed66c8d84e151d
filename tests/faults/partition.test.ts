// The network between gateway and backend fails under load: packets vanish, answers don't come back, some are lost, resets
// come. What clients saw is listed; what was acknowledged is there once, nothing is there twice, everybody works again.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, type TestContext, test } from 'node:test'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { skipReason } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import { openSession, trySession, until } from '../support/replicated.ts'
import {
  FaultProxy,
  Namespace,
  type Server,
  startMariadb,
  startPostgres,
} from '../support/servers/index.ts'
import { askForLockedRow, Witnesses } from '../support/witnesses.ts'

const CLIENTS = 6
/** Fewer than clients: some stand in line while the others' connections hang. */
const POOL = { maxConnections: 3, checkoutTimeoutMs: 1_000, warmupRatio: 0 }
const ROUTING = { healthCheckMs: 300, healthTimeoutMs: 1_000 }
/** What a client is told whose connection was lost under its statement. */
const LOST = { postgres: /^08006 .*was lost/, mariadb: /^PROTOCOL\S* 2013|^\S* ?2013 .*[Ll]ost/ }
const missing = Namespace.skipReason()

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: the network fails under load`, {
    skip: missing || skipReason(engine),
  }, () => {
    let product: Product
    let namespace: Namespace
    let server: Server
    let proxy: FaultProxy
    let person: Person
    const witnesses = new Witnesses()

    before(async () => {
      namespace = Namespace.open()
      const start = engine === 'postgres' ? startPostgres : startMariadb
      server = await start({ namespace })
      product = await Product.start()
      proxy = await FaultProxy.before(server)
      await makeTables()
      await addDatabase('direct', server)
      await addDatabase('proxied', proxy)
      person = await product.addPerson(
        'witness',
        ['direct', 'proxied'].map((database) => ({
          ...{ database, schema: '*', table: '*' },
          actions: ['read', 'write'] as const,
        })),
      )
      for (let client = 0; client < CLIENTS; client += 1) {
        const name = client < CLIENTS / 2 ? 'direct' : 'proxied'
        witnesses.start(() => trySession(product, person, { name, engine }))
      }
      await witnesses.allGoOn('before any fault')
    })
    after(async () => {
      namespace?.fault('none')
      await witnesses.stop()
      await product?.stop()
      await proxy?.stop()
      await server?.stop()
      await namespace?.close()
    })

    test('a silent backend is noticed: its connections are kept alive by probes', () => {
      const peer = `${server.host}:${server.port}`
      const sockets = execFileSync('ss', ['-tnoH', 'state', 'established', 'dst', peer], {
        encoding: 'utf8',
      })
      const ofGateway = sockets.split('\n').filter((line) => line !== '')
      assert.ok(ofGateway.length > 0)
      assert.match(sockets, /keepalive,[\d.]+(sec|ms)/)
      assert.doesNotMatch(sockets, /keepalive,\d+min/)
    })

    test('a partition: who waits for a connection is told so, who waits for an answer gets it', async (t) => {
      await underFault(t, async () => {
        namespace.fault('cut')
        await someAreTold()
        await until('the backend is seen down', async () => (await stateOf('direct')) === 'down')
        namespace.fault('none')
      })
    })

    test('a network that drops everything for good: who waits for an answer is let go meanwhile', async (t) => {
      await underFault(t, async () => {
        const waiting = await askForLockedRow(() =>
          openSession(product, person, { name: 'direct', engine }),
        )
        namespace.fault('cut')
        assert.match(await waiting.answer, LOST[engine])
        waiting.close()
        namespace.fault('none')
      })
    })

    test('answers are dropped, then come late', async (t) => {
      await underFault(t, async () => {
        namespace.fault('answers-dropped')
        await someAreTold()
        namespace.fault('none')
      })
    })

    test('answers are dropped, then connections are reset: nobody knows, nothing is sent again', async (t) => {
      await underFault(t, async () => {
        namespace.fault('answers-dropped')
        await someAreTold()
        namespace.fault('reset')
        await someAreTold()
        namespace.fault('none')
      })
    })

    test('a reset comes for an answer', async (t) => {
      await underFault(t, async () => {
        proxy.mode = 'reset-answers'
        await someAreTold()
        proxy.mode = 'pass'
      })
    })

    test('connections are reset whatever is under way', async (t) => {
      await underFault(t, async () => {
        for (let times = 0; times < 5; times += 1) {
          proxy.reset()
          await witnesses.allGoOn('after a reset')
        }
      })
    })

    test('packets are lost and late: nobody notices but by the time', async (t) => {
      await underFault(t, async () => {
        namespace.fault('lossy')
        proxy.delayMs = 50
        await witnesses.allGoOn('on a bad network')
        namespace.fault('none')
        proxy.delayMs = 0
      })
    })

    test('every write that reached the database is in the audit', async () => {
      await witnesses.pause()
      await product.auditIsShipped()
      const recorded = new Set([
        ...(await recordedNumbers('direct')),
        ...(await recordedNumbers('proxied')),
      ])
      const unrecorded = [...(await storedNumbers())].filter((number) => !recorded.has(number))
      assert.deepEqual(unrecorded, [])
    })

    /** The fault comes and goes; then everybody works again, and what they were told is true. */
    async function underFault(t: TestContext, fault: () => Promise<void>): Promise<void> {
      witnesses.seen = new Map()
      witnesses.resume()
      await witnesses.allGoOn('before the fault')
      await fault()
      await witnesses.allGoOn('after the fault')
      await witnesses.pause()
      for (const [what, times] of witnesses.seen) {
        t.diagnostic(`${String(times).padStart(5)} × ${what}`)
      }
      await assertTold()
    }

    async function someAreTold(): Promise<void> {
      const goal = witnesses.failures + 2
      await until('some clients are told', async () => witnesses.failures >= goal)
    }

    async function assertTold(): Promise<void> {
      witnesses.assertTold(await storedNumbers())
    }

    async function makeTables(): Promise<void> {
      const sentinels = Array.from({ length: CLIENTS }, (_, at) => `(${at}, 'secret-${at}')`)
      await ask('CREATE TABLE writes (number int, client int)')
      await ask('CREATE TABLE sentinels (owner int PRIMARY KEY, secret varchar(20))')
      await ask(`INSERT INTO sentinels VALUES ${sentinels}`)
    }

    async function addDatabase(name: string, { host, port }: { host: string; port: number }) {
      const rest = await product.login()
      await rest.data('POST', 'databases', {
        ...{ name, engine, target: 'articdbm', pool: POOL, routing: ROUTING },
        backends: [{ host, port, tls: 'disable' }],
        credential: { user: server.user, password: server.password },
      })
    }

    async function stateOf(name: string): Promise<string> {
      const rest = await product.login()
      const { gateways } = await rest.data('GET', `databases/${name}/pool`)
      return gateways[0]?.backends[0]?.state ?? ''
    }

    async function storedNumbers(): Promise<readonly number[]> {
      return (await ask('SELECT number FROM writes')).map(([number]) => Number(number))
    }

    /** Asks the server itself, past the gateway. */
    async function ask(sql: string): Promise<readonly unknown[][]> {
      if (engine === 'mariadb') {
        const client = await mysql.createConnection({ uri: server.url, rowsAsArray: true })
        const [rows] = await client.query(sql).finally(() => client.destroy())
        return rows as unknown[][]
      }
      const client = new pg.Client(server.url)
      await client.connect()
      const answer = client.query<unknown[]>({ text: sql, rowMode: 'array' })
      return (await answer.finally(() => client.end())).rows
    }

    async function recordedNumbers(database: string): Promise<ReadonlySet<number>> {
      const rest = await product.login()
      const numbers = new Set<number>()
      let cursor = ''
      do {
        const from = cursor && `&cursor=${encodeURIComponent(cursor)}`
        const path = `audit?kind=statement&database=${database}&limit=200${from}`
        const { status, body } = await rest.get(path)
        assert.equal(status, 200)
        for (const { sql } of body.data) {
          const number = sql.match(/^INSERT INTO writes VALUES \((\d+),/)?.[1]
          if (number !== undefined) numbers.add(Number(number))
        }
        cursor = body.meta.nextCursor ?? body.meta.cursor ?? ''
      } while (cursor !== '')
      return numbers
    }
  })
}
