// Masks and who sees through them, and what the gateways are told of both.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertAll, openStore } from '../../manager/src/store/index.ts'
import { onEachStore, onSqlite, PASSWORD, type Rig } from './harness.ts'

const BACKENDS = [{ host: 'db.internal', port: 5432 }]

async function addDatabase(rig: Rig, name: string): Promise<void> {
  await rig.data('POST', 'databases', { name, engine: 'postgres', backends: BACKENDS })
}

const MASK = { database: 'shop', table: 'people', column: 'email', form: 'partial' }

async function told(rig: Rig) {
  const { revision } = await rig.data('GET', 'status')
  const { body } = await rig.internal({ method: 'GET', path: `snapshot?after=${revision - 1}` })
  return body.masks
}

async function columnsOf(rig: Rig, query = ''): Promise<string[]> {
  const masks: (typeof MASK)[] = await rig.data('GET', `masks${query}`)
  return masks.map(({ database, table, column }) => `${database}:${table}.${column}`)
}

onEachStore('masks', (rig) => {
  test('a column has one mask, in whatever case it is written', async () => {
    await addDatabase(rig(), 'shop')
    await addDatabase(rig(), 'another')
    await rig().data('POST', 'masks', MASK)
    const again = { ...MASK, table: 'People', column: 'EMAIL', form: 'full' }
    const twice = await rig().as('admin', { method: 'POST', path: 'masks', body: again })
    assert.deepEqual([twice.status, twice.body.error], [409, 'already_exists'])
    assert.match(twice.body.message, /has a mask already/)

    await rig().data('POST', 'masks', { ...MASK, table: 'hr.people' })
    await rig().data('POST', 'masks', { ...MASK, database: 'another' })
    await rig().data('POST', 'masks', { ...MASK, column: 'Birthday' })
    assert.deepEqual(await columnsOf(rig()), [
      ...['another:people.email', 'shop:hr.people.email'],
      ...['shop:people.Birthday', 'shop:people.email'],
    ])
    assert.deepEqual(await columnsOf(rig(), '?database=SHOP&limit=2&offset=1'), [
      ...['shop:people.Birthday', 'shop:people.email'],
    ])
  })

  test('gateways are told of them, and of who sees through them by id', async () => {
    await addDatabase(rig(), 'told')
    const { id: databaseId } = await rig().data('GET', 'databases/told')
    const { id: viewerId } = await rig().data('GET', 'users/a-viewer')
    const wish = { ...MASK, database: 'told', exceptRoles: ['admin'] }
    const mask = await rig().data('POST', 'masks', {
      ...wish,
      exceptUsers: ['A-Viewer', 'a-viewer'],
    })
    assert.deepEqual(
      [mask.exceptRoles, mask.exceptUsers, mask.createdBy, mask.version],
      [['admin'], ['a-viewer'], 'root-admin', 1],
    )
    const ofTold = async () => (await told(rig())).filter((one: object) => isOf(one, databaseId))
    const told1 = {
      ...{ id: mask.id, databaseId, table: 'people', column: 'email', form: 'partial' },
      ...{ exceptRoles: ['admin'], exceptPrincipals: [viewerId] },
    }
    assert.deepEqual(await ofTold(), [told1])

    await rig().data('PATCH', `masks/${mask.id}`, { form: 'hash', exceptUsers: [] })
    assert.deepEqual(await ofTold(), [{ ...told1, form: 'hash', exceptPrincipals: [] }])
    await rig().data('DELETE', `masks/${mask.id}`)
    assert.deepEqual(await ofTold(), [])
  })

  test('they go with their database, and who is removed sees through none', async () => {
    await addDatabase(rig(), 'fleeting')
    await rig().data('POST', 'users', { name: 'guest', role: 'viewer', password: PASSWORD })
    const { id: viewerId } = await rig().data('GET', 'users/a-viewer')
    const wish = { ...MASK, database: 'fleeting' }
    const { id } = await rig().data('POST', 'masks', {
      ...wish,
      exceptUsers: ['guest', 'a-viewer'],
    })
    await rig().data('DELETE', 'users/guest')
    const [listed] = await rig().data('GET', 'masks?database=fleeting')
    assert.deepEqual([listed.exceptUsers, listed.version], [['a-viewer'], 2])
    const one = (await told(rig())).find((mask: { id: string }) => mask.id === id)
    assert.deepEqual(one.exceptPrincipals, [viewerId])

    await rig().data('DELETE', 'databases/fleeting')
    assert.deepEqual(await columnsOf(rig(), '?database=fleeting'), [])
    assert.ok((await told(rig())).every((mask: { id: string }) => mask.id !== id))
  })

  test('who changes what somebody else has changed meanwhile is told so', async () => {
    await addDatabase(rig(), 'shared')
    const mask = await rig().data('POST', 'masks', { ...MASK, database: 'shared' })
    const change = (body: object) =>
      rig().as('maintainer', { method: 'PATCH', path: `masks/${mask.id}`, body })
    assert.equal((await change({ form: 'null', version: mask.version })).status, 200)
    const late = await change({ exceptRoles: ['viewer'], version: mask.version })
    assert.deepEqual([late.status, late.body.error], [409, 'outdated'])
    await rig().data('DELETE', `masks/${mask.id}`)
    assert.equal((await change({ form: 'full' })).status, 404)

    const audited = await rig().data('GET', 'audit?kind=administration&limit=3')
    assert.deepEqual(
      audited.map(({ action, object }: { action: string; object: string }) => [action, object]),
      [
        ['mask.remove', 'mask:people.email@shared'],
        ['mask.change', 'mask:people.email@shared'],
        ['mask.add', 'mask:people.email@shared'],
      ],
    )
    assert.deepEqual([audited[1].before.form, audited[1].after.form], ['partial', 'null'])
  })

  test('two that are added at once for one column are one', async () => {
    await addDatabase(rig(), 'raced')
    const add = (table: string) =>
      rig().as('admin', {
        ...{ method: 'POST', path: 'masks' },
        body: { ...MASK, database: 'raced', table },
      })
    const answers = await Promise.all(['people', 'PEOPLE', 'People'].map(add))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409])
  })
})

function isOf(mask: object, databaseId: string): boolean {
  return 'databaseId' in mask && mask.databaseId === databaseId
}

onSqlite('what is refused of a mask, with a reason', (rig) => {
  const refusal = async (part: object) => {
    const body = { ...MASK, ...part }
    const answer = await rig().as('maintainer', { method: 'POST', path: 'masks', body })
    return [answer.status, answer.body.error]
  }

  test('what could not be read, or would fit no column', async () => {
    await addDatabase(rig(), 'shop')
    for (const table of ['a.b.c', '.people', 'hr.', '"people"', ' people', 'hr. people', '`a`']) {
      assert.deepEqual(await refusal({ table }), [422, 'mask_not_readable'], table)
    }
    for (const column of ['*', 'e*', 'people.email', 'PEOPLE.email', '"email"', ' email', '\n']) {
      assert.deepEqual(await refusal({ column }), [422, 'mask_not_readable'], column)
    }
    for (const part of [
      { form: 'upper' },
      { column: '' },
      { table: 'a'.repeat(261) },
      { exceptRoles: ['owner'] },
      { exceptRoles: ['admin', 'admin'] },
      { exceptUsers: Array.from({ length: 201 }, (_, at) => `person${at}`) },
      { colour: 'red' },
    ]) {
      assert.deepEqual(await refusal(part), [400, 'validation_failed'], JSON.stringify(part))
    }
    assert.deepEqual(await columnsOf(rig()), [])
  })

  test('who or what is unknown', async () => {
    assert.deepEqual(await refusal({ database: 'nowhere' }), [404, 'not_found'])
    assert.deepEqual(await refusal({ exceptUsers: ['a-viewer', 'nobody-here'] }), [
      404,
      'not_found',
    ])
    for (const [method, body] of [
      ['PATCH', { form: 'full' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await rig().as('maintainer', { method, path: 'masks/none', body })
      assert.deepEqual([answer.status, answer.body.error], [404, 'not_found'])
    }
    assert.deepEqual(await columnsOf(rig()), [])
  })

  test('names that no engine writes without quotes', async () => {
    for (const [table, column] of [
      ['hr.*', 'salary'],
      ['order items', 'card number'],
      ['people*', 'address.city'],
      ['*', 'password'],
    ]) {
      await rig().data('POST', 'masks', { ...MASK, table, column })
    }
    assert.equal((await columnsOf(rig())).length, 4)
  })

  test('more than five hundred of one database', async () => {
    await addDatabase(rig(), 'full')
    const { id } = await rig().data('GET', 'databases/full')
    const store = openStore(rig().place.config)
    await insertAll(
      store.db,
      'masks',
      Array.from({ length: 500 }, (_, at) => maskRow(id, at)),
    )
    await store.close()
    assert.deepEqual(await refusal({ database: 'full' }), [422, 'too_many_masks'])
    assert.equal((await refusal({ database: 'shop' }))[0], 201)
  })
})

function maskRow(databaseId: string, at: number) {
  return {
    ...{ id: `mask-${at}`, database_id: databaseId, form: 'full' },
    ...{ table_name: 'people', table_key: 'people' },
    ...{ column_name: `column${at}`, column_key: `column${at}` },
    ...{ except_roles: '[]', except_principals: '[]', created_by: '', version: 1 },
    ...{ created_at: '2026-01-31T12:00:00.000Z', updated_at: '2026-01-31T12:00:00.000Z' },
  }
}
