import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  currentRevision,
  isMigrated,
  migrate,
  openStore,
  type Store,
} from '../../manager/src/store/index.ts'
import { ENGINES, type Place, type StoreEngine } from './harness.ts'
import { auditRow } from './rows.ts'

async function onEmptyPlace(
  engine: StoreEngine,
  work: (store: Store, place: Place) => Promise<void>,
): Promise<void> {
  const place = await engine.create()
  const store = openStore(place.config)
  try {
    await work(store, place)
  } finally {
    await store.close()
    await place.drop()
  }
}

const script = new URL('./migrate-process.ts', import.meta.url).pathname

async function migrateInProcess(place: Place, at: number): Promise<readonly string[]> {
  const config = place.others[at % place.others.length] ?? place.config
  const secret = 'password' in config ? config.password.reveal() : ''
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, JSON.stringify({ ...config, password: secret })],
    { timeout: 60_000 },
  )
  return JSON.parse(stdout) as string[]
}

const ALL = [
  ...['0001-first', '0002-user-pooling', '0003-firewall', '0004-learning', '0005-sql-files'],
  '0006-masks',
]

for (const engine of ENGINES) {
  const { name, skip } = engine

  test(`a migrated store isn't migrated again (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store) => {
      assert.equal(await isMigrated(store), false)
      assert.deepEqual(await migrate(store), ALL)
      assert.equal(await isMigrated(store), true)
      assert.deepEqual(await migrate(store), [])
      assert.equal(await currentRevision(store.db), 0)
    }),
  )

  test(`processes that migrate at once apply each migration once (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store, place) => {
      const results = await Promise.all([0, 1, 2].map((at) => migrateInProcess(place, at)))
      assert.deepEqual(results.flat(), ALL)
      assert.equal(await isMigrated(store), true)
    }),
  )

  test(`a migration that ended half-way is completed (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store) => {
      await migrate(store)
      await store.db.insertInto('settings').values({ name: 'kept', value: 'x' }).execute()
      // As after a crash: some tables are there, others not, and nothing is recorded.
      for (const table of ['audit_log', 'gateways', 'audit_head']) {
        await store.db.schema.dropTable(table).execute()
      }
      await store.db.deleteFrom('schema_migrations').execute()
      assert.equal(await isMigrated(store), false)
      assert.deepEqual(await migrate(store), ALL)
      await store.db.insertInto('audit_log').values(auditRow()).execute()
      assert.equal((await store.db.selectFrom('audit_head').selectAll().execute()).length, 1)
      assert.equal((await store.db.selectFrom('settings').selectAll().execute()).length, 1)
    }),
  )

  test(`a store of an older version gets what came later (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store) => {
      await migrate(store)
      await store.db.schema.alterTable('users').dropColumn('pooling').execute()
      await store.db.deleteFrom('schema_migrations').where('name', '!=', '0001-first').execute()
      assert.deepEqual(await migrate(store), ALL.slice(1))
      assert.deepEqual(await store.db.selectFrom('users').select('pooling').execute(), [])
    }),
  )

  test(`who finds the lease of a dead process waits until it ends (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store) => {
      await migrate(store)
      await store.db.deleteFrom('schema_migrations').execute()
      const until = new Date(Date.now() + 700).toISOString()
      await store.db.updateTable('leases').set({ owner: 'dead', valid_until: until }).execute()
      const begun = Date.now()
      assert.deepEqual(await migrate(store), ALL)
      assert.ok(Date.now() - begun >= 500)
    }),
  )

  test(`a store of a newer version is refused (${name})`, { skip }, () =>
    onEmptyPlace(engine, async (store) => {
      await migrate(store)
      const newer = { name: '9999-future', applied_at: '' }
      await store.db.insertInto('schema_migrations').values(newer).execute()
      await assert.rejects(migrate(store), /newer version of ArticDBM: 9999-future/)
      await assert.rejects(isMigrated(store), /newer version/)
    }),
  )
}
