import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onSqlite } from './harness.ts'

// Who may what, written down a second time on purpose: a change of the manager's table must be meant.
const EVERYBODY = [
  'self',
  'status:read',
  'self:write',
  'databases:read',
  'databases:query',
  'sql-files:read',
  'sql-files:write',
  'sql-files:run',
  'audit:read',
]
const MAINTAINERS = [
  'users:read',
  'databases:write',
  'databases:test',
  'grants:read',
  'grants:write',
  'policies:read',
  'policies:write',
  'sql-files:approve',
  'audit:verify',
]
const ALLOWED = {
  viewer: new Set(EVERYBODY),
  maintainer: new Set([...EVERYBODY, ...MAINTAINERS]),
  admin: new Set([...EVERYBODY, ...MAINTAINERS, 'users:write']),
} as const

onSqlite('permissions', (rig) => {
  test('every route of the document refuses who has no credential', async () => {
    for (const { method, path, access } of rig().document.operations) {
      if (access === 'anonymous' || access === 'open') continue
      const answer = await rig().ask({ method, path: below(path) })
      assert.equal(answer.status, 401, `${method} ${path}`)
      assert.equal(answer.body.error, 'not_authenticated')
    }
  })

  for (const role of ['viewer', 'maintainer', 'admin'] as const) {
    test(`every route of the document lets ${role} in, or refuses, as the table says`, async () => {
      for (const { method, path, access } of rig().document.operations) {
        if (access === 'anonymous' || access === 'open') continue
        const answer = await rig().as(role, { method, path: below(path) })
        const where = `${role} ${method} ${path} needs ${access}: ${JSON.stringify(answer.body)}`
        if (ALLOWED[role].has(access)) assert.notEqual(answer.body.error, 'forbidden', where)
        else assert.deepEqual([answer.status, answer.body.error], [403, 'forbidden'], where)
        assert.notEqual(answer.status, 401, where)
        assert.notEqual(answer.status, 500, where)
      }
    })
  }

  test('a wrong credential is refused, of whatever kind', async () => {
    for (const authorization of [
      'Bearer adbm_unknown',
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290LWFkbWluIn0.',
      'Bearer x',
      `Bearer ${'y'.repeat(5_000)}`,
      'Basic cm9vdDpyb290',
    ]) {
      const answer = await rig().ask({ method: 'GET', path: 'users', headers: { authorization } })
      assert.deepEqual(
        [answer.status, answer.body.error],
        [401, 'not_authenticated'],
        authorization,
      )
    }
  })
})

function below(path: string): string {
  return path.replace('/api/v1/', '').replaceAll(/\{\w+\}/g, 'nobody')
}
