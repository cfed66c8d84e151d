// Rules in their order and bypasses with their end, and what the gateways are told of them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { onEachStore, onSqlite, type Rig } from './harness.ts'

const DAY_MS = 86_400_000
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString()

const BACKENDS = [{ host: 'db.internal', port: 5432 }]

async function addDatabase(rig: Rig, name: string): Promise<void> {
  await rig.data('POST', 'databases', { name, engine: 'postgres', backends: BACKENDS })
}

async function addRule(rig: Rig, name: string, part: object = {}): Promise<void> {
  const rule = { name, action: 'block', conditions: { tables: ['orders'] }, ...part }
  await rig.data('POST', 'rules', rule)
}

async function namesOf(rig: Rig, query = ''): Promise<string[]> {
  const rules: { name: string }[] = await rig.data('GET', `rules${query}`)
  return rules.map(({ name }) => name)
}

async function snapshotOf(rig: Rig) {
  const { revision } = await rig.data('GET', 'status')
  const { body } = await rig.internal({ method: 'GET', path: `snapshot?after=${revision - 1}` })
  return body
}

/** The requests that docs/USAGE.md shows, in their order. */
function shownRequests() {
  const text = readFileSync(new URL('../../docs/USAGE.md', import.meta.url), 'utf8')
  return [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json))
}

onEachStore('rules and bypasses', (rig) => {
  test('the rule and the bypass that docs/USAGE.md shows are taken', async () => {
    const [rule, bypass] = shownRequests()
    await addDatabase(rig(), rule.database)
    await rig().data('POST', 'users', { name: bypass.user, role: 'viewer' })
    await rig().data('POST', 'rules', rule)
    const { id } = await rig().data('POST', 'bypasses', { ...bypass, validUntil: inDays(1) })
    const list = `bypasses?state=open&database=${bypass.database}`
    assert.equal((await rig().data('GET', list))[0].id, id)
    await rig().data('DELETE', `bypasses/${id}`)
    assert.deepEqual(await rig().data('GET', list), [])
    await rig().data('DELETE', `rules/${rule.name}`)
    await rig().data('DELETE', `databases/${bypass.database}`)
  })

  test('rules are looked at in their order, which can be changed', async () => {
    for (const name of ['one', 'two', 'three']) await addRule(rig(), name)
    await addRule(rig(), 'zero', { before: 'one' })
    assert.deepEqual(await namesOf(rig()), ['zero', 'one', 'two', 'three'])
    await rig().data('PATCH', 'rules/three', { before: 'one' })
    await rig().data('PATCH', 'rules/zero', { before: null })
    assert.deepEqual(await namesOf(rig()), ['three', 'one', 'two', 'zero'])
    const lost = await rig().as('admin', {
      ...{ method: 'PATCH', path: 'rules/one', body: { before: 'nowhere', isOn: true } },
    })
    assert.deepEqual([lost.status, lost.body.error], [404, 'not_found'])
    assert.equal((await rig().data('GET', 'rules/one')).isOn, false)
    for (const name of await namesOf(rig())) await rig().data('DELETE', `rules/${name}`)
  })

  test('gateways are told of those that are switched on, in their order', async () => {
    await addDatabase(rig(), 'ruled')
    await addRule(rig(), 'off')
    await addRule(rig(), 'second', { isOn: true, database: 'ruled', message: 'not at night' })
    await addRule(rig(), 'first', { isOn: true, before: 'second', action: 'alert' })
    const { id } = await rig().data('GET', 'databases/ruled')
    assert.deepEqual((await snapshotOf(rig())).rules, [
      {
        ...{ name: 'first', databaseId: null, action: 'alert', message: '' },
        conditions: { tables: ['orders'] },
      },
      {
        ...{ name: 'second', databaseId: id, action: 'block', message: 'not at night' },
        conditions: { tables: ['orders'] },
      },
    ])
    await addDatabase(rig(), 'unruled')
    assert.deepEqual(await namesOf(rig(), '?database=unruled'), ['off', 'first'])
    await rig().data('DELETE', 'databases/ruled')
    assert.deepEqual(await namesOf(rig()), ['off', 'first'])
    for (const name of await namesOf(rig())) await rig().data('DELETE', `rules/${name}`)
  })

  test('who changes what somebody else has changed meanwhile is told so', async () => {
    await addRule(rig(), 'shared')
    const { version } = await rig().data('GET', 'rules/shared')
    const change = (body: object) =>
      rig().as('maintainer', { method: 'PATCH', path: 'rules/shared', body })
    assert.equal((await change({ isOn: true, version })).status, 200)
    const late = await change({ action: 'allow', version })
    assert.deepEqual([late.status, late.body.error], [409, 'outdated'])
    const twice = await rig().as('admin', {
      ...{ method: 'POST', path: 'rules' },
      body: { name: 'shared', action: 'block', conditions: { tables: ['a'] } },
    })
    assert.deepEqual([twice.status, twice.body.error], [409, 'already_exists'])
    await rig().data('DELETE', 'rules/shared')
    const audited = await rig().data('GET', 'audit?kind=administration&limit=3')
    assert.deepEqual(
      audited.map(({ action, object }: { action: string; object: string }) => [action, object]),
      [
        ['rule.remove', 'rule:shared'],
        ['rule.change', 'rule:shared'],
        ['rule.add', 'rule:shared'],
      ],
    )
    assert.deepEqual([audited[1].before.isOn, audited[1].after.isOn], [false, true])
  })

  test('bypasses are told until they end, and stay in the list', async () => {
    await addDatabase(rig(), 'bypassed')
    const wish = { database: 'bypassed', rule: 'injection.union', reason: 'report of accounting' }
    const one = await rig().data('POST', 'bypasses', {
      ...wish,
      ...{ digest: '0123456789abcdef', validUntil: inDays(1) },
    })
    const other = await rig().data('POST', 'bypasses', {
      ...{ ...wish, rule: 'rule.no-exports', user: 'a-viewer', validUntil: inDays(90) },
    })
    assert.deepEqual(
      [one.user, one.digest, other.user, other.digest, other.createdBy],
      [null, '0123456789abcdef', 'a-viewer', null, 'root-admin'],
    )
    const told = (await snapshotOf(rig())).bypasses
    assert.deepEqual(told.map(({ id }: { id: string }) => id).sort(), [one.id, other.id].sort())
    await rig().data('DELETE', `bypasses/${one.id}`)
    assert.equal((await snapshotOf(rig())).bypasses.length, 1)
    const idsOf = async (state: string) =>
      (await rig().data('GET', `bypasses?database=bypassed&state=${state}`)).map(
        ({ id }: { id: string }) => id,
      )
    assert.deepEqual(await idsOf('open'), [other.id])
    assert.deepEqual(await idsOf('ended'), [one.id])
    const again = await rig().as('admin', { method: 'DELETE', path: `bypasses/${one.id}` })
    assert.deepEqual([again.status, again.body.error], [422, 'already_ended'])
    await rig().data('DELETE', 'databases/bypassed')
    assert.deepEqual((await snapshotOf(rig())).bypasses, [])
  })

  test('a bypass ends with its rule: another one of that name is not what was meant', async () => {
    await addDatabase(rig(), 'renewed')
    await addRule(rig(), 'fleeting')
    const wish = { database: 'renewed', rule: 'rule.fleeting', reason: 'for a day' }
    await rig().data('POST', 'bypasses', { ...wish, user: 'a-viewer', validUntil: inDays(1) })
    await rig().data('DELETE', 'rules/fleeting')
    assert.deepEqual((await snapshotOf(rig())).bypasses, [])
    await rig().data('DELETE', 'databases/renewed')
  })
})

onSqlite('what is refused with a reason', (rig) => {
  const refusal = async (path: string, body: object) => {
    const answer = await rig().as('maintainer', { method: 'POST', path, body })
    return [answer.status, answer.body.error]
  }

  test('rules that could not be read', async () => {
    for (const [conditions, status] of [
      [{ pattern: '(a' }, 422],
      [{ addresses: ['10.0.0.300'] }, 422],
      [{}, 400],
      [{ tables: [] }, 400],
      [{ colour: 'red' }, 400],
      [{ tables: ['a'.repeat(300)] }, 400],
    ] as const) {
      const rule = { name: 'bad', action: 'block', conditions }
      assert.equal((await refusal('rules', rule))[0], status, JSON.stringify(conditions))
      assert.equal((await refusal('rules/simulate', { conditions }))[0], status)
    }
    const rule = { name: 'bad', action: 'block', conditions: { tables: ['a'] } }
    assert.deepEqual(await refusal('rules', { ...rule, name: 'Bad name' }), [
      400,
      'validation_failed',
    ])
    assert.deepEqual(await refusal('rules', { ...rule, database: 'nowhere' }), [404, 'not_found'])
    assert.deepEqual(await namesOf(rig()), [])
  })

  test('bypasses that are too wide, too long, or of what nobody may let through', async () => {
    await addDatabase(rig(), 'strict')
    const wish = {
      ...{ database: 'strict', rule: 'injection.union', reason: 'because' },
      ...{ digest: '0123456789abcdef', validUntil: inDays(1) },
    }
    for (const [part, error] of [
      [{ digest: null }, 'bypass_too_wide'],
      [{ validUntil: inDays(91) }, 'bypass_too_long'],
      [{ validUntil: inDays(-1) }, 'already_expired'],
      [{ rule: 'grant.missing' }, 'validation_failed'],
      [{ rule: '*' }, 'validation_failed'],
      [{ reason: '' }, 'validation_failed'],
      [{ digest: 'abc' }, 'validation_failed'],
      [{ user: 'nobody-here' }, 'not_found'],
      [{ database: 'nowhere' }, 'not_found'],
    ] as const) {
      assert.equal(
        (await refusal('bypasses', { ...wish, ...part }))[1],
        error,
        JSON.stringify(part),
      )
    }
    assert.deepEqual(await rig().data('GET', 'bypasses'), [])
  })
})
