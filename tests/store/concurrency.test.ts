import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  insertNew,
  locked,
  nextRevision,
  openStore,
  type Store,
  takeLease,
  updateVersion,
} from '../../manager/src/store/index.ts'
import { closeAllAfter, ENGINES, onFreshStore, outcomeOf, type Place } from './harness.ts'
import { auditRow, userRow } from './rows.ts'

closeAllAfter()

/** Two managers on each node of the place; on Galera each pair prefers another node. */
async function withManagers<T>(
  place: Place,
  work: (stores: readonly Store[]) => Promise<T>,
): Promise<T> {
  const stores = [...place.others, ...place.others].map(openStore)
  try {
    return await work(stores)
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

function times<T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => work(at)))
}

for (const engine of ENGINES) {
  const { name, skip } = engine

  test(`no increment is lost between managers (${name})`, { skip }, async () => {
    await onFreshStore(engine, (store, place) =>
      withManagers(place, async (managers) => {
        const count = 36
        const revisions = await times(count, (at) =>
          pick(managers, at).transaction((tx) => nextRevision(tx)),
        )
        assert.deepEqual(
          revisions.toSorted((a, b) => a - b),
          Array.from({ length: count }, (_, at) => at + 1),
        )
        const row = await store.db.selectFrom('counters').select('value').executeTakeFirst()
        assert.equal(row?.value, count)
      }),
    )
  })

  test(`of those who change the same version one succeeds (${name})`, { skip }, async () => {
    await onFreshStore(engine, (store, place) =>
      withManagers(place, async (managers) => {
        await store.db
          .insertInto('users')
          .values(userRow({ id: 'u' }))
          .execute()
        const outcomes = await times(8, (at) =>
          outcomeOf(
            pick(managers, at).transaction((tx) =>
              updateVersion(tx, 'users', { id: 'u', version: 1 }, { role: `by ${at}` }),
            ),
          ),
        )
        assert.deepEqual(outcomes.toSorted(), [...Array<string>(7).fill('Outdated'), 'ok'])
        const winner = outcomes.indexOf('ok')
        const user = await store.db
          .selectFrom('users')
          .select(['role', 'version'])
          .executeTakeFirst()
        assert.deepEqual(user, { role: `by ${winner}`, version: 2 })
      }),
    )
  })

  test(`a read that the next write depends on is locked (${name})`, { skip }, async () => {
    await onFreshStore(engine, (store, place) =>
      withManagers(place, async (managers) => {
        await store.db.insertInto('settings').values({ name: 'sum', value: '0' }).execute()
        await times(18, (at) => pick(managers, at).transaction(addOne))
        const row = await store.db.selectFrom('settings').select('value').executeTakeFirst()
        assert.equal(row?.value, '18')
      }),
    )
  })

  test(`one name is given to one of many who ask at once (${name})`, { skip }, async () => {
    await onFreshStore(engine, (store, place) =>
      withManagers(place, async (managers) => {
        const outcomes = await times(8, (at) =>
          outcomeOf(
            pick(managers, at).transaction(async (tx) => {
              await tx
                .insertInto('users')
                .values(userRow({ id: `u${at}`, name_key: 'same' }))
                .execute()
            }),
          ),
        )
        const taken = 'UniqueViolation users_name_key_unique'
        assert.deepEqual(outcomes.toSorted(), [...Array<string>(7).fill(taken), 'ok'])
        assert.equal((await store.db.selectFrom('users').select('id').execute()).length, 1)
      }),
    )
  })

  test(`events that several managers take at once are stored once (${name})`, {
    skip,
  }, async () => {
    await onFreshStore(engine, (store, place) =>
      withManagers(place, async (managers) => {
        const rows = Array.from({ length: 60 }, (_, at) => auditRow({ id: `e${at}` }))
        const news = await times(6, (at) =>
          pick(managers, at).transaction(async (tx) => {
            const head = tx.selectFrom('audit_head').selectAll().where('name', '=', 'audit')
            const { seq } = await locked(tx, head).executeTakeFirstOrThrow()
            const fresh = await insertNew(tx, 'audit_log', rows.slice(at * 5, at * 5 + 30))
            await tx
              .updateTable('audit_head')
              .set({ seq: seq + fresh.length })
              .execute()
            return fresh
          }),
        )
        const all = news.flat()
        assert.equal(new Set(all).size, all.length, 'each is new to one of them')
        assert.equal(all.length, 55)
        const head = await store.db.selectFrom('audit_head').select('seq').executeTakeFirst()
        assert.equal(head?.seq, 55)
        await store.db.updateTable('audit_head').set({ seq: 0 }).execute()
      }),
    )
  })

  test(`a lease has one owner until it ends (${name})`, { skip }, async () => {
    await onFreshStore(engine, (_, place) =>
      withManagers(place, async (managers) => {
        const now = new Date('2026-01-01T00:00:00.000Z')
        const claim = (at: number, from: Date) =>
          takeLease(pick(managers, at), {
            name: 'sweep',
            owner: `m${at}`,
            validForMs: 1_000,
            now: from,
          })
        const first = await times(6, (at) => claim(at, now))
        assert.equal(first.filter(Boolean).length, 1)
        const owner = first.indexOf(true)
        assert.ok(await claim(owner, new Date(now.getTime() + 500)), 'its owner prolongs it')
        assert.ok(!(await claim(owner + 1, new Date(now.getTime() + 1_499))))
        assert.ok(await claim(owner + 1, new Date(now.getTime() + 1_500)))
        assert.ok(
          !(await claim(owner, new Date(now.getTime() + 1_501))),
          'the former owner lost it',
        )
      }),
    )
  })

  test(`what one manager committed the next reads, on another node too (${name})`, {
    skip,
  }, async () => {
    await onFreshStore(engine, (_, place) =>
      withManagers(place, async (managers) => {
        const stale: number[] = []
        await pick(managers, 0).db.insertInto('settings').values({ name: 'n', value: '' }).execute()
        for (let at = 0; at < 40; at += 1) {
          await pick(managers, at)
            .db.updateTable('settings')
            .set({ value: `${at}` })
            .execute()
          const row = await pick(managers, at + 1)
            .db.selectFrom('settings')
            .select('value')
            .executeTakeFirst()
          if (row?.value !== `${at}`) stale.push(at)
        }
        assert.deepEqual(stale, [])
      }),
    )
  })
}

async function addOne(tx: Parameters<Parameters<Store['transaction']>[0]>[0]): Promise<void> {
  const query = tx.selectFrom('settings').select('value').where('name', '=', 'sum')
  const { value } = await locked(tx, query).executeTakeFirstOrThrow()
  const next = { value: `${Number(value) + 1}` }
  await tx.updateTable('settings').set(next).where('name', '=', 'sum').execute()
}

function pick(stores: readonly Store[], at: number): Store {
  const store = stores[at % stores.length]
  assert.ok(store)
  return store
}
