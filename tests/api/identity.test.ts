import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unseal } from '@articdbm/credential'
import { openStore } from '../../manager/src/store/index.ts'
import { onEachStore, onSqlite, PASSWORD, type Rig, WEB_ORIGIN } from './harness.ts'

async function newPerson(rig: Rig, name: string, role = 'viewer'): Promise<string> {
  await rig.data('POST', 'users', { name, role, password: PASSWORD })
  return name
}

/** All that the store holds, as text. */
async function dump(rig: Rig): Promise<string> {
  const store = openStore(rig.config.store)
  const tables = ['users', 'api_keys', 'logins', 'databases', 'audit_log'] as const
  const rows = await Promise.all(tables.map((t) => store.db.selectFrom(t).selectAll().execute()))
  await store.close()
  return JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))
}

onEachStore('identity', (rig) => {
  test('a one-time password opens nothing but its own change', async () => {
    const made = await rig().data('POST', 'users', { name: 'newcomer', role: 'maintainer' })
    const once = made.oneTimePassword
    assert.equal(made.user.mustChangePassword, true)
    const cookie = await rig().cookieOf('newcomer', once)
    const headers = { cookie, origin: WEB_ORIGIN }
    const blocked = await rig().ask({ method: 'GET', path: 'databases', headers })
    assert.deepEqual([blocked.status, blocked.body.error], [403, 'password_change_required'])
    const me = await rig().ask({ method: 'GET', path: 'auth/me', headers })
    assert.equal(me.body.data.user.mustChangePassword, true)
    const body = { currentPassword: once, newPassword: PASSWORD }
    const changed = await rig().ask({ method: 'POST', path: 'auth/password', headers, body })
    assert.equal(changed.status, 200)
    const open = await rig().ask({ method: 'GET', path: 'databases', headers })
    assert.equal(open.status, 200)
    const old = await rig().ask({
      method: 'POST',
      path: 'auth/login',
      body: { name: 'newcomer', password: once },
    })
    assert.equal(old.status, 401)
  })

  test('a password is kept as bcrypt and as a SCRAM verifier, and nowhere as itself', async () => {
    const password = 'a very particular secret'
    await rig().data('POST', 'users', { name: 'kept', role: 'viewer', password })
    const text = await dump(rig())
    assert.ok(!text.includes(password))
    assert.match(text, /\$2[ab]\$10\$/)
    assert.ok(!rig().log.includes(password))
  })

  test('passwords that differ only after 72 bytes are two', async () => {
    const long = 'x'.repeat(80)
    await rig().data('POST', 'users', { name: 'long', role: 'viewer', password: `${long}1` })
    const body = { name: 'long', password: `${long}2` }
    const answer = await rig().ask({ method: 'POST', path: 'auth/login', body })
    assert.equal(answer.status, 401)
  })

  test('an API key is shown once, stored hashed, and worthless once revoked', async () => {
    await newPerson(rig(), 'keyed')
    const authorization = `Bearer ${await rig().bearerOf('keyed', PASSWORD)}`
    const made = await rig().ask({
      method: 'POST',
      path: 'api-keys',
      body: { name: 'ci' },
      headers: { authorization },
    })
    const { key, apiKey } = made.body.data
    assert.match(key, /^adbm_[\w-]{43}$/)
    assert.ok(key.startsWith(apiKey.prefix))
    assert.ok(!(await dump(rig())).includes(key))
    const withKey = { authorization: `Bearer ${key}` }
    const me = await rig().ask({ method: 'GET', path: 'auth/me', headers: withKey })
    assert.deepEqual([me.body.data.user.name, me.body.data.by], ['keyed', 'api_key'])
    const listed = await rig().ask({ method: 'GET', path: 'api-keys', headers: withKey })
    assert.ok(listed.body.data[0].lastUsedAt)
    assert.equal(listed.body.data.length, 1, 'a viewer sees only their own')
    const path = `api-keys/${apiKey.id}`
    await rig().ask({ method: 'DELETE', path, headers: { authorization } })
    const after = await rig().ask({ method: 'GET', path: 'auth/me', headers: withKey })
    assert.equal(after.status, 401)
    assert.ok(!rig().log.includes(key))
  })

  test('a refresh token works once, and shown again it ends the login', async () => {
    await newPerson(rig(), 'refresher')
    const body = { name: 'refresher', password: PASSWORD }
    const first = (await rig().ask({ method: 'POST', path: 'auth/token', body })).body.data
    const refresh = (refreshToken: string) =>
      rig().ask({ method: 'POST', path: 'auth/refresh', body: { refreshToken } })
    const second = (await refresh(first.refreshToken)).body.data
    const headers = { authorization: `Bearer ${second.accessToken}` }
    assert.equal((await rig().ask({ method: 'GET', path: 'auth/me', headers })).status, 200)
    assert.equal((await refresh(first.refreshToken)).status, 401)
    assert.equal((await refresh(second.refreshToken)).status, 401)
    assert.equal((await rig().ask({ method: 'GET', path: 'auth/me', headers })).status, 401)
  })

  test('logging out ends the session, and so does being switched off or removed', async () => {
    await newPerson(rig(), 'leaver')
    const origin = { origin: WEB_ORIGIN }
    const me = (cookie: string) =>
      rig().ask({ method: 'GET', path: 'auth/me', headers: { cookie } })
    const first = await rig().cookieOf('leaver', PASSWORD)
    await rig().ask({ method: 'POST', path: 'auth/logout', headers: { cookie: first, ...origin } })
    assert.equal((await me(first)).status, 401)
    const second = await rig().cookieOf('leaver', PASSWORD)
    await rig().data('PATCH', 'users/leaver', { isActive: false })
    assert.equal((await me(second)).status, 401)
    const body = { name: 'leaver', password: PASSWORD }
    assert.equal((await rig().ask({ method: 'POST', path: 'auth/login', body })).status, 401)
    await rig().data('PATCH', 'users/leaver', { isActive: true })
    const third = await rig().cookieOf('leaver', PASSWORD)
    await rig().data('DELETE', 'users/leaver')
    assert.equal((await me(third)).status, 401)
  })

  test('an account that has ended is let in nowhere', async () => {
    await rig().data('POST', 'users', {
      name: 'ended',
      role: 'viewer',
      password: PASSWORD,
      validUntil: '2020-01-01T00:00:00+01:00',
    })
    const body = { name: 'ended', password: PASSWORD }
    assert.equal((await rig().ask({ method: 'POST', path: 'auth/token', body })).status, 401)
  })

  test('changing a password ends the other sessions and keeps this one', async () => {
    await newPerson(rig(), 'changer')
    const other = await rig().cookieOf('changer', PASSWORD)
    const mine = await rig().cookieOf('changer', PASSWORD)
    const body = { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` }
    const headers = { cookie: mine, origin: WEB_ORIGIN }
    await rig().ask({ method: 'POST', path: 'auth/password', headers, body })
    const statuses = await Promise.all(
      [other, mine].map(
        async (cookie) =>
          (await rig().ask({ method: 'GET', path: 'auth/me', headers: { cookie } })).status,
      ),
    )
    assert.deepEqual(statuses, [401, 200])
    const listed = await rig().ask({
      method: 'GET',
      path: 'auth/logins',
      headers: { cookie: mine },
    })
    assert.deepEqual(
      listed.body.data.map((login: { isCurrent: boolean }) => login.isCurrent),
      [true],
    )
  })

  test('a wrong current password changes nothing', async () => {
    await newPerson(rig(), 'careful')
    const authorization = `Bearer ${await rig().bearerOf('careful', PASSWORD)}`
    const body = { currentPassword: 'not it', newPassword: `${PASSWORD} 2` }
    const answer = await rig().ask({
      method: 'POST',
      path: 'auth/password',
      body,
      headers: { authorization },
    })
    assert.deepEqual([answer.status, answer.body.error], [401, 'authentication_failed'])
    await rig().bearerOf('careful', PASSWORD)
  })

  test('two administrators who remove each other at once leave one', async () => {
    await newPerson(rig(), 'second-admin', 'admin')
    const second = `Bearer ${await rig().bearerOf('second-admin', PASSWORD)}`
    const answers = await Promise.all([
      rig().as('admin', { method: 'DELETE', path: 'users/second-admin' }),
      rig().ask({
        method: 'PATCH',
        path: 'users/root-admin',
        body: { role: 'viewer' },
        headers: { authorization: second },
      }),
    ])
    const { body } = await rig().ask({
      method: 'GET',
      path: 'users?limit=100',
      headers: {
        authorization: answers[0]?.status === 200 ? `Bearer ${rig().keys.admin}` : second,
      },
    })
    const admins = body.data.filter((user: { role: string }) => user.role === 'admin')
    assert.equal(admins.length, 1)
    if (admins[0].name === 'root-admin') return
    const restore = { method: 'PATCH', path: 'users/root-admin', body: { role: 'admin' } }
    await rig().ask({ ...restore, headers: { authorization: second } })
    await rig().data('DELETE', 'users/second-admin')
  })

  test('a backend credential is sealed, published to gateways, and never shown', async () => {
    const password = 'the backend password'
    const made = await rig().data('POST', 'databases', {
      name: 'sealed',
      engine: 'postgres',
      backends: [{ host: 'db.internal', port: 5432 }],
      credential: { user: 'svc', password },
    })
    assert.equal(made.hasCredential, true)
    assert.equal(made.defaultSchema, 'public')
    assert.ok(!JSON.stringify(made).includes(password))
    assert.ok(!(await dump(rig())).includes(password))
    assert.ok(!rig().log.includes(password))
    const snapshot = (await rig().internal({ method: 'GET', path: 'snapshot?after=-1' })).body
    const database = snapshot.databases.find((d: { name: string }) => d.name === 'sealed')
    const opened = unseal(rig().config.master, 'backend-credential', database.credential)
    assert.deepEqual(JSON.parse(opened), { user: 'svc', password })
    const kept = await rig().data('PATCH', 'databases/sealed', { pool: { maxConnections: 3 } })
    assert.deepEqual([kept.hasCredential, kept.pool.maxConnections], [true, 3])
    assert.equal(kept.pool.idleTimeoutMs, 60_000)
    const cleared = await rig().data('PATCH', 'databases/sealed', { credential: null })
    assert.equal(cleared.hasCredential, false)
  })

  test('a viewer sees the databases that a grant opens, without their backends', async () => {
    for (const name of ['seen', 'unseen']) {
      await rig().data('POST', 'databases', {
        name,
        engine: 'mariadb',
        backends: [{ host: 'db.internal', port: 3306 }],
      })
    }
    const grant = { user: 'a-viewer', database: 'seen', table: 'orders', actions: ['read'] }
    const granted = await rig().data('POST', 'grants', grant)
    assert.deepEqual([granted.schema, granted.createdBy], ['', 'root-admin'])
    const listed = await rig().as('viewer', { method: 'GET', path: 'databases' })
    assert.deepEqual(
      listed.body.data.map((d: { name: string; backends: unknown[] }) => [d.name, d.backends]),
      [['seen', []]],
    )
    assert.equal(listed.body.meta.total, 1)
    const unseen = await rig().as('viewer', { method: 'GET', path: 'databases/unseen' })
    assert.deepEqual([unseen.status, unseen.body.error], [404, 'not_found'])
    await rig().data('DELETE', `grants/${granted.id}`)
    const after = await rig().as('viewer', { method: 'GET', path: 'databases' })
    assert.deepEqual(after.body.data, [])
  })

  test('a removed database takes its grants along', async () => {
    const backends = [{ host: 'db.internal', port: 3306 }]
    await rig().data('POST', 'databases', { name: 'gone', engine: 'mysql', backends })
    await rig().data('POST', 'grants', { user: 'a-viewer', database: 'gone', actions: ['read'] })
    await rig().data('DELETE', 'databases/gone')
    assert.deepEqual(await rig().data('GET', 'grants?user=a-viewer'), [])
  })
})

onSqlite('cookies and foreign pages', (rig) => {
  const NEW = (name: string) => ({ name, role: 'viewer', password: PASSWORD })

  test('the cookie is for this site, this path and no script', async () => {
    const body = { name: 'root-admin', password: PASSWORD }
    const plain = await rig().ask({ method: 'POST', path: 'auth/login', body })
    const set = plain.headers.get('set-cookie') ?? ''
    assert.match(set, /HttpOnly/)
    assert.match(set, /SameSite=Strict/)
    assert.match(set, /Path=\//)
    assert.doesNotMatch(set, /Secure/)
    const headers = { 'x-forwarded-proto': 'https' }
    const secure = await rig().ask({ method: 'POST', path: 'auth/login', body, headers })
    assert.match(secure.headers.get('set-cookie') ?? '', /Secure/)
  })

  test('an unsafe request with the cookie alone is refused', async () => {
    const cookie = await rig().cookieOf('root-admin', PASSWORD)
    const wish = { method: 'POST', path: 'users', body: NEW('csrf-1') }
    const me = await rig().ask({ method: 'GET', path: 'auth/me', headers: { cookie } })
    const csrf = me.body.data.csrfToken
    const tries: readonly [Record<string, string>, number][] = [
      [{ cookie }, 403],
      [{ cookie, origin: 'http://evil.test' }, 403],
      [{ cookie, origin: 'null' }, 403],
      [{ cookie, 'x-articdbm-csrf': 'guess' }, 403],
      [{ cookie, 'x-articdbm-csrf': csrf }, 201],
    ]
    for (const [headers, status] of tries) {
      const answer = await rig().ask({ ...wish, headers })
      assert.equal(answer.status, status, JSON.stringify(headers))
      if (status === 403) assert.equal(answer.body.error, 'csrf_refused')
    }
    const headers = { cookie, origin: WEB_ORIGIN }
    const own = await rig().ask({ ...wish, body: NEW('csrf-2'), headers })
    assert.equal(own.status, 201)
    assert.equal(
      (await rig().ask({ method: 'GET', path: 'users', headers: { cookie } })).status,
      200,
    )
  })

  test('a foreign page can log nobody in', async () => {
    const answer = await rig().ask({
      method: 'POST',
      path: 'auth/login',
      body: { name: 'root-admin', password: PASSWORD },
      headers: { origin: 'http://evil.test' },
    })
    assert.deepEqual([answer.status, answer.body.error], [403, 'csrf_refused'])
  })

  test('guessing passwords is slowed down, and the answer says for how long', async () => {
    const body = { name: 'guessed', password: 'wrong' }
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const statuses: number[] = []
    for (let guess = 0; guess < 14; guess += 1) {
      const answer = await rig().ask({ method: 'POST', path: 'auth/login', body, headers })
      statuses.push(answer.status)
      if (answer.status !== 429) continue
      assert.equal(answer.body.error, 'too_many_requests')
      assert.ok(Number(answer.headers.get('retry-after')) >= 1)
      break
    }
    assert.equal(statuses.at(-1), 429)
    assert.ok(statuses.length > 5)
    const elsewhere = await rig().ask({ method: 'POST', path: 'auth/login', body })
    assert.equal(elsewhere.status, 401, 'another address is not held up')
  })
})
