import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { AuditEvent, StatementEnded, StatementRecorded } from '@articdbm/contract'
import { insertAll, openStore, type Store } from '../../manager/src/store/index.ts'
import { onEachStore, PASSWORD, type Rig } from './harness.ts'

function recorded(facts: Partial<StatementRecorded> = {}): StatementRecorded {
  return {
    kind: 'statement.recorded',
    id: randomUUID(),
    at: new Date().toISOString(),
    gateway: 'gateway-1',
    session: 'session-1',
    door: 'postgres',
    principalId: 'somebody',
    principal: 'ada',
    address: '192.0.2.7',
    application: 'psql',
    databaseId: 'db-1',
    database: 'shop',
    sql: 'SELECT * FROM orders WHERE id = 7',
    isTruncated: false,
    digest: '0123456789abcdef',
    effects: ['read'],
    relations: [{ name: 'public.orders', access: 'read' }],
    verdict: 'allow',
    rule: '',
    score: 0,
    message: '',
    ...facts,
  }
}

function ended(id: string, facts: Partial<StatementEnded> = {}): StatementEnded {
  return {
    kind: 'statement.ended',
    id,
    at: new Date().toISOString(),
    outcome: 'ok',
    rows: 1,
    bytes: 64,
    durationMs: 1.23456,
    errorCode: '',
    ...facts,
  }
}

async function send(rig: Rig, events: readonly AuditEvent[]): Promise<void> {
  const body = { gateway: 'gateway-1', events }
  const answer = await rig.internal({ method: 'POST', path: 'audit', body })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

async function withStore<T>(rig: Rig, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(rig.config.store)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const verify = (rig: Rig) => rig.data('GET', 'audit/verify')

onEachStore('audit', (rig) => {
  test('what a gateway sends is found, with how it ended', async () => {
    const event = recorded({ sql: 'SELECT "naïve" 🦊\0 FROM t' })
    await send(rig(), [event, ended(event.id, { rows: 3, bytes: 5_000_000_000 })])
    const found = await rig().data('GET', `audit/${event.id}`)
    assert.equal(found.sql, 'SELECT "naïve" 🦊\uFFFD FROM t')
    assert.deepEqual(
      [found.principal, found.door, found.database, found.outcome, found.rows, found.bytes],
      ['ada', 'postgres', 'shop', 'ok', 3, 5_000_000_000],
    )
    assert.deepEqual(found.relations, event.relations)
  })

  test('an event that is sent twice is taken once, whichever way it comes again', async () => {
    const event = recorded()
    const end = ended(event.id)
    await send(rig(), [event])
    await send(rig(), [event, end])
    await send(rig(), [event, end])
    await send(rig(), [{ ...end, rows: 99 }])
    const found = await rig().data('GET', `audit/${event.id}`)
    assert.equal(found.rows, 1)
    const links = await withStore(rig(), ({ db }) =>
      db.selectFrom('audit_chain').select('kind').where('audit_id', '=', event.id).execute(),
    )
    assert.deepEqual(links.map(({ kind }) => kind).sort(), ['ended', 'recorded'])
    assert.equal((await verify(rig())).isIntact, true)
  })

  test('batches that come at once each get their place in the chain', async () => {
    const batches = Array.from({ length: 6 }, () =>
      Array.from({ length: 20 }, () => recorded()).flatMap((e) => [e, ended(e.id)]),
    )
    await Promise.all(batches.map((events) => send(rig(), events)))
    const verification = await verify(rig())
    assert.equal(verification.isIntact, true, JSON.stringify(verification))
    assert.ok(verification.entries >= 240)
  })

  test('a text of every length is taken: one bad value must not hold up the rest', async () => {
    const event = recorded({
      sql: 'x'.repeat(1_500_000),
      principal: 'p'.repeat(5_000),
      application: '\u{1F98A}'.repeat(500),
      message: 'm'.repeat(100_000),
      rule: 'r'.repeat(300),
      at: '2026-05-01T12:00:00+02:00',
      effects: Array.from({ length: 500 }, () => 'read'),
      relations: Array.from({ length: 3_000 }, (_, at) => ({
        name: `${'t'.repeat(400)}${at}`,
        access: 'read' as const,
      })),
    })
    await send(rig(), [event])
    const found = await rig().data('GET', `audit/${event.id}`)
    assert.deepEqual([found.isTruncated, found.at], [true, '2026-05-01T10:00:00.000Z'])
    assert.equal((await verify(rig())).isIntact, true)
  })

  test('the search narrows by each of its fields and pages newest first', async () => {
    const day = '2026-03-04'
    const events = Array.from({ length: 5 }, (_, at) =>
      recorded({
        at: `${day}T0${at}:00:00.000Z`,
        principal: 'searcher',
        database: 'ledger',
        door: 'mysql',
        sql: `UPDATE Accounts_${at} SET x = '100%'`,
        digest: 'feedfacefeedface',
        verdict: at === 2 ? 'block' : 'allow',
        rule: at === 2 ? 'grant.missing' : '',
        relations: [{ name: `main.accounts_${at}`, access: 'write' }],
      }),
    )
    await send(rig(), events)
    const ids = async (query: string): Promise<string[]> =>
      (await rig().data('GET', `audit?${query}`)).map((entry: { id: string }) => entry.id)
    const all = events.map(({ id }) => id).reverse()
    for (const query of [
      'principal=searcher',
      'database=ledger',
      'door=mysql&principal=searcher',
      'digest=feedfacefeedface',
      `from=${day}T00:00:00Z&until=${day}T23:00:00Z`,
      'sql=accounts_&database=ledger',
      'sql=100%25&database=ledger',
    ]) {
      assert.deepEqual(await ids(query), all, query)
    }
    const third = [events[2]?.id]
    assert.deepEqual(await ids('verdict=block&principal=searcher'), third)
    assert.deepEqual(await ids('rule=grant.missing&principal=searcher'), third)
    assert.deepEqual(await ids('relation=accounts_2'), third)
    assert.deepEqual(await ids('relation=main.accounts_2'), third)
    assert.deepEqual(await ids('relation=ccounts_2'), [])
    assert.deepEqual(await ids('relation=%25'), [])
    assert.deepEqual(await ids('sql=xyzzy'), [])
    const paged: string[] = []
    let cursor = ''
    do {
      const answer = await rig().as('admin', {
        method: 'GET',
        path: `audit?principal=searcher&limit=2${cursor && `&cursor=${cursor}`}`,
      })
      paged.push(...answer.body.data.map((entry: { id: string }) => entry.id))
      cursor = answer.body.meta.nextCursor ?? ''
    } while (cursor !== '')
    assert.deepEqual(paged, all)
  })

  test('a viewer finds their own rows and nobody else’s', async () => {
    const me = (await rig().as('viewer', { method: 'GET', path: 'auth/me' })).body.data.user
    const mine = recorded({ principalId: me.id, principal: me.name })
    const other = recorded()
    await send(rig(), [mine, other])
    const found = await rig().as('viewer', { method: 'GET', path: 'audit?kind=statement' })
    assert.deepEqual(
      found.body.data.map((entry: { id: string }) => entry.id),
      [mine.id],
    )
    const refused = await rig().as('viewer', { method: 'GET', path: `audit/${other.id}` })
    assert.equal(refused.status, 404)
  })

  test('an administrative change is told with who, what, before and after', async () => {
    await rig().data('POST', 'users', { name: 'audited', role: 'viewer', password: PASSWORD })
    await rig().data('PATCH', 'users/audited', { displayName: 'Audited Person' })
    await rig().data('DELETE', 'users/audited')
    const entries = await rig().data('GET', 'audit?kind=administration&principal=root-admin')
    const about = entries
      .filter((entry: { object: string }) => entry.object === 'user:audited')
      .reverse()
    assert.deepEqual(
      about.map((entry: { action: string }) => entry.action),
      ['user.create', 'user.change', 'user.remove'],
    )
    assert.equal(about[1].before.displayName, 'audited')
    assert.equal(about[1].after.displayName, 'Audited Person')
    assert.ok(about.every((entry: { address: string }) => entry.address === '127.0.0.1'))
  })

  test('a refused login is told, too', async () => {
    const body = { name: 'intruder', password: 'guess' }
    await rig().ask({ method: 'POST', path: 'auth/login', body })
    const [entry] = await rig().data('GET', 'audit?kind=session&principal=intruder')
    assert.deepEqual([entry.verdict, entry.action, entry.door], ['block', 'login.refused', 'web'])
    assert.ok(!JSON.stringify(entry).includes('guess'))
  })

  const TAMPERING: readonly [string, (store: Store, id: string) => Promise<unknown>, RegExp][] = [
    [
      'an edited statement',
      ({ db }, id) =>
        db.updateTable('audit_log').set({ sql_text: 'SELECT 1' }).where('id', '=', id).execute(),
      /edited/,
    ],
    [
      'an edited ending',
      ({ db }, id) =>
        db.updateTable('audit_log').set({ rows_count: 0 }).where('id', '=', id).execute(),
      /edited/,
    ],
    [
      'a verdict turned round',
      ({ db }, id) =>
        db.updateTable('audit_log').set({ verdict: 'block' }).where('id', '=', id).execute(),
      /edited/,
    ],
    [
      'a removed row',
      ({ db }, id) => db.deleteFrom('audit_log').where('id', '=', id).execute(),
      /removed/,
    ],
    [
      'a removed row with its entries',
      async ({ db }, id) => {
        await db.deleteFrom('audit_chain').where('audit_id', '=', id).execute()
        await db.deleteFrom('audit_log').where('id', '=', id).execute()
      },
      /removed/,
    ],
    [
      'a row slipped in',
      async ({ db }, id) => {
        const columns = await db.selectFrom('audit_log').selectAll().where('id', '=', id).execute()
        const [row] = columns
        assert.ok(row)
        await db
          .insertInto('audit_log')
          .values({ ...row, id: 'slipped-in' })
          .execute()
      },
      /slipped in/,
    ],
    [
      'the newest entries cut off',
      async ({ db }) => {
        const head = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow()
        await db.deleteFrom('audit_chain').where('seq', '=', head.seq).execute()
      },
      /newest entries were removed/,
    ],
    [
      'a hash exchanged',
      ({ db }, id) =>
        db
          .updateTable('audit_chain')
          .set({ hash: 'f'.repeat(64) })
          .where('audit_id', '=', id)
          .execute(),
      /edited/,
    ],
  ]

  for (const [name, tamper, why] of TAMPERING) {
    test(`the walk along the chain finds ${name}`, async () => {
      const event = recorded()
      await send(rig(), [recorded(), event, ended(event.id), recorded()])
      await withStore(rig(), async (store) => {
        const before = await keep(store)
        assert.equal((await verify(rig())).isIntact, true, 'intact before')
        await tamper(store, event.id)
        const found = await verify(rig())
        await restore(store, before)
        assert.equal(found.isIntact, false)
        assert.match(found.broken.why, why)
      })
    })
  }
})

async function keep({ db }: Store) {
  return {
    log: await db.selectFrom('audit_log').selectAll().execute(),
    chain: await db.selectFrom('audit_chain').selectAll().execute(),
  }
}

/** In one transaction: a commit for each row would hold up the manager, which shares the disk. */
async function restore(store: Store, kept: Awaited<ReturnType<typeof keep>>): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.deleteFrom('audit_log').execute()
    await tx.deleteFrom('audit_chain').execute()
    await insertAll(tx, 'audit_log', kept.log)
    await insertAll(tx, 'audit_chain', kept.chain)
  })
}
