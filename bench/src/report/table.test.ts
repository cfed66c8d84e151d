import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../rows/measure-row.ts'
import { ROWS } from '../rows/rows.ts'
import { judgeOutcome } from './judge.ts'
import { figuresTable, goalsTable, notesList, short, table } from './table.ts'

const row = ROWS.find(({ name }) => name === 'prepared-64')
assert.ok(row)
const OUTCOME: Outcome = {
  row,
  readings: [
    { round: 1, way: 'articdbm', figures: { throughput: 3_000, foreignCpu: 1 } },
    { round: 1, way: 'pgbouncer', figures: { throughput: 2_000 } },
  ],
  notes: ['in session mode'],
  failure: '',
}

test('a goal is a line with its ratio and verdict', () => {
  const [, , line] = goalsTable(judgeOutcome(OUTCOME)).split('\n')
  assert.deepEqual(cellsOf(line), [
    'prepared-64',
    'pgbench -S -M prepared, 64 clients: throughput',
    'PgBouncer',
    '≥ 1.2',
    '1.50',
    '1.50–1.50',
    'met',
  ])
})

test('what was read stands in a line a way, and what was not is left empty', () => {
  const lines = figuresTable([OUTCOME]).split('\n').slice(2).map(cellsOf)
  assert.deepEqual(lines[0]?.slice(0, 5), ['prepared-64', 'ArticDBM', 'transactions', '3000', ''])
  assert.equal(lines[0]?.at(-1), '1.00')
  assert.equal(lines[1]?.at(-1), '')
})

test('notes and failures are one line each, without paths', () => {
  const failure = 'pgbouncer ended:\n  | no such file /tmp/x/y.sock'
  assert.equal(
    notesList([{ ...OUTCOME, failure }]),
    '- prepared-64: in session mode.\n' +
      '- prepared-64 could not be measured: pgbouncer ended:   no such file …',
  )
})

test('numbers keep three digits', () => {
  const shown = [0, 0.0123, 0.987, 1.005, 9.99, 12.34, 123.4, 20123.4].map(short)
  assert.deepEqual(shown, ['0', '0.012', '0.987', '1.00', '9.99', '12.3', '123', '20123'])
})

test('a table lines up', () => {
  assert.equal(
    table(['a', 'long name'], [['value', '1']]),
    '| a     | long name |\n|-------|-----------|\n| value | 1         |',
  )
})

function cellsOf(line: string | undefined): readonly string[] {
  return (line ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
