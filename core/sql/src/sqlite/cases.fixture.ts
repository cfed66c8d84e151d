// How the tables of cases write an analysis: one line each.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { analyze } from '../analyze.ts'
import type { Statement } from '../statement.ts'

/**
 * One test a line: `sql => kind · effects · relations · functions · session`, `-` for none, left out at the end.
 * Each is exactly one statement, wholly understood.
 */
export function testCases(about: string, cases: string): void {
  describe(about, () => {
    for (const line of cases.trim().split('\n')) testCase(line.trim())
  })
}

function testCase(line: string): void {
  const at = line.lastIndexOf(' => ')
  const sql = line.slice(0, at)
  test(sql, () => {
    const { statements } = analyze(sql, 'sqlite')
    assert.deepEqual(
      statements.map(({ isComplete, why }) => [isComplete, why]),
      [[true, '']],
    )
    assert.equal(statements.map(summaryOf).join(), line.slice(at + ' => '.length))
  })
}

function summaryOf(statement: Statement): string {
  const words = [
    statement.kind,
    statement.effects.toSorted().join(' '),
    relationsOf(statement).toSorted().join(' '),
    statement.functions.map(({ name, danger }) => `${name}:${danger}`).join(' '),
    statement.session.map(sessionWord).join(', '),
  ]
  while (words.at(-1) === '') words.pop()
  return words.map((word) => word || '-').join(' · ')
}

export function relationsOf({ relations }: Statement): readonly string[] {
  return relations.map(
    ({ schema, name, access }) => `${access[0]}:${schema === undefined ? '' : `${schema}.`}${name}`,
  )
}

function sessionWord(effect: object): string {
  return Object.values(effect)
    .filter((value) => value !== undefined)
    .join(' ')
}
