import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { SnapshotBypass } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { passBypass } from './bypasses.ts'
import { block } from './verdicts.ts'

before(loadGrammars)

const NOW = Date.parse('2026-06-01T12:00:00Z')
const SQL = 'SELECT * FROM a WHERE b = 1'
const DIGEST = () => analyze(SQL, 'postgres').statements[0]?.digest ?? ''

function actionOf(bypass: Partial<SnapshotBypass>, sql = SQL): string {
  const verdict = block({ rule: 'injection.union', message: 'a UNION' })
  const open: SnapshotBypass = {
    ...{ id: 'b', databaseId: 'd', rule: 'injection.union', digest: '', principalId: null },
    ...{ validUntil: '2026-06-01T13:00:00.000Z', ...bypass },
  }
  const { statements } = analyze(sql, 'postgres')
  const input = { bypasses: [open], principalId: 'ann', statements, nowMs: NOW }
  return passBypass(verdict, input).action
}

test('a bypass lets through what it names', () => {
  assert.equal(actionOf({}), 'allow')
  assert.equal(actionOf({ rule: 'injection.*' }), 'allow')
  assert.equal(actionOf({ principalId: 'ann' }), 'allow')
  assert.equal(actionOf({ digest: DIGEST() }), 'allow')
})

test('and nothing else', () => {
  assert.equal(actionOf({ rule: 'injection.time' }), 'block')
  assert.equal(actionOf({ rule: 'injection.unio' }), 'block')
  assert.equal(actionOf({ rule: 'rule.injection' }), 'block')
  assert.equal(actionOf({ principalId: 'bob' }), 'block')
  assert.equal(actionOf({ digest: '0123456789abcdef' }), 'block')
  assert.equal(actionOf({ validUntil: '2026-06-01T12:00:00.000Z' }), 'block')
})

test("a bypass for one statement isn't one for what comes along with it", () => {
  const digest = DIGEST()
  assert.equal(actionOf({ digest }, `${SQL}; SELECT * FROM secrets`), 'block')
  assert.equal(actionOf({ digest }, `${SQL}; ${SQL}`), 'allow')
})

test('what is let through still says which rule it was', () => {
  const verdict = block({ rule: 'injection.union', message: 'a UNION' })
  const bypass = { id: 'b', databaseId: 'd', rule: 'injection.*', digest: '', principalId: 'ann' }
  const passed = passBypass(verdict, {
    bypasses: [{ ...bypass, validUntil: '2027-01-01T00:00:00.000Z' }],
    ...{ principalId: 'ann', statements: [], nowMs: NOW },
  })
  assert.deepEqual([passed.rule, passed.action], ['injection.union', 'allow'])
  assert.match(passed.message, /let through by a bypass: a UNION/)
})
