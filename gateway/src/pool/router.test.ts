import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  BackendUnavailable,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type SnapshotDatabase,
} from '@articdbm/contract'
import type { Observation } from '../route/observation.ts'
import { Roster } from '../route/roster.ts'
import { TO_PRIMARY, type Wish } from '../route/wish.ts'
import type { BackendConnection } from './pool.ts'
import { Router } from './router.ts'

const open = new AbortController().signal
const PORTS = [5432, 5433]
const CLOCK = { nowMs: () => 0, random: () => 0 }

function database(): SnapshotDatabase {
  return {
    id: 'shop',
    name: 'shop',
    engine: 'postgres',
    target: 'shop',
    defaultSchema: 'public',
    backends: PORTS.map((port) => ({
      ...{ id: `b${port}`, host: '127.0.0.1', port, weight: 1 },
      ...{ role: 'primary', tls: 'disable' },
    })),
    credential: null,
    pool: { ...DEFAULT_POOL, warmupRatio: 0, maxConnections: 1 },
    policy: DEFAULT_POLICY,
  }
}

function createConnection(): BackendConnection {
  let isOpen = true
  return {
    get isOpen() {
      return isOpen
    },
    isReusable: true,
    close: () => {
      isOpen = false
    },
    onClosed: () => undefined,
  }
}

function createRouter(refusing: readonly number[] = []) {
  const dialed: number[] = []
  const router = new Router<BackendConnection>({
    ...CLOCK,
    roster: new Roster(database(), CLOCK),
    dial: async ({ configured: { port } }) => {
      dialed.push(port)
      if (refusing.includes(port)) throw new BackendUnavailable('shop', `${port} refuses`)
      return createConnection()
    },
    routed: () => undefined,
  })
  return { router, dialed }
}

test('what is dialled beside the pool is not counted, and waits for nobody in it', async () => {
  const { router } = createRouter()
  using _lease = await router.checkout(open)
  const [figures, status] = [router.figures, router.status()]
  assert.equal((await router.dial(open)).isOpen, true)
  assert.deepEqual([router.figures, router.status()], [figures, status])
})

test('who dials or checks out is sent to the next backend where one refuses', async () => {
  for (const way of ['dial', 'checkout'] as const) {
    const { router, dialed } = createRouter(PORTS.slice(0, 1))
    await router[way](open)
    assert.equal(dialed.at(-1), 5433, way)
  }
  const { router } = createRouter(PORTS)
  await assert.rejects(router.dial(open), BackendUnavailable)
})

describe('who shares connections to one backend', () => {
  test('gets them there, or of the next one that takes writes where that one refuses', async () => {
    for (const [refusing, port] of [
      [[], 5432],
      [[5432], 5433],
    ] as const) {
      const { router, dialed } = createRouter(refusing)
      using lease = await router.toward(TO_PRIMARY)?.checkout(open)
      assert.equal(lease?.connection.isOpen, true)
      assert.equal(dialed.at(-1), port)
    }
  })

  test('weighs by what it carries when the next backend is chosen', () => {
    const { router } = createRouter()
    const [first, sharer] = [router.toward(TO_PRIMARY), {}]
    assert.equal(router.toward(TO_PRIMARY), first)
    first?.weigh(sharer, () => 5)
    assert.notEqual(router.toward(TO_PRIMARY), first)
    first?.weigh(sharer, undefined)
    assert.equal(router.toward(TO_PRIMARY), first)
  })
})

describe('a session of a Galera cluster whose writes move to another node', () => {
  const [first, second] = PORTS.map((port) => `127.0.0.1:${port} disable`)
  const written = (source: string | undefined) => new Map([[`${source}`, 100]])
  const seenAt = (value: number): Observation => ({
    ...{ role: 'primary', unfit: '', lagMs: undefined, timeline: 0 },
    position: { kind: 'seqno', cluster: 'c', value: BigInt(value) },
  })

  function createCluster(catchUp: () => Promise<void>) {
    const roster = new Roster({ ...database(), engine: 'galera' }, CLOCK)
    const dial = async () => createConnection()
    const router = new Router({ ...CLOCK, roster, dial, catchUp, routed: () => undefined })
    const see = (at: number, value: number, askedAtMs: number) => {
      const member = roster.members[at]
      if (member) roster.noteAnswer(member, seenAt(value), askedAtMs)
    }
    return { router, see }
  }

  async function take(router: Router<BackendConnection>, wish: Partial<Wish>) {
    const [placed, caughtUp]: string[][] = [[], []]
    using _lease = await router.checkout(open, {
      ...{ ...TO_PRIMARY, ...wish },
      placed: (backend) => void placed?.push(backend),
      caughtUp: (backend) => void caughtUp?.push(backend),
    })
    return { placed: placed?.[0], caughtUp: caughtUp?.[0] }
  }

  test('the new node is made to have all that the session wrote, once it is not known to', async () => {
    let times = 0
    const { router, see } = createCluster(async () => {
      times += 1
    })
    see(1, 8, 50)
    see(0, 7, 150)
    const wish = { written: written(second) }
    assert.deepEqual(await take(router, wish), { placed: first, caughtUp: first })
    assert.equal(times, 1)
    see(1, 8, 150)
    assert.equal((await take(router, wish)).caughtUp, first, 'it is at 7, and 8 is asked for')
    see(0, 8, 160)
    assert.deepEqual(await take(router, wish), { placed: first, caughtUp: undefined })
    assert.equal(times, 2)
  })

  test('a read goes to the node that the session wrote on rather than to one that may lack it', async () => {
    const { router, see } = createCluster(() => Promise.reject(new Error('not asked for')))
    see(1, 8, 50)
    see(0, 7, 150)
    see(1, 8, 150)
    see(0, 7, 160)
    see(1, 7, 170)
    assert.equal((await take(router, { aim: 'reader', written: written(second) })).placed, second)
  })

  test('who cannot be given what they wrote gets an error, and the connection ends', async () => {
    const { router } = createCluster(() => Promise.reject(new Error('it took too long')))
    await assert.rejects(take(router, { written: written(second) }), /it took too long/)
    assert.equal(router.figures.open, 0)
  })
})
