import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome, Reading } from '../rows/measure-row.ts'
import type { Goal } from '../rows/row.ts'
import { ROWS } from '../rows/rows.ts'
import type { WayName } from '../ways/way.ts'
import { judgeOutcome, valuesOf } from './judge.ts'

const RATIO: Goal = {
  measure: 'throughput',
  figure: 'throughput',
  comparison: { kind: 'ratio', against: 'pgbouncer' },
  bound: { kind: 'at least', value: 1.6 },
}
const ADDED: Goal = {
  measure: 'added p50',
  figure: 'p50Ms',
  comparison: { kind: 'added', against: 'pgbouncer' },
  bound: { kind: 'at most', value: 2 },
}

function throughput(round: number, way: WayName, value: number): Reading {
  return { round, way, figures: { throughput: value } }
}

function outcome(goals: readonly Goal[], readings: readonly Reading[], failure = ''): Outcome {
  const [row] = ROWS
  assert.ok(row)
  return { row: { ...row, goals }, readings, notes: [], failure }
}

const THREE_ROUNDS = [
  [100, 50],
  [90, 60],
  [300, 100],
].flatMap(([ours = 0, theirs = 0], at) => [
  throughput(at, 'articdbm', ours),
  throughput(at, 'pgbouncer', theirs),
])

test('a goal is judged by the median of the ratios, not by the ratio of medians', () => {
  const [judged] = judgeOutcome(outcome([RATIO], THREE_ROUNDS))
  assert.deepEqual(
    [judged?.value, judged?.lowest, judged?.highest, judged?.verdict],
    [2, 1.5, 3, 'met'],
  )
})

test('a goal that is missed is not met, on either side', () => {
  for (const [kind, value, verdict] of [
    ['at least', 2, 'met'],
    ['at least', 2.01, 'not met'],
    ['at most', 2, 'met'],
    ['at most', 1.99, 'not met'],
  ] as const) {
    const [judged] = judgeOutcome(outcome([{ ...RATIO, bound: { kind, value } }], THREE_ROUNDS))
    assert.equal(judged?.verdict, verdict)
  }
})

test('what is added is compared to what the other adds; where that is nothing, the round tells nothing', () => {
  const round = (at: number, [ours, theirs, none]: readonly [number, number, number]) =>
    (
      [
        ['articdbm', ours],
        ['pgbouncer', theirs],
        ['direct', none],
      ] as const
    ).map(([way, p50Ms]): Reading => ({ round: at, way, figures: { p50Ms } }))
  assert.deepEqual(
    valuesOf(ADDED, [...round(1, [8, 5, 2]), ...round(2, [8, 2, 2]), ...round(3, [8, 1, 2])]),
    [2],
  )
})

test('a row that failed is not measured, even with readings from before', () => {
  const [judged] = judgeOutcome(outcome([RATIO], THREE_ROUNDS, 'it ended'))
  assert.deepEqual([judged?.value, judged?.verdict], [undefined, 'not measured'])
})

test('a round with one side only is left out', () => {
  assert.deepEqual(valuesOf(RATIO, [throughput(1, 'articdbm', 5)]), [])
})
