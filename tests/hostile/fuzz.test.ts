// Real drivers' bytes, damaged: whatever a door makes of them, it closes in time, knows its own errors and goes on.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { Product } from '../support/product.ts'
import { RawClient as MysqlClient } from '../wire/mysql/raw.ts'
import { startVictim, type Victim } from './assault.ts'
import { allIsWell, pidsOf } from './health.ts'
import { type Damage, damaged, damages } from './mutation.ts'
import { logIn as logInPostgres, startup } from './postgres.ts'
import { type Recording, record } from './recording.ts'
import { lastWords, openSocket } from './socket.ts'

/** Fixed, so that a failure is everybody's: fast-check prints it with the damage that did it. */
const SEED = 20_261_122
const RUNS = 8
const AT_ONCE = 20

/** What no door may say: these are its own faults. */
const OWN_FAULT = /internal error|XX000|HTTP\/1\.1 50[0-24-9]/

const TEXTS = [
  'SELECT id, status FROM orders WHERE id = 1',
  "SELECT 'é漢', NULL, 1.5",
  'BEGIN',
  "UPDATE orders SET status = 'open' WHERE id = -1",
  'ROLLBACK',
  'SELECT nothing FROM orders',
]

interface Door {
  readonly name: string
  record(product: Product): Promise<Recording>
  /** A socket on which the recorded bytes come next. */
  open(product: Product): Promise<Socket>
}

const DOORS: readonly Door[] = [
  {
    name: 'a start-up of PostgreSQL',
    record: async () => ({ name: 'start-up', bytes: startup('owner', 'shop') }),
    open: ({ ports }) => openSocket(ports.postgres),
  },
  {
    name: 'statements of node pg',
    record: ({ ports, owner }) =>
      record('node pg', ports.postgres, async (port, mark) => {
        const { name: user, password } = owner
        const wish = { host: '127.0.0.1', port, user, password, database: 'shop' }
        const client = new pg.Client(wish)
        await client.connect()
        mark()
        for (const text of TEXTS) await client.query(text).catch(() => undefined)
        const text = 'SELECT id FROM orders WHERE id = $1 OR status = $2'
        await client.query(text, [1, 'open'])
        await client.query({ name: 'named', text, values: [2, null] })
        await client.query({ name: 'named', text, values: [3, 'paid'] })
        await client.end()
      }),
    open: async (product) => (await logInPostgres(product)).socket,
  },
  {
    name: 'statements of mysql2',
    record: ({ ports, owner }) =>
      record('mysql2', ports.mysql, async (port, mark) => {
        const { name: user, password } = owner
        const wish = { host: '127.0.0.1', port, user, password, database: 'shop' }
        const client = await mysql.createConnection(wish)
        mark()
        for (const text of TEXTS) await client.query(text).catch(() => undefined)
        const text = 'SELECT id FROM orders WHERE id = ? OR status = ?'
        await client.execute(text, [1, 'open'])
        await client.execute(text, [2, null])
        await client.ping()
        await client.changeUser({ user, password, database: 'shop' })
        client.destroy()
      }),
    open: async ({ ports, owner }) => {
      const client = new MysqlClient(ports.mysql)
      const { name: user, password } = owner
      assert.equal(await client.logIn({ user, password, database: 'shop' }), 'OK')
      return client.socket
    },
  },
  {
    name: 'requests of fetch',
    record: async (product) => {
      const { token } = await product.login()
      return record('fetch', product.ports.manager, async (port) => {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/databases/shop/query`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            connection: 'close',
          },
          body: JSON.stringify({ sql: TEXTS[0], maxRows: 5 }),
        })
        await response.text()
      })
    },
    open: ({ ports }) => openSocket(ports.manager),
  },
]

describe('damaged bytes of real drivers', { timeout: 180_000 }, () => {
  let victim: Victim
  let pids: readonly number[]
  before(async () => {
    victim = await startVictim({ onlyShop: true })
    pids = pidsOf(victim)
  })
  after(async () => {
    await victim?.[Symbol.asyncDispose]()
  })

  for (const door of DOORS) {
    test(`${door.name}: ${RUNS * AT_ONCE} damages, seed ${SEED}`, async () => {
      const { product } = victim
      const { bytes } = await door.record(product)
      const play = async (list: readonly Damage[]) => {
        const socket = await door.open(product)
        const words = await conversation(socket, damaged(bytes, list))
        assert.doesNotMatch(words.toString('latin1'), OWN_FAULT)
        return words
      }
      assert.ok((await play([])).length > 0, 'undamaged bytes are answered')
      const property = fc.asyncProperty(
        fc.array(damages, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (lists) => {
          await Promise.all(lists.map(play))
        },
      )
      await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true })
      await allIsWell(victim, pids)
    })
  }
})

const MOST_QUIET_MS = 80
const MOST_WAIT_MS = 300

/** Ends only when the door has said what it had to say: a client that is gone is not answered. */
async function conversation(socket: Socket, bytes: Buffer): Promise<Buffer> {
  const words = lastWords(socket)
  socket.write(bytes)
  await new Promise<void>((resolve) => {
    const leave = () => resolve()
    let quiet = setTimeout(leave, MOST_WAIT_MS)
    socket.on('close', leave)
    socket.on('data', () => {
      clearTimeout(quiet)
      quiet = setTimeout(leave, MOST_QUIET_MS)
    })
  })
  socket.end()
  return words
}
