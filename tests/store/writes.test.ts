import {
  currentRevision,
  insertAll,
  insertNew,
  nextRevision,
  type Store,
  updateVersion,
  upsert,
} from '../../manager/src/store/index.ts'
import { alike, closeAllAfter, outcomeOf } from './harness.ts'
import { auditRow, userRow } from './rows.ts'

closeAllAfter()

alike(
  'a violated key is named, each kind of it',
  async (store) => {
    const key = { id: 'k', user_id: 'u', name: '', hash: 'h', prefix: '', created_at: '' }
    await store.db.insertInto('api_keys').values(key).execute()
    await store.db
      .insertInto('users')
      .values(userRow({ id: 'u', name_key: "a' for key 'x" }))
      .execute()
    await store.db
      .insertInto('users')
      .values(userRow({ id: 'v', name_key: 'v' }))
      .execute()
    const link = { seq: 1, audit_id: 'a', kind: 'recorded', hash: '' }
    await store.db.insertInto('audit_chain').values(link).execute()
    return [
      await outcomeOf(store.db.insertInto('api_keys').values(key).execute()),
      await outcomeOf(
        store.db
          .insertInto('api_keys')
          .values({ ...key, id: 'k2' })
          .execute(),
      ),
      await outcomeOf(
        store.db
          .insertInto('users')
          .values(userRow({ name_key: "a' for key 'x" }))
          .execute(),
      ),
      await outcomeOf(
        store.db
          .updateTable('users')
          .set({ name_key: "a' for key 'x" })
          .where('id', '=', 'v')
          .execute(),
      ),
      await outcomeOf(
        store.db.updateTable('users').set({ id: 'u' }).where('id', '=', 'v').execute(),
      ),
      await outcomeOf(
        store.db
          .insertInto('audit_chain')
          .values({ ...link, seq: 2 })
          .execute(),
      ),
      await outcomeOf(
        store.db
          .insertInto('audit_chain')
          .values({ ...link, kind: 'ended' })
          .execute(),
      ),
    ]
  },
  [
    'UniqueViolation api_keys_primary',
    'UniqueViolation api_keys_hash_unique',
    'UniqueViolation users_name_key_unique',
    'UniqueViolation users_name_key_unique',
    'UniqueViolation users_primary',
    'UniqueViolation audit_chain_audit_id_kind_unique',
    'UniqueViolation audit_chain_primary',
  ],
)

alike(
  'an event sent twice is stored once, and a later copy changes nothing',
  async (store) => {
    const first = await insertNew(store.db, 'audit_log', [
      auditRow({ id: 'a' }),
      auditRow({ id: 'b' }),
    ])
    const copy = auditRow({ id: 'b', sql_text: 'forged' })
    const again = [
      copy,
      auditRow({ id: 'c' }),
      auditRow({ id: 'c', sql_text: 'later' }),
      auditRow({ id: 'd' }),
    ]
    const second = await insertNew(store.db, 'audit_log', again)
    const none = await insertNew(store.db, 'audit_log', [])
    const rows = await store.db
      .selectFrom('audit_log')
      .select(['id', 'sql_text'])
      .orderBy('id')
      .execute()
    return { first, second, none, rows: rows.map(({ id, sql_text }) => `${id} ${sql_text}`) }
  },
  {
    first: ['a', 'b'],
    second: ['c', 'd'],
    none: [],
    rows: ['a SELECT 1', 'b SELECT 1', 'c SELECT 1', 'd SELECT 1'],
  },
)

alike(
  'a value that is too long is refused by an idempotent insert too, not cut',
  async (store) => {
    const outcome = await outcomeOf(
      insertNew(store.db, 'audit_log', [auditRow({ gateway: 'g'.repeat(65) })]),
    )
    const { count } = await countAudit(store)
    return { outcome, count }
  },
  { outcome: 'ValueTooLong', count: 0 },
)

function countAudit(store: Store): Promise<{ count: number }> {
  const query = store.db
    .selectFrom('audit_log')
    .select(({ fn }) => fn.countAll<number>().as('count'))
  return query.executeTakeFirstOrThrow()
}

alike(
  'a batch with more values than an engine takes in one statement is stored whole',
  async (store) => {
    const rows = Array.from({ length: 2_500 }, () => auditRow())
    await store.transaction((tx) => insertAll(tx, 'audit_log', rows))
    const again = await store.transaction((tx) => insertNew(tx, 'audit_log', rows))
    const { count } = await countAudit(store)
    return { count, again: again.length }
  },
  { count: 2_500, again: 0 },
)

alike(
  'an upsert inserts, then overwrites all but the key',
  async (store) => {
    for (const status of ['{"n":1}', '{"n":2}', '{"n":2}']) {
      await upsert(store.db, 'gateways', { id: 'g', status, seen_at: status }, ['id'])
    }
    return store.db.selectFrom('gateways').selectAll().execute()
  },
  [{ id: 'g', status: '{"n":2}', seen_at: '{"n":2}' }],
)

alike(
  'a row changes only from the version that was read',
  async (store) => {
    await store.db
      .insertInto('users')
      .values(userRow({ id: 'u' }))
      .execute()
    const change = (id: string, version: number) =>
      outcomeOf(
        updateVersion(
          store.db,
          'users',
          { id, version },
          { role: `r${version}`, is_active: false },
        ),
      )
    const outcomes = [
      await change('u', 1),
      await change('u', 1),
      await change('u', 2),
      await change('x', 1),
    ]
    const row = await store.db
      .selectFrom('users')
      .select(['role', 'version', 'is_active'])
      .executeTakeFirst()
    return { outcomes, row }
  },
  {
    outcomes: ['ok', 'Outdated', 'ok', 'NotFound'],
    row: { role: 'r2', version: 3, is_active: false },
  },
)

alike(
  'an update that changes nothing still counts the rows it found',
  async (store) => {
    await store.db
      .insertInto('users')
      .values(userRow({ role: 'admin' }))
      .execute()
    const update = store.db.updateTable('users').set({ role: 'admin' })
    const { numUpdatedRows } = await update.executeTakeFirstOrThrow()
    const { numDeletedRows } = await store.db.deleteFrom('users').executeTakeFirstOrThrow()
    return { numUpdatedRows, numDeletedRows }
  },
  { numUpdatedRows: 1n, numDeletedRows: 1n },
)

alike(
  'a transaction that throws leaves nothing behind',
  async (store) => {
    const outcome = await outcomeOf(
      store.transaction(async (tx) => {
        await tx.insertInto('users').values(userRow()).execute()
        await nextRevision(tx)
        throw new RangeError('no')
      }),
    )
    const users = await store.db.selectFrom('users').select('id').execute()
    return { outcome, users, revision: await currentRevision(store.db) }
  },
  { outcome: 'RangeError', users: [], revision: 0 },
)

alike(
  'a transaction in which a statement failed can only be rolled back, even when the failure was caught',
  async (store) => {
    await store.db
      .insertInto('users')
      .values(userRow({ name_key: 'taken' }))
      .execute()
    const insert = (name_key: string) => userRow({ name_key })
    const caught = await outcomeOf(
      store.transaction(async (tx) => {
        await tx.insertInto('users').values(insert('lost')).execute()
        await outcomeOf(tx.insertInto('users').values(insert('taken')).execute())
      }),
    )
    const continued = await outcomeOf(
      store.transaction(async (tx) => {
        await outcomeOf(tx.insertInto('users').values(insert('taken')).execute())
        await tx.selectFrom('users').select('id').execute()
      }),
    )
    const users = await store.db.selectFrom('users').select('name_key').execute()
    return { caught, continued, users }
  },
  {
    caught: 'UniqueViolation users_name_key_unique',
    continued: 'Error',
    users: [{ name_key: 'taken' }],
  },
)

alike(
  'inside a transaction a statement past it is refused, not left waiting for it',
  async (store) => {
    const past = await outcomeOf(
      store.transaction(() => store.db.selectFrom('users').selectAll().execute()),
    )
    const nested = await outcomeOf(store.transaction(() => store.transaction(async () => 1)))
    const later = await store.transaction(
      async () => () => store.db.selectFrom('users').selectAll().execute(),
    )
    return { past, nested, later: await later() }
  },
  { past: 'Error', nested: 'Error', later: [] },
)

alike(
  'a transaction reads its own writes, and sees what others committed meanwhile',
  async (store) => {
    return store.transaction(async (tx) => {
      await tx.insertInto('settings').values({ name: 'a', value: '1' }).execute()
      await tx.updateTable('settings').set({ value: '2' }).where('name', '=', 'a').execute()
      return tx.selectFrom('settings').selectAll().execute()
    })
  },
  [{ name: 'a', value: '2' }],
)
