import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Secret } from '@articdbm/contract'
import { openStore, type Store, type StoreTls } from '../../manager/src/store/index.ts'
import { ask } from '../../manager/src/store/raw.ts'
import { serverUrl } from '../support/servers/index.ts'
import { outcomeOf } from './harness.ts'

const SERVERS = [
  {
    type: 'postgres',
    server: serverUrl('postgres'),
    ca: process.env.TEST_POSTGRES_TLS_CA ?? '',
    cipher: 'SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  },
  {
    type: 'mysql',
    server: serverUrl('mariadb'),
    ca: process.env.TEST_MARIADB_TLS_CA ?? '',
    cipher:
      "SELECT VARIABLE_VALUE AS cipher FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'",
  },
] as const

function openWith(type: 'postgres' | 'mysql', url: string, tls: StoreTls | undefined): Store {
  const { hostname, port, username, password } = new URL(url)
  return openStore({
    type,
    hosts: [{ host: hostname, port: Number(port) }],
    database: 'articdbm',
    user: username,
    password: new Secret(password),
    poolSize: 1,
    retries: { maxRetries: 0, retryDelayMs: 0 },
    ...(tls ? { tls } : {}),
  })
}

for (const { type, server, ca, cipher } of SERVERS) {
  const skip = server.skip || (ca === '' && 'needs a server with TLS')

  test(`a connection to the store is encrypted when it must be (${type})`, { skip }, async () => {
    const ways: readonly [StoreTls | undefined, boolean][] = [
      [undefined, false],
      [{ mode: 'require' }, true],
      [{ mode: 'verify', ca: readFileSync(ca, 'utf8') }, true],
    ]
    for (const [tls, isEncrypted] of ways) {
      await using store = openWith(type, server.url, tls)
      const [row] = await ask(store.db, cipher)
      assert.equal(Boolean(row?.cipher), isEncrypted, JSON.stringify(tls))
    }
  })

  test(`a store whose certificate nobody vouches for is refused (${type})`, { skip }, async () => {
    await using store = openWith(type, server.url, { mode: 'verify' })
    assert.equal(await outcomeOf(store.ping()), 'StoreUnavailable')
  })
}
