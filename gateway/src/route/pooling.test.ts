import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type PoolSettings,
  type SnapshotDatabase,
  type UserPooling,
} from '@articdbm/contract'
import { poolingOf } from './pooling.ts'

function pooled(pool: Partial<PoolSettings>, pooling?: UserPooling) {
  const database: SnapshotDatabase = {
    ...{ id: 'd', name: 'd', engine: 'postgres', target: 'd', defaultSchema: 'public' },
    ...{ backends: [], credential: null, policy: DEFAULT_POLICY },
    pool: { ...DEFAULT_POOL, ...pool },
  }
  const verifier = { iterations: 4096, salt: '', storedKey: '', serverKey: '' }
  return poolingOf(database, {
    ...{ id: 'p', name: 'ann', role: 'viewer', verifier, isActive: true, validUntil: null },
    ...(pooling && { pooling }),
  })
}

test('a person without settings of their own is pooled as the database says', () => {
  const wanted = { mode: 'statement', mayShare: true, maxConnections: 3 }
  assert.deepEqual(pooled({ mode: 'statement', maxConnectionsPerUser: 3 }), wanted)
  assert.deepEqual(pooled({ mode: 'statement', maxConnectionsPerUser: 3 }, {}), wanted)
  assert.equal(poolingOf(undefined, undefined).mode, 'transaction')
})

test("a person's own mode and limit stand above the database's", () => {
  const own = pooled({ maxConnectionsPerUser: 3 }, { mode: 'session', maxConnections: 0 })
  assert.deepEqual(own, { mode: 'session', mayShare: false, maxConnections: 0 })
  assert.equal(pooled({ mode: 'session' }, { mode: 'transaction' }).mayShare, true)
})

test('either side switches lanes off', () => {
  assert.equal(pooled({}, { lanes: false }).mayShare, false)
  assert.equal(pooled({ lanes: false }, { lanes: true }).mayShare, false)
  assert.equal(pooled({ mode: 'session' }).mayShare, false)
})
