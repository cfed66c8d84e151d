import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { Secret } from '@articdbm/contract'
import {
  currentRevision,
  nextRevision,
  openStore,
  type Store,
  type Tx,
} from '../../manager/src/store/index.ts'
import { ask } from '../../manager/src/store/raw.ts'
import { freePort, serverUrl } from '../support/servers/index.ts'
import {
  askMysql,
  askPostgres,
  closeAllAfter,
  ENGINES,
  onFreshStore,
  outcomeOf,
} from './harness.ts'

closeAllAfter()

const networked = ENGINES.filter(({ name }) => name !== 'sqlite')

async function killConnection(store: Store, tx: Tx): Promise<void> {
  if (store.type === 'postgres') {
    const [row] = await ask(tx, 'SELECT pg_backend_pid() AS id')
    await askPostgres(serverUrl('postgres').url, [`SELECT pg_terminate_backend(${row?.id})`])
    return
  }
  const [row] = await ask(tx, 'SELECT CONNECTION_ID() AS id')
  const server = store.type === 'galera' ? 'galera' : 'mariadb'
  const [url = ''] = serverUrl(server).url.split(',')
  await askMysql(url, [`KILL CONNECTION ${row?.id}`])
}

for (const engine of networked) {
  const { name, skip } = engine

  test(`a transaction whose connection is lost is repeated and counts once (${name})`, {
    skip,
  }, async () => {
    await onFreshStore(engine, async (store) => {
      let tries = 0
      const revision = await store.transaction(async (tx) => {
        tries += 1
        await nextRevision(tx)
        if (tries <= 2) await killConnection(store, tx)
        return currentRevision(tx)
      })
      assert.deepEqual({ revision, tries }, { revision: 1, tries: 3 })
      assert.equal(await currentRevision(store.db), 1)
    })
  })

  test(`a store that isn't there is unavailable, soon, and stays so without a crash (${name})`, {
    skip,
  }, async () => {
    const port = await freePort()
    await using store = openStore({
      type: engine.name === 'postgres' ? 'postgres' : 'mysql',
      hosts: [{ host: '127.0.0.1', port }],
      database: 'x',
      user: 'x',
      password: new Secret('x'),
      poolSize: 2,
      retries: { maxRetries: 1, retryDelayMs: 10 },
    })
    const outcomes = [
      await outcomeOf(store.ping()),
      await outcomeOf(store.transaction(nextRevision)),
    ]
    assert.deepEqual(outcomes, ['StoreUnavailable', 'StoreUnavailable'])
  })
}

test('retries end', { skip: serverUrl('postgres').skip }, async () => {
  const engine = ENGINES.find(({ name }) => name === 'postgres')
  assert.ok(engine)
  await onFreshStore(engine, async (shared, place) => {
    await using store = openStore({ ...place.config, retries: { maxRetries: 2, retryDelayMs: 10 } })
    let tries = 0
    const work = store.transaction(async (tx) => {
      tries += 1
      await killConnection(shared, tx)
      return currentRevision(tx)
    })
    assert.equal(await outcomeOf(work), 'StoreUnavailable')
    assert.equal(tries, 3)
  })
})

// A deferred trigger that waits makes COMMIT last, so that its connection can be ended meanwhile.
const SLOW_COMMIT = [
  `CREATE OR REPLACE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END'`,
  'CREATE CONSTRAINT TRIGGER linger AFTER UPDATE ON counters DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()',
]

test('a connection lost during COMMIT is not repeated, unless the work is idempotent', {
  skip: serverUrl('postgres').skip,
}, async () => {
  const engine = ENGINES.find(({ name }) => name === 'postgres')
  assert.ok(engine)
  await onFreshStore(engine, async (store) => {
    for (const statement of SLOW_COMMIT) await ask(store.db, statement)
    try {
      assert.deepEqual(await commitAndLose(store, false), { outcome: 'CommitUnknown', tries: 1 })
      assert.deepEqual(await commitAndLose(store, true), { outcome: 'ok', tries: 2 })
    } finally {
      await ask(store.db, 'DROP TRIGGER linger ON counters')
    }
  })
})

async function commitAndLose(store: Store, isIdempotent: boolean) {
  let tries = 0
  const work = store.transaction(
    async (tx) => {
      tries += 1
      if (tries === 1) {
        const [row] = await ask(tx, 'SELECT pg_backend_pid() AS id')
        const kill = `SELECT pg_terminate_backend(${row?.id})`
        setTimeout(() => void askPostgres(serverUrl('postgres').url, [kill]), 400)
      }
      await nextRevision(tx)
    },
    { isIdempotent },
  )
  return { outcome: await outcomeOf(work), tries }
}

const sqlite = ENGINES.filter(({ name }) => name === 'sqlite')

for (const engine of sqlite) {
  test('a writer waits for another process that holds the SQLite file, and the event loop goes on', async () => {
    await onFreshStore(engine, async (store, { config }) => {
      assert.equal(config.type, 'sqlite')
      const other = new DatabaseSync(config.path)
      other.exec('BEGIN IMMEDIATE')
      let ticks = 0
      const ticking = setInterval(() => {
        ticks += 1
      }, 10)
      setTimeout(() => other.exec('COMMIT'), 400)
      assert.equal(await store.transaction(nextRevision), 1)
      clearInterval(ticking)
      other.close()
      assert.ok(ticks > 10, `the event loop turned ${ticks} times`)
    })
  })

  test('what SQLite acknowledged is there after kill -9 of the manager', async () => {
    await onFreshStore(engine, async (store, { config }) => {
      assert.equal(config.type, 'sqlite')
      for (let round = 0; round < 3; round += 1) {
        const acknowledged = await writeUntilKilled(config.path, 20 + round * 15)
        assert.ok(acknowledged.length > 0)
        const rows = await store.db.selectFrom('audit_log').select('id').execute()
        const stored = new Set(rows.map(({ id }) => id))
        assert.deepEqual(
          acknowledged.filter((id) => !stored.has(id)),
          [],
        )
        assert.equal(stored.size % 10, 0, 'a batch is there whole or not at all')
      }
      const [check] = await ask(store.db, 'PRAGMA integrity_check')
      assert.equal(check?.integrity_check, 'ok')
    })
  })
}

/** A process that stores batches of ten and prints the ids once they are committed; killed after some of them. */
function writeUntilKilled(path: string, batches: number): Promise<readonly string[]> {
  const script = new URL('./write-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    if (printed.split('\n').length > batches) child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      const lines = printed.split('\n').slice(0, -1)
      resolve(lines.flatMap((line) => line.split(' ')))
    })
  })
}
