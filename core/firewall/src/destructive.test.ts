import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Dialect } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { judgeDestructive } from './destructive.ts'

before(loadGrammars)

function judged(sql: string, guard: 'alert' | 'confirm' | 'block', dialect: Dialect) {
  const { statements, tokens } = analyze(sql, dialect)
  return judgeDestructive(statements, tokens, guard)
}

const DIALECTS: readonly Dialect[] = ['postgres', 'mysql', 'sqlite']

const HARM: readonly (readonly [string, string, readonly Dialect[]])[] = [
  ['DROP TABLE a', 'destructive.drop', DIALECTS],
  ['DROP INDEX a', 'destructive.drop', ['postgres', 'sqlite']],
  ['DROP DATABASE a', 'destructive.drop', ['postgres', 'mysql']],
  ['TRUNCATE TABLE a', 'destructive.truncate', ['postgres', 'mysql']],
  ['DELETE FROM a', 'destructive.unlimited', DIALECTS],
  ['UPDATE a SET b = 1', 'destructive.unlimited', DIALECTS],
  ['UPDATE a SET b = (SELECT c FROM d WHERE e = 1)', 'destructive.unlimited', DIALECTS],
  ['SELECT 1; DELETE FROM a', 'destructive.unlimited', DIALECTS],
  [
    'WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x WHERE b = 1',
    'destructive.unlimited',
    ['postgres'],
  ],
  ['EXPLAIN ANALYZE DELETE FROM a', 'destructive.unlimited', ['postgres']],
  ['DELETE FROM a LIMIT 10', 'destructive.unlimited', ['mysql']],
  ['DELETE a FROM a JOIN b ON a.c = b.c', 'destructive.unlimited', ['mysql']],
]
const NO_HARM: readonly (readonly [string, readonly Dialect[]])[] = [
  ['DELETE FROM a WHERE b = 1', DIALECTS],
  ['UPDATE a SET b = 1 WHERE c = 2', DIALECTS],
  ['SELECT * FROM a', DIALECTS],
  ["INSERT INTO a VALUES ('DELETE FROM a')", DIALECTS],
  ['SELECT * FROM "delete"', ['postgres', 'sqlite']],
  ['SELECT * FROM a FOR UPDATE', ['postgres', 'mysql']],
  ['INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET b = 2', ['postgres', 'sqlite']],
  ['INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 2', ['mysql']],
  ['CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE ON UPDATE CASCADE)', DIALECTS],
  ['WITH x AS (DELETE FROM a WHERE b = 1 RETURNING *) SELECT * FROM x', ['postgres']],
]

describe('what destroys', () => {
  for (const [sql, rule, dialects] of HARM) {
    for (const dialect of dialects) {
      test(`${dialect}: ${sql}`, () => {
        assert.deepEqual(
          [judged(sql, 'block', dialect).action, judged(sql, 'block', dialect).rule],
          ['block', rule],
        )
        assert.equal(judged(sql, 'alert', dialect).action, 'alert')
      })
    }
  }
  for (const [sql, dialects] of NO_HARM) {
    for (const dialect of dialects) {
      test(`${dialect}: not ${sql}`, () =>
        assert.equal(judged(sql, 'block', dialect).action, 'allow'))
    }
  }
})

describe('what is confirmed', () => {
  for (const dialect of DIALECTS) {
    test(`${dialect}: by a comment with the digits that the refusal names`, () => {
      const refused = judged('DELETE FROM a', 'confirm', dialect)
      assert.equal(refused.action, 'block')
      const [comment = ''] = refused.message.match(/\/\* confirm [0-9a-f]{8} \*\//) ?? []
      assert.equal(judged(`DELETE FROM a ${comment}`, 'confirm', dialect).action, 'alert')
      assert.equal(judged(`${comment} delete from a`, 'confirm', dialect).action, 'alert')
      assert.equal(judged(`DELETE FROM b ${comment}`, 'confirm', dialect).action, 'block')
      assert.equal(judged(`DELETE FROM a -- confirm`, 'confirm', dialect).action, 'block')
      assert.equal(judged(`DELETE FROM a ${comment}`, 'block', dialect).action, 'block')
    })

    test(`${dialect}: each statement for itself`, () => {
      const [digits] =
        judged('DELETE FROM a', 'confirm', dialect).message.match(/[0-9a-f]{8}/) ?? []
      const both = `DELETE FROM a; DELETE FROM b /* confirm ${digits} */`
      assert.equal(judged(both, 'confirm', dialect).action, 'block')
    })
  }
})
