import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqliteError } from './error.ts'

const CODES: readonly (readonly [resultCode: number, sqlState: string, mysqlErrno: number])[] = [
  [5, '55P03', 1205],
  [261, '55P03', 1205],
  [6, '55P03', 1205],
  [7, '53200', 1037],
  [8, '25006', 1290],
  [1032, '25006', 1290],
  [10, '58030', 1030],
  [3338, '58030', 1030],
  [11, 'XX001', 1034],
  [13, '53100', 1114],
  [14, '58030', 1016],
  [18, '54000', 1153],
  [26, 'XX001', 1034],
  [1811, 'P0001', 1644],
  [3091, '42804', 1366],
]

for (const [resultCode, sqlState, mysqlErrno] of CODES) {
  test(`SQLite's result ${resultCode} is SQLSTATE ${sqlState} and MySQL's ${mysqlErrno}`, () => {
    const error = sqliteError('it failed', resultCode, 'SELECT 1')
    assert.deepEqual([error.sqlState, error.mysqlErrno], [sqlState, mysqlErrno])
  })
}

test('a place is told only where the word stands once', () => {
  const placeOf = (message: string, sql: string) => sqliteError(message, 1, sql).position
  assert.equal(placeOf('near "form": syntax error', 'SELECT 1 form t'), 9)
  assert.equal(placeOf('near "x": syntax error', 'SELECT x x x'), undefined)
  assert.equal(placeOf('no such column: o.idd', 'SELECT o.idd FROM o'), 9)
  assert.equal(placeOf('unrecognized token: "^"', 'SELECT 1 ^ 2'), 9)
  assert.equal(placeOf('incomplete input', 'SELECT'), undefined)
})
