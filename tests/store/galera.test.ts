// A cluster of its own: its nodes are killed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Secret } from '@articdbm/contract'
import { createConnection } from 'mysql2/promise'
import {
  currentRevision,
  migrate,
  nextRevision,
  openStore,
  type Store,
} from '../../manager/src/store/index.ts'
import { ask } from '../../manager/src/store/raw.ts'
import { type Galera, type GaleraNode, serverUrl, startGalera } from '../support/servers/index.ts'
import { outcomeOf } from './harness.ts'

const { skip } = serverUrl('galera')
let cluster: Galera
let store: Store

before(
  async () => {
    if (skip !== false) return
    cluster = await startGalera(3)
    store = openOn(cluster.nodes)
    await migrate(store)
  },
  { timeout: 120_000 },
)

after(async () => {
  await store?.close()
  await cluster?.stop()
})

function openOn(nodes: readonly GaleraNode[]): Store {
  const hosts = nodes.map(({ host, port }) => ({ host, port }))
  const [{ user, password } = { user: '', password: '' }] = nodes
  return openStore({
    type: 'galera',
    hosts,
    database: 'articdbm',
    user,
    password: new Secret(password),
    poolSize: 6,
    retries: { maxRetries: 8, retryDelayMs: 2_000 },
  })
}

function node(at: number): GaleraNode {
  const found = cluster.nodes[at]
  assert.ok(found)
  return found
}

async function portInUse(): Promise<unknown> {
  const [row] = await store.read((db) => ask(db, 'SELECT @@port AS port'))
  return row?.port
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 20_000
  while (!(await check())) {
    assert.ok(Date.now() < giveUpAt, 'it took too long')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('a node that is not Synced is not used, and is used again when it is', { skip }, async () => {
  assert.equal(await portInUse(), node(0).port)
  const { host, port, user, password } = node(0)
  const administrator = await createConnection({ host, port, user, password })
  await administrator.query('SET GLOBAL wsrep_desync = ON')
  await until(async () => (await portInUse()) === node(1).port)
  await administrator.query('SET GLOBAL wsrep_desync = OFF')
  await administrator.end()
  await until(async () => (await portInUse()) === node(0).port)
})

test('a killed node stops nobody, loses nothing, and is used again when it is back', {
  skip,
  timeout: 120_000,
}, async () => {
  const begin = await currentRevision(store.db)
  const outcomes = new Map<string, number>()
  const writers = Array.from({ length: 4 }, async () => {
    for (let count = 0; count < 60; count += 1) {
      const outcome = await outcomeOf(store.transaction((tx) => nextRevision(tx)))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  await node(0).kill()
  await Promise.all(writers)

  const acknowledged = outcomes.get('ok') ?? 0
  const unknown = outcomes.get('CommitUnknown') ?? 0
  assert.equal(acknowledged + unknown, 240, JSON.stringify([...outcomes]))
  assert.equal(await portInUse(), node(1).port)
  const made = (await store.read(currentRevision)) - begin
  assert.ok(made >= acknowledged && made <= acknowledged + unknown, `${made} of ${acknowledged}`)

  await node(0).restart()
  await until(async () => (await portInUse()) === node(0).port)
  await using alone = openOn([node(0)])
  assert.equal((await currentRevision(alone.db)) - begin, made)
})

test('a node outside the primary component is not used', { skip, timeout: 120_000 }, async () => {
  await Promise.all([node(1).kill(), node(2).kill()])
  const outcome = await outcomeOf(
    (async () => {
      await using last = openStore({
        type: 'galera',
        hosts: [{ host: node(0).host, port: node(0).port }],
        database: 'articdbm',
        user: node(0).user,
        password: new Secret(node(0).password),
        poolSize: 2,
        retries: { maxRetries: 1, retryDelayMs: 100 },
      })
      // It takes the group's time-outs until the last node knows that it is alone.
      await new Promise((resolve) => setTimeout(resolve, 6_000))
      await last.transaction((tx) => nextRevision(tx))
    })(),
  )
  assert.equal(outcome, 'StoreUnavailable')
})
