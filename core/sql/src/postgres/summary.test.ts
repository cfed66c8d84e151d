// How the tables of cases write an analysis: one short line each for effects, relations, functions and session.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { analyze, loadGrammars } from '../analyze.ts'
import type { FunctionCall, Relation, SessionEffect, Statement } from '../statement.ts'

export function summaryOf(statement: Statement): readonly string[] {
  return [
    statement.kind,
    [...statement.effects].sort().join(' '),
    statement.relations.map(relationWord).sort().join(' '),
    statement.functions.map(functionWord).join(' '),
    statement.session.map(sessionWord).join(', '),
  ]
}

function relationWord({ schema, name, access }: Relation): string {
  return `${access[0]}:${schema === undefined ? '' : `${schema}.`}${name}`
}

function functionWord({ schema, name, danger }: FunctionCall): string {
  return `${schema === undefined ? '' : `${schema}.`}${name}:${danger}`
}

function sessionWord({ kind, ...rest }: SessionEffect): string {
  const words = Object.entries(rest).map(([key, value]) =>
    typeof value === 'object' && value !== null
      ? `${key}=(${summaryOf(value).filter(Boolean).join('; ')})`
      : `${key}=${value}`,
  )
  return [kind, ...words].join(' ')
}

/**
 * One test a line: `sql => kind · effects · relations · functions · session`,
 * `-` for none, left out at the end.
 * Each is exactly one statement, wholly understood.
 */
export function testCases(about: string, cases: string): void {
  before(loadGrammars)
  for (const line of cases.trim().split('\n')) {
    const [sql = '', expected = ''] = line.trim().split(' => ')
    test(`${about}: ${sql}`, () => {
      const { statements } = analyze(sql, 'postgres')
      assert.deepEqual(statements.map(lineOf), [expected])
    })
  }
}

function lineOf(statement: Statement): string {
  return statement.isComplete
    ? summaryOf(statement)
        .map((words) => words || '-')
        .join(' · ')
        .replace(/(?: · -)+$/, '')
    : `incomplete: ${statement.why}`
}

testCases('a summary', 'select 1 => select · read')
