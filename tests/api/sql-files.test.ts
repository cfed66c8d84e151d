// SQL files: read, approved by somebody else, executed once at a time; each rule on each engine of the store.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachStore, type Rig } from './harness.ts'

const path = 'sql-files'

async function upload(rig: Rig, name: string, text = 'SELECT 1;\nSELECT 2') {
  const body = { name, database: 'filed', text }
  return (await rig.as('maintainer', { method: 'POST', path, body })).body.data
}

function seen({ sha256, version }: { sha256: string; version: number }) {
  return { sha256, version }
}

onEachStore('SQL files', (rig) => {
  test('a file is read when it is uploaded, and nothing is executed', async () => {
    const backends = [{ host: 'db.internal', port: 5432 }]
    await rig().data('POST', 'databases', { name: 'filed', engine: 'postgres', backends })
    const file = await upload(rig(), 'read.sql', 'SELECT 1;\n  INSERT INTO orders VALUES (1)')
    const [, second] = file.checks
    assert.deepEqual([file.isValid, file.approvedBy, file.version], [true, null, 1])
    assert.deepEqual([second.line, second.column, second.action], [2, 3, 'allow'])
    assert.deepEqual([second.effects, second.relations], [['write'], ['write orders']])
    assert.deepEqual(await rig().data('GET', `${path}/${file.id}/runs`), [])
  })

  test('the list is of one database where that is asked for', async () => {
    const backends = [{ host: 'db.internal', port: 5432 }]
    await rig().data('POST', 'databases', { name: 'elsewhere', engine: 'postgres', backends })
    const body = { name: 'elsewhere.sql', database: 'elsewhere', text: 'SELECT 1' }
    await rig().data('POST', path, body)
    const listed = await rig().data('GET', `${path}?database=ELSEWHERE`)
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      ['elsewhere.sql'],
    )
  })

  test('what is not understood, or ends the transaction, is refused with its line', async () => {
    for (const [name, text, rule] of [
      ['broken.sql', 'SELECT 1;\nSELEC 2', 'statement.incomplete'],
      ['commits.sql', 'SELECT 1;\nCOMMIT', 'file.transaction'],
      ['many.sql', `\n${'SELECT 1;'.repeat(501)}`, 'statement.incomplete'],
      ['copies.sql', 'SELECT 1;\nCOPY orders FROM STDIN', 'file.copy'],
    ] as const) {
      const file = await upload(rig(), name, text)
      const refused = file.checks.at(-1)
      assert.deepEqual([file.isValid, refused.rule, refused.line], [false, rule, 2])
      const wish = { method: 'POST', path: `${path}/${file.id}/approve`, body: seen(file) }
      assert.equal((await rig().as('admin', wish)).body.error, 'sql_file_refused')
    }
  })

  test('who uploaded a text never approves it, and a change voids the approval', async () => {
    const file = await upload(rig(), 'four-eyes.sql')
    const approve = (role: 'admin' | 'maintainer' | 'viewer', body: object) =>
      rig().as(role, { method: 'POST', path: `${path}/${file.id}/approve`, body })
    assert.equal((await approve('maintainer', seen(file))).body.error, 'four_eyes')
    assert.equal((await approve('viewer', seen(file))).body.error, 'forbidden')
    const other = { sha256: 'a'.repeat(64), version: 1 }
    assert.equal((await approve('admin', other)).body.error, 'outdated')
    const run = { method: 'POST', path: `${path}/${file.id}/runs`, body: seen(file) }
    assert.equal((await rig().as('maintainer', run)).body.error, 'not_approved')
    const approved = (await approve('admin', seen(file))).body.data
    assert.deepEqual([approved.approvedBy, approved.version], ['root-admin', 2])
    const change = (body: object) =>
      rig().as('admin', { method: 'PATCH', path: `${path}/${file.id}`, body })
    assert.equal((await change({ text: 'SELECT 3', version: 1 })).body.error, 'outdated')
    const wrapped = (await change({ isTransaction: false, version: 2 })).body.data
    assert.deepEqual([wrapped.approvedBy, wrapped.uploadedBy], [null, 'a-maintainer'])
    assert.equal((await approve('maintainer', seen(wrapped))).body.error, 'four_eyes')
    const changed = (await change({ text: 'SELECT 3', version: 3 })).body.data
    assert.deepEqual([changed.approvedBy, changed.uploadedBy], [null, 'root-admin'])
    assert.equal((await approve('admin', seen(changed))).body.error, 'four_eyes')
  })

  test('a viewer sees neither the files of others nor a database without a grant', async () => {
    const file = await upload(rig(), 'not-yours.sql')
    const look = await rig().as('viewer', { method: 'GET', path: `${path}/${file.id}` })
    assert.equal(look.status, 404)
    const body = { name: 'mine.sql', database: 'filed', text: 'SELECT 1' }
    assert.equal((await rig().as('viewer', { method: 'POST', path, body })).status, 404)
    assert.deepEqual((await rig().as('viewer', { method: 'GET', path })).body.data, [])
  })

  test('a file that is too long, no text, or empty is refused', async () => {
    for (const [text, error] of [
      ['-- nothing', 'sql_file_empty'],
      ['SELECT 1 -- \0', 'sql_file_not_text'],
      [`SELECT '${'ä'.repeat(600_000)}'`, 'sql_file_too_long'],
    ] as const) {
      const body = { name: 'hostile.sql', database: 'filed', text }
      const answer = await rig().as('maintainer', { method: 'POST', path, body })
      assert.equal(answer.body.error, error)
    }
    const twice = { name: 'read.sql', database: 'filed', text: 'SELECT 1' }
    assert.equal((await rig().as('admin', { method: 'POST', path, body: twice })).status, 409)
  })
})
