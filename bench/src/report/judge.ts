// A goal against what was read: a number a round, and the median of them.
import { median } from '../measure/statistics.ts'
import type { Outcome, Reading } from '../rows/measure-row.ts'
import type { Bound, Goal } from '../rows/row.ts'
import type { WayName } from '../ways/way.ts'

export interface Judged {
  readonly row: string
  readonly title: string
  readonly goal: Goal
  /** Of the rounds; undefined where nothing could be compared. */
  readonly value: number | undefined
  readonly lowest: number
  readonly highest: number
  readonly verdict: 'met' | 'not met' | 'not measured'
}

export function judgeOutcome({ row, readings, failure }: Outcome): readonly Judged[] {
  return row.goals.map((goal) => {
    const values = failure === '' ? valuesOf(goal, readings) : []
    const value = median(values)
    return {
      row: row.name,
      title: row.title,
      goal,
      value,
      lowest: Math.min(...values),
      highest: Math.max(...values),
      verdict: verdictOn(value, goal.bound),
    }
  })
}

/** Rounds in which something is missing, or the other adds nothing that could be seen, give no number. */
export function valuesOf(goal: Goal, readings: readonly Reading[]): readonly number[] {
  const rounds = [...new Set(readings.map(({ round }) => round))]
  return rounds
    .map((round) => {
      const inRound = readings.filter((reading) => reading.round === round)
      return comparedValue(goal, (way) => figureOf(goal, inRound, way))
    })
    .filter((value) => Number.isFinite(value))
}

function comparedValue({ comparison }: Goal, figure: (way: WayName) => number): number {
  const ours = figure('articdbm')
  switch (comparison.kind) {
    case 'absolute':
      return ours
    case 'ratio':
      return ours / figure(comparison.against)
    case 'added': {
      const added = figure(comparison.against) - figure('direct')
      return added > 0 ? (ours - figure('direct')) / added : Number.NaN
    }
  }
}

function figureOf(goal: Goal, readings: readonly Reading[], way: WayName): number {
  return readings.find((reading) => reading.way === way)?.figures[goal.figure] ?? Number.NaN
}

function verdictOn(value: number | undefined, bound: Bound): Judged['verdict'] {
  if (value === undefined) return 'not measured'
  const isMet = bound.kind === 'at least' ? value >= bound.value : value <= bound.value
  return isMet ? 'met' : 'not met'
}
