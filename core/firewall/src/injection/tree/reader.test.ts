import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { analyze, loadGrammars } from '@articdbm/sql'
import { findInjection } from '../find.ts'
import { readAll } from './read.ts'

before(loadGrammars)

const many = (text: (at: number) => string): string =>
  Array.from({ length: 500 }, (_, at) => text(at)).join(', ')
const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const

/** How many nodes detectors look at. */
function nodesOf(sql: string, dialect: (typeof DIALECTS)[number]): number {
  const analysis = analyze(sql, dialect)
  assert.ok(analysis.isComplete, `${dialect}: ${analysis.statements[0]?.why}`)
  return readAll(analysis).flatMap(({ visited }) => visited).length
}

describe('long lists', () => {
  const PLAIN = [
    `INSERT INTO t (a, b, c) VALUES ${many((at) => `(${at}, 'x${at}', NULL)`)}`,
    `INSERT INTO t (a) VALUES ${many((at) => `(-${at})`)}`,
    `SELECT a FROM t WHERE b IN (${many(String)})`,
    `SELECT a FROM t WHERE b IN (${many((at) => `'x${at}'`)}) AND c = 1`,
  ]
  for (const dialect of DIALECTS) {
    test(`of values are read by their beginning (${dialect})`, () => {
      for (const sql of PLAIN) {
        assert.ok(nodesOf(sql, dialect) < 120, sql.slice(0, 60))
        assert.deepEqual(findInjection(analyze(sql, dialect)), [], sql.slice(0, 60))
      }
    })

    test(`hide nothing that is unlike the rest (${dialect})`, () => {
      const attacks = [
        `INSERT INTO t (a, b) VALUES ${many((at) => `(${at}, 'x')`)}, (1, 'x' || (SELECT name FROM sqlite_master)), (2, 'y')`,
        `SELECT a FROM t WHERE b IN (${many(String)}, 1 OR 1=1, ${many(String)})`,
        `SELECT a FROM t WHERE b IN (${many(String)}) OR 1=1`,
        `SELECT a FROM t WHERE b IN (${many((at) => `'x${at}'`)}) OR 'a'='a'`,
      ]
      for (const sql of attacks.slice(dialect === 'sqlite' ? 0 : 1)) {
        assert.ok(findInjection(analyze(sql, dialect)).length > 0, sql.slice(-80))
      }
    })
  }

  test('whose last item goes on are read to their end', () => {
    const sql = `INSERT INTO t (a) VALUES ${many((at) => `('x${at}')`)}, ('y' + 1)`
    assert.ok(findInjection(analyze(sql, 'mysql')).length > 0)
  })
})
