import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { analyze, loadGrammars } from '../analyze.ts'
import { lex } from './lex.ts'
import { repeatsIn } from './repeats.ts'

before(loadGrammars)

const many = (text: (at: number) => string, count = 100): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(', ')

function blanked(sql: string): string {
  const words = lex(sql).filter(({ kind }) => kind !== 'comment')
  return repeatsIn(words)
    .map(({ start, end }) => sql.slice(start, end))
    .join(' … ')
}

describe('what repeats in long lists', () => {
  test('is left out behind its beginning', () => {
    for (const sql of [
      `INSERT INTO t VALUES ${many((at) => `(${at}, 'a', NULL, -1)`)}`,
      `SELECT * FROM t WHERE a IN (${many(String)})`,
      `SELECT * FROM t WHERE a IN (${many((at) => `$${at + 1}`)})`,
      `SELECT * FROM t WHERE (a, b) IN (${many((at) => `(${at}, 'x')`)})`,
    ]) {
      const left = blanked(sql)
      assert.ok(left.length > sql.length / 2, `${sql.slice(0, 60)}: ${left.length}`)
      assert.match(left, /^,/)
    }
  })

  test('is nothing but values, in the same places', () => {
    for (const sql of [
      `INSERT INTO t VALUES ${many((at) => `(${at}, now())`)}`,
      `INSERT INTO t VALUES ${many((at) => (at % 2 ? `(${at})` : `('${at}')`))}`,
      `SELECT ${many((at) => `a${at}`)} FROM t`,
      `SELECT ${many(() => '"null"')} FROM t`,
      `SELECT * FROM t WHERE a IN (${many((at) => `(SELECT ${at})`)})`,
      `INSERT INTO t VALUES ${many((at) => `(${at})`, 10)}`,
    ]) {
      assert.equal(blanked(sql), '', sql.slice(0, 60))
    }
  })

  test('hides nothing of what stands between', () => {
    const rows = many((at) => `(${at}, 'x')`)
    const sql = `INSERT INTO t VALUES ${rows}, (1, (SELECT b FROM hidden)), ${rows}; DELETE FROM other`
    const { statements, isComplete } = analyze(sql, 'postgres')
    assert.ok(isComplete)
    const found = statements.flatMap(({ relations }) => relations.map(({ name }) => name))
    assert.deepEqual(found.toSorted(), ['hidden', 'other', 't'])
  })

  test('reads as what does not repeat, with signs of any width and comments within', () => {
    const rows = many((at) => `(${at}, 'é漢🙂' /* ${'-'.repeat(300)} */) -- ${at}\n`)
    const short = analyze("INSERT INTO t VALUES (1, 'x') RETURNING f(a)", 'postgres')
    const long = analyze(`INSERT INTO t VALUES ${rows} RETURNING f(a)`, 'postgres')
    const told = ({ statements }: typeof long) =>
      statements.map(({ relations, effects, digest, kind, functions, isComplete }) => ({
        ...{ relations, effects, digest, kind, isComplete },
        functions: functions.map(({ name }) => name),
      }))
    assert.deepEqual(told(long), told(short))
    const [call] = long.statements[0]?.functions ?? []
    assert.equal(long.text.slice(call?.start, (call?.start ?? 0) + 1), 'f')
  })

  test('a mistake behind a list is told at its place', () => {
    const sql = `INSERT INTO t VALUES ${many((at) => `(${at})`)} nonsense here`
    const [statement] = analyze(sql, 'postgres').statements
    assert.equal(statement?.isComplete, false)
    assert.equal(statement?.errorAt, sql.indexOf('nonsense') + 1)
  })
})
