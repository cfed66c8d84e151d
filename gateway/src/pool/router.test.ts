import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BackendUnavailable,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type SnapshotDatabase,
} from '@articdbm/contract'
import { Roster } from '../route/roster.ts'
import type { BackendConnection } from './pool.ts'
import { Router } from './router.ts'

const open = new AbortController().signal
const PORTS = [5432, 5433]

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

function createRouter(refusing: readonly number[] = []) {
  const clock = { nowMs: () => 0, random: () => 0 }
  const dialed: number[] = []
  const router = new Router<BackendConnection>({
    ...clock,
    roster: new Roster(database(), clock),
    dial: async ({ configured: { port } }) => {
      dialed.push(port)
      if (refusing.includes(port)) throw new BackendUnavailable('shop', `${port} refuses`)
      return { isOpen: true, isReusable: true, close: () => undefined, onClosed: () => undefined }
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
