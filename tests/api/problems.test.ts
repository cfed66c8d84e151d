import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachStore, PASSWORD, type Wish } from './harness.ts'

interface Case {
  readonly name: string
  readonly as?: 'admin' | 'maintainer' | 'viewer'
  readonly wish: Wish
  readonly status: number
  readonly error: string
  readonly fields?: readonly string[]
}

const SOMEBODY = { name: 'somebody', role: 'viewer', password: PASSWORD }
const DATABASE = { name: 'db', engine: 'postgres', backends: [{ host: 'h', port: 1 }] }

const CASES: readonly Case[] = [
  {
    name: 'a wrong password',
    wish: { method: 'POST', path: 'auth/login', body: { name: 'a-viewer', password: 'wrong' } },
    status: 401,
    error: 'authentication_failed',
  },
  {
    name: 'an unknown person, who is told the same',
    wish: { method: 'POST', path: 'auth/login', body: { name: 'nobody', password: 'wrong' } },
    status: 401,
    error: 'authentication_failed',
  },
  {
    name: 'a body without its fields',
    wish: { method: 'POST', path: 'auth/login', body: {} },
    status: 400,
    error: 'validation_failed',
    fields: ['name', 'password'],
  },
  {
    name: 'a field that is not known',
    as: 'admin',
    wish: { method: 'POST', path: 'users', body: { ...SOMEBODY, isAdmin: true } },
    status: 400,
    error: 'validation_failed',
    fields: ['isAdmin'],
  },
  {
    name: 'a number where a text belongs',
    as: 'admin',
    wish: { method: 'POST', path: 'users', body: { ...SOMEBODY, name: 7 } },
    status: 400,
    error: 'validation_failed',
    fields: ['name'],
  },
  {
    name: 'a role that there is not',
    as: 'admin',
    wish: { method: 'POST', path: 'users', body: { ...SOMEBODY, role: 'root' } },
    status: 400,
    error: 'validation_failed',
    fields: ['role'],
  },
  {
    name: 'a password that is too short',
    as: 'admin',
    wish: { method: 'POST', path: 'users', body: { ...SOMEBODY, password: 'short' } },
    status: 400,
    error: 'validation_failed',
    fields: ['password'],
  },
  {
    name: 'a query parameter out of its range',
    as: 'admin',
    wish: { method: 'GET', path: 'users?limit=100000' },
    status: 400,
    error: 'validation_failed',
    fields: ['limit'],
  },
  {
    name: 'a cursor that is not ours',
    as: 'admin',
    wish: { method: 'GET', path: 'audit?cursor=xyz' },
    status: 400,
    error: 'validation_failed',
    fields: ['cursor'],
  },
  {
    name: 'a body that is not JSON',
    wish: { method: 'POST', path: 'auth/login', body: '{"name":' },
    status: 400,
    error: 'bad_request',
  },
  {
    name: 'an empty change',
    as: 'admin',
    wish: { method: 'PATCH', path: 'users/a-viewer', body: {} },
    status: 400,
    error: 'validation_failed',
  },
  {
    name: 'a person who is not there',
    as: 'admin',
    wish: { method: 'GET', path: 'users/nobody' },
    status: 404,
    error: 'not_found',
  },
  {
    name: 'a name that is taken, in whatever case',
    as: 'admin',
    wish: { method: 'POST', path: 'users', body: { ...SOMEBODY, name: 'A-Viewer' } },
    status: 409,
    error: 'already_exists',
  },
  {
    name: 'a change of a version that is gone',
    as: 'admin',
    wish: { method: 'PATCH', path: 'users/a-viewer', body: { displayName: 'x', version: 99 } },
    status: 409,
    error: 'outdated',
  },
  {
    name: 'the last administrator being removed',
    as: 'admin',
    wish: { method: 'DELETE', path: 'users/root-admin' },
    status: 409,
    error: 'last_administrator',
  },
  {
    name: 'the last administrator being switched off',
    as: 'admin',
    wish: { method: 'PATCH', path: 'users/root-admin', body: { isActive: false } },
    status: 409,
    error: 'last_administrator',
  },
  {
    name: 'the last administrator becoming a viewer',
    as: 'admin',
    wish: { method: 'PATCH', path: 'users/root-admin', body: { role: 'viewer' } },
    status: 409,
    error: 'last_administrator',
  },
  {
    name: 'the last administrator being given an end',
    as: 'admin',
    wish: {
      method: 'PATCH',
      path: 'users/root-admin',
      body: { validUntil: '2100-01-01T00:00:00Z' },
    },
    status: 409,
    error: 'last_administrator',
  },
  {
    name: 'a SQLite database without a path',
    as: 'maintainer',
    wish: { method: 'POST', path: 'databases', body: { name: 'x', engine: 'sqlite' } },
    status: 422,
    error: 'path_required',
  },
  {
    name: 'a SQLite database with backends',
    as: 'maintainer',
    wish: {
      method: 'POST',
      path: 'databases',
      body: { ...DATABASE, engine: 'sqlite', target: '/x.db' },
    },
    status: 422,
    error: 'no_backends_for_sqlite',
  },
  {
    name: 'a database without a primary',
    as: 'maintainer',
    wish: {
      method: 'POST',
      path: 'databases',
      body: { ...DATABASE, backends: [{ host: 'h', port: 1, role: 'replica' }] },
    },
    status: 422,
    error: 'primary_required',
  },
  {
    name: 'a grant to nobody',
    as: 'maintainer',
    wish: {
      method: 'POST',
      path: 'grants',
      body: { user: 'nobody', database: 'x', actions: ['read'] },
    },
    status: 404,
    error: 'not_found',
  },
  {
    name: 'a grant that would have ended',
    as: 'maintainer',
    wish: {
      method: 'POST',
      path: 'grants',
      body: {
        user: 'a-viewer',
        database: 'x',
        actions: ['read'],
        validUntil: '2001-01-01T00:00:00Z',
      },
    },
    status: 422,
    error: 'already_expired',
  },
  {
    name: 'an API key that would have ended',
    as: 'viewer',
    wish: {
      method: 'POST',
      path: 'api-keys',
      body: { name: 'k', validUntil: '2001-01-01T00:00:00Z' },
    },
    status: 422,
    error: 'already_expired',
  },
  {
    name: "somebody else's API key",
    as: 'viewer',
    wish: { method: 'DELETE', path: 'api-keys/nobody' },
    status: 404,
    error: 'not_found',
  },
  {
    name: 'a refresh token that is not ours',
    wish: { method: 'POST', path: 'auth/refresh', body: { refreshToken: 'adbr_x.yyyyyyyy' } },
    status: 401,
    error: 'not_authenticated',
  },
  {
    name: 'a query of a database that is not there',
    as: 'viewer',
    wish: { method: 'POST', path: 'databases/nowhere/query', body: { sql: 'SELECT 1' } },
    status: 404,
    error: 'unknown_database',
  },
  {
    name: 'a route that is not there',
    as: 'admin',
    wish: { method: 'GET', path: 'nowhere' },
    status: 404,
    error: 'route_not_found',
  },
]

onEachStore('problems', (rig) => {
  for (const { name, as, wish, status, error, fields } of CASES) {
    test(`${name} is answered with ${status} ${error}`, async () => {
      const answer = as ? await rig().as(as, wish) : await rig().ask(wish)
      assert.deepEqual([answer.status, answer.body.error], [status, error], answer.body.message)
      assert.equal(answer.body.status, 'error')
      assert.deepEqual(Object.keys(answer.body), ['status', 'error', 'message', 'meta'])
      assert.equal(answer.body.meta.requestId, answer.headers.get('x-request-id'))
      const named = (answer.body.meta.fields ?? []).map((f: { field: string }) => f.field)
      for (const field of fields ?? []) assert.ok(named.includes(field), `${field} of ${named}`)
    })
  }

  test('success has its envelope, and a list has its totals', async () => {
    const one = await rig().as('admin', { method: 'GET', path: 'users/a-viewer' })
    assert.deepEqual(Object.keys(one.body), ['status', 'data', 'meta'])
    assert.equal(one.body.status, 'success')
    assert.match(one.body.meta.version, /^v\d/)
    const list = await rig().as('admin', { method: 'GET', path: 'users?limit=2&offset=1' })
    const { version: _v, requestId: _r, ...page } = list.body.meta
    assert.deepEqual(page, { total: 3, limit: 2, offset: 1 })
    assert.deepEqual(
      list.body.data.map((user: { name: string }) => user.name),
      ['a-viewer', 'root-admin'],
    )
  })

  test('a request id of the caller is kept, and one that is not an id is replaced', async () => {
    const good = await rig().as('admin', {
      method: 'GET',
      path: 'users',
      headers: { 'x-request-id': 'trace-12345678' },
    })
    assert.equal(good.body.meta.requestId, 'trace-12345678')
    const bad = await rig().as('admin', {
      method: 'GET',
      path: 'users',
      headers: { 'x-request-id': 'a b"c' },
    })
    assert.match(bad.body.meta.requestId, /^[0-9a-f-]{36}$/)
  })

  test('a body longer than a route takes is refused before it is read', async () => {
    const answer = await rig().as('admin', {
      method: 'POST',
      path: 'users',
      body: { ...SOMEBODY, displayName: 'x'.repeat(6 * 1024 * 1024) },
    })
    assert.deepEqual([answer.status, answer.body.error], [413, 'body_too_large'])
  })

  test('a query is told that no gateway answers', async () => {
    await rig().data('POST', 'databases', { name: 'far', engine: 'sqlite', target: '/x.db' })
    const answer = await rig().as('admin', {
      method: 'POST',
      path: 'databases/far/query',
      body: { sql: 'SELECT 1' },
    })
    assert.deepEqual([answer.status, answer.body.error], [502, 'backend_unavailable'])
    const tested = await rig().data('POST', 'databases/far/test')
    assert.equal(tested.isReachable, false)
    assert.notEqual(tested.message, '')
  })
})
