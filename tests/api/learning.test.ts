// What applications were seen to send is learnt from the audit, looked through by people, and told to gateways.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { StatementRecorded } from '@articdbm/contract'
import { onEachStore, type Rig } from './harness.ts'

const DAY_MS = 86_400_000

async function addDatabase(rig: Rig, name: string) {
  const backends = [{ host: 'db.internal', port: 5432 }]
  const policy = { learning: 'block' }
  return rig.data('POST', 'databases', { name, engine: 'postgres', backends, policy })
}

async function record(
  rig: Rig,
  database: { readonly id: string; readonly name: string },
  statements: readonly Partial<StatementRecorded>[],
): Promise<void> {
  const { id: principalId } = await rig.data('GET', 'users/a-viewer')
  const events = statements.map((part) => ({
    ...{ kind: 'statement.recorded', id: randomUUID(), at: new Date().toISOString() },
    ...{ gateway: 'g', session: 's', door: 'postgres', principalId, principal: 'a-viewer' },
    ...{ address: '192.0.2.7', application: 'shop', databaseId: database.id },
    ...{ database: database.name, sql: 'SELECT 1', isTruncated: false, digest: 'abc' },
    ...{ effects: ['read'], relations: [], verdict: 'allow', rule: '', score: 0, message: '' },
    ...part,
  }))
  const body = { gateway: 'g', events }
  const answer = await rig.internal({ method: 'POST', path: 'audit', body })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

async function learntIn(rig: Rig) {
  const { revision } = await rig.data('GET', 'status')
  const { body } = await rig.internal({ method: 'GET', path: `snapshot?after=${revision - 1}` })
  return body.learnt
}

const SHOP = (round: number) => [
  { sql: `SELECT id FROM orders WHERE id = ${round}` },
  { sql: `SELECT id FROM orders WHERE customer = 'c${round}' AND id = ${round}` },
  { sql: `INSERT INTO orders (id) VALUES (${round}), (${round + 1})` },
]

onEachStore('learning', (rig) => {
  test('habits are learnt once, whatever their values, and told to gateways', async () => {
    const database = await addDatabase(rig(), 'learnt')
    const rounds = Array.from({ length: 100 }, (_, round) => SHOP(round)).flat()
    await record(rig(), database, rounds)
    await record(rig(), database, [
      { sql: 'SELECT secret FROM vault', verdict: 'block', rule: 'grant.missing', score: 100 },
      { sql: "SELECT id FROM orders WHERE a = '' OR 1 = 1", score: 95, verdict: 'alert' },
      { sql: 'SELECT 1 FROM old', at: new Date(Date.now() - 9 * DAY_MS).toISOString() },
      { sql: 'SELECT cut', isTruncated: true },
      { sql: 'SELECT cut off FROM' },
    ])
    const result = await rig().data('POST', 'learning', { database: 'learnt' })
    const { examined, learnt, leftOut, newHabits, stoppedBy } = result
    assert.deepEqual([examined, learnt, leftOut, newHabits, stoppedBy], [304, 300, 4, 3, null])
    const again = await rig().data('POST', 'learning', { database: 'learnt' })
    assert.equal(again.newHabits, 0)
    const [known, more] = await rig().data('GET', 'learning?database=learnt')
    assert.equal(more, undefined)
    assert.deepEqual(
      [known.user, known.application, known.habits, known.statements, known.novelty, known.known],
      ['a-viewer', 'shop', 3, 300, 0, 'well'],
    )
    const [told] = await learntIn(rig())
    assert.deepEqual(
      [told.databaseId, told.application, told.statements],
      [database.id, 'shop', 300],
    )
    assert.ok(
      told.traits.length > 5 && told.traits.every((key: string) => /^[sd][0-9a-f]{16}$/.test(key)),
    )
    await rig().data('PATCH', 'databases/learnt', { policy: { learning: 'off' } })
    assert.deepEqual(await learntIn(rig()), [])
    await rig().data('DELETE', 'databases/learnt')
  })

  test('people promote, deny and forget habits, with an audit of it', async () => {
    const database = await addDatabase(rig(), 'looked_through')
    await record(rig(), database, SHOP(1))
    await rig().data('POST', 'learning', { database: 'looked_through', days: 1 })
    const id = randomUUID()
    await record(rig(), database, [{ id, sql: 'SELECT a FROM reports', rule: 'learning.unknown' }])
    const added = await rig().data('POST', 'habits', { auditId: id, state: 'promoted' })
    assert.deepEqual([added.state, added.sample], ['promoted', 'SELECT a FROM reports'])
    const [before] = await learntIn(rig())
    const denied = await rig().data('PATCH', `habits/${added.id}`, { state: 'denied' })
    assert.equal(denied.state, 'denied')
    const [after] = await learntIn(rig())
    assert.equal(after.denied.length, 1)
    assert.ok(after.traits.length < before.traits.length)
    // What somebody has decided is not undone by learning again.
    await record(rig(), database, [{ sql: 'SELECT a FROM reports' }])
    await rig().data('POST', 'learning', { database: 'looked_through', user: 'a-viewer', days: 1 })
    const list = await rig().data('GET', 'habits?database=looked_through&state=denied')
    assert.deepEqual(
      list.map((habit: { id: string }) => habit.id),
      [added.id],
    )
    await rig().data('DELETE', `habits/${added.id}`)
    assert.deepEqual((await learntIn(rig()))[0].denied, [])
    const audited = await rig().data('GET', 'audit?kind=administration&limit=4')
    assert.deepEqual(
      audited.map(({ action }: { action: string }) => action),
      ['learning.forget', 'learning.learn', 'learning.change', 'learning.add'],
    )
    await rig().data('DELETE', 'databases/looked_through')
  })

  test('who is no more, and what is no more, is refused', async () => {
    await addDatabase(rig(), 'nothing')
    for (const [path, body, status] of [
      ['learning', { database: 'nowhere' }, 404],
      ['learning', { database: 'nothing', user: 'no-such-person' }, 404],
      ['learning', { database: 'nothing', days: 91 }, 400],
      ['habits', { auditId: randomUUID(), state: 'promoted' }, 404],
      ['habits', { auditId: randomUUID(), state: 'learnt' }, 400],
    ] as const) {
      const answer = await rig().as('maintainer', { method: 'POST', path, body })
      assert.equal(answer.status, status, `${path} ${JSON.stringify(body)}`)
    }
    await rig().data('DELETE', 'databases/nothing')
  })
})
