import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BackendUnavailable, DEFAULT_POOL, PoolExhausted } from '@articdbm/contract'
import { ConnectionPool } from './connection-pool.ts'
import type { BackendConnection } from './pool.ts'

class TestConnection implements BackendConnection {
  isOpen = true
  isReusable = true
  readonly number: number
  readonly #listeners: (() => void)[] = []
  constructor(number: number) {
    this.number = number
  }
  close(): void {
    this.isOpen = false
    for (const listener of this.#listeners.splice(0)) listener()
  }
  onClosed(listener: () => void): void {
    this.#listeners.push(listener)
  }
}

function createPool(settings: Partial<typeof DEFAULT_POOL> = {}) {
  const clock = { ms: 0 }
  const dialed: TestConnection[] = []
  const state: { failure: Error | undefined } = { failure: undefined }
  const pool = new ConnectionPool<TestConnection>({
    databaseName: 'shop',
    settings: {
      ...DEFAULT_POOL,
      warmupRatio: 0,
      maxConnections: 4,
      checkoutTimeoutMs: 50,
      ...settings,
    },
    dial: async () => {
      if (state.failure) throw state.failure
      const connection = new TestConnection(dialed.length)
      dialed.push(connection)
      return connection
    },
    nowMs: () => clock.ms,
    random: () => 0,
  })
  return { pool, clock, dialed, state }
}

const open = new AbortController().signal
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('a pool opens 30 % of its maximum at start, and at least two', async () => {
  for (const [maxConnections, warm] of [
    [20, 6],
    [4, 2],
    [1, 1],
  ] as const) {
    const { pool, dialed } = createPool({ maxConnections, warmupRatio: 0.3 })
    pool.warmUp()
    await settled()
    assert.equal(dialed.length, warm)
    assert.equal(pool.health.state, 'up')
  }
})

test('a released connection serves the next session', async () => {
  const { pool, dialed } = createPool()
  for (let times = 0; times < 3; times += 1) {
    using lease = await pool.checkout(open)
    assert.equal(lease.connection.number, 0)
  }
  assert.equal(dialed.length, 1)
})

test('a connection that is not reusable is closed, and another is opened for who waits', async () => {
  const { pool, dialed } = createPool({ maxConnections: 1 })
  const first = await pool.checkout(open)
  const second = pool.checkout(open)
  first.connection.isReusable = false
  first[Symbol.dispose]()
  assert.equal((await second).connection.number, 1)
  assert.equal(dialed[0]?.isOpen, false)
})

test('sessions wait in line, first come first served', async () => {
  const { pool } = createPool({ maxConnections: 1 })
  const lease = await pool.checkout(open)
  const order: string[] = []
  const waiting = ['a', 'b', 'c'].map(async (name) => {
    using _ = await pool.checkout(open)
    order.push(name)
  })
  assert.equal(pool.figures.waiting, 3)
  lease[Symbol.dispose]()
  await Promise.all(waiting)
  assert.deepEqual(order, ['a', 'b', 'c'])
})

test('who waits too long learns that the pool is exhausted, and leaves the line', async () => {
  const { pool } = createPool({ maxConnections: 1, checkoutTimeoutMs: 10 })
  using _ = await pool.checkout(open)
  await assert.rejects(pool.checkout(open), PoolExhausted)
  assert.equal(pool.figures.waiting, 0)
})

test('who gives up while waiting leaves the line', async () => {
  const { pool } = createPool({ maxConnections: 1 })
  using _ = await pool.checkout(open)
  const gone = new AbortController()
  const waiting = pool.checkout(gone.signal)
  gone.abort(new Error('the client went away'))
  await assert.rejects(waiting, /went away/)
  assert.equal(pool.figures.waiting, 0)
})

test('a backend that is down is told to who asked, and tried again later', async () => {
  const { pool, state, clock, dialed } = createPool({ warmupRatio: 0.3 })
  state.failure = new BackendUnavailable('shop', 'connection refused')
  await assert.rejects(pool.checkout(open), /connection refused/)
  assert.deepEqual(pool.health, { state: 'down', message: state.failure.message })
  state.failure = undefined
  pool.maintain()
  await settled()
  assert.equal(dialed.length, 0)
  clock.ms += 60_000
  pool.maintain()
  await settled()
  assert.equal(dialed.length, 2)
  assert.equal(pool.health.state, 'up')
})

test('a dead idle connection is never handed out', async () => {
  const { pool, dialed } = createPool()
  ;(await pool.checkout(open))[Symbol.dispose]()
  dialed[0]?.close()
  using lease = await pool.checkout(open)
  assert.equal(lease.connection.number, 1)
})

test('a connection is retired after its lifetime', async () => {
  const { pool, clock, dialed } = createPool()
  ;(await pool.checkout(open))[Symbol.dispose]()
  clock.ms += DEFAULT_POOL.lifetimeMs
  using lease = await pool.checkout(open)
  assert.equal(lease.connection.number, 1)
  assert.equal(dialed[0]?.isOpen, false)
})

test('connections idle for a minute are closed down to the warm ones', async () => {
  const { pool, clock } = createPool({ maxConnections: 10, warmupRatio: 0.2 })
  const leases = await Promise.all(Array.from({ length: 6 }, () => pool.checkout(open)))
  for (const lease of leases) lease[Symbol.dispose]()
  assert.equal(pool.figures.idle, 6)
  clock.ms += DEFAULT_POOL.idleTimeoutMs
  pool.maintain()
  assert.equal(pool.figures.idle, 2)
})

test('at most 80 % of the maximum stay idle', async () => {
  const { pool } = createPool({ maxConnections: 10, keptIdleRatio: 0.8 })
  const leases = await Promise.all(Array.from({ length: 10 }, () => pool.checkout(open)))
  for (const lease of leases) lease[Symbol.dispose]()
  assert.equal(pool.figures.idle, 8)
})

test('draining waits for the last lease and takes no new ones', async () => {
  const { pool, dialed } = createPool()
  const lease = await pool.checkout(open)
  const drained = pool.drain()
  await assert.rejects(pool.checkout(open), /shutting down/)
  lease[Symbol.dispose]()
  await drained
  assert.equal(dialed[0]?.isOpen, false)
})
