// The tables of cases/*.txt: a statement, and below it, indented, what is found in it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { analyze } from '../analyze.ts'
import type { FunctionCall, Relation, SessionEffect, Statement } from '../statement.ts'

interface Case {
  readonly sql: string
  readonly expected: string
}

const FOLDER = join(import.meta.dirname, 'cases')

describe('a statement is read for what it touches', () => {
  for (const { sql, expected } of readCases()) {
    test(sql, () => assert.equal(summarize(sql), expected))
  }
})

describe('a request is read whole', () => {
  const REQUESTS: readonly (readonly [string, string])[] = [
    ['', ''],
    ['  -- nothing\n/* at all */ ;; ', ''],
    ['SELECT 1; DELETE FROM t;', 'select; read; | delete; write; write t'],
    ['SELECT 1; FROB; DELETE FROM t', 'select; read; | incomplete | delete; write; write t'],
    ['SET NAMES utf8mb4; SELECT 1', 'set; control; set session names utf8mb4 | select; read;'],
    ['SET NAMES gbk; SELECT 1', 'set; control; set session names gbk | incomplete'],
    [
      "SET sql_mode = 'STRICT_ALL_TABLES'; SELECT 1",
      'set; control; set session sql_mode STRICT_ALL_TABLES | select; read;',
    ],
    ["SET sql_mode = 'ANSI'; SELECT 1", 'set; control; set session sql_mode ANSI | incomplete'],
    ['SET @@sql_mode = DEFAULT; SELECT 1', 'set; control; set session sql_mode ? | incomplete'],
    [
      'CREATE PROCEDURE p() BEGIN SELECT 1; END; DROP TABLE t',
      'create procedure; define write; write *',
    ],
    ['SELECT 1 SELECT 2', 'incomplete'],
    ['SELECT 1)', 'incomplete'],
    ['SELECT (1', 'incomplete'],
    ['SELECT * FROM', 'incomplete'],
    ['SELECT FROM t', 'incomplete'],
    ['SELECT * FROM t WHERE', 'incomplete'],
    ['SELECT * FROM t WHERE a IN ()', 'incomplete'],
    ['SELECT * FROM t WHERE a BETWEEN 1', 'incomplete'],
    ['INSERT INTO t', 'incomplete'],
    ['UPDATE t', 'incomplete'],
    ['DELETE t', 'incomplete'],
    ['DELIMITER //', 'incomplete'],
    ['PREPARE p FROM "SELECT 1; SELECT 2"', 'incomplete'],
    ["PREPARE p FROM 'FROB'", 'incomplete'],
    ['SELECT /*!80000 1 */ FROM t', 'incomplete'],
    ['SELECT 1 /*M! FROM t */', 'incomplete'],
    ['SELECT 1.e(1)', 'incomplete'],
    ['SELECT $$x$$', 'incomplete'],
    ['SELECT 1 \0', 'incomplete'],
    ["SELECT '\ud800'", 'incomplete'],
  ]
  for (const [sql, expected] of REQUESTS) {
    test(JSON.stringify(sql), () => assert.equal(summarize(sql), expected))
  }

  test('a statement keeps the comments around it, so that its text means the same alone', () => {
    const { statements } = analyze('SELECT 1 /*! FROM t */; /*!50000 SELECT */ 2', 'mysql')
    assert.deepEqual(
      statements.map(({ text }) => text),
      ['SELECT 1 /*! FROM t */', '/*!50000 SELECT */ 2'],
    )
  })

  test('an incomplete statement says where', () => {
    const [statement] = analyze('SELECT 1 FROB 2', 'mysql').statements
    assert.equal(statement?.why, 'not expected at "2", offset 14')
  })

  test('a computed setting that changes how texts are read is told as it was written', () => {
    const computed = [
      '/*!40101 SET sql_mode = @a */',
      'SET @@session.sql_mode = REPLACE(@@sql_mode, "A", /* b */ ""), x = @x',
      'SET sql_mode = DEFAULT',
      'SET character_set_client = @a, sql_mode = 4',
      "SET time_zone = @z, sql_mode = 'ANSI'",
    ].map((sql) => analyze(sql, 'mysql').statements.flatMap(({ session }) => session))
    assert.deepEqual(
      computed.map((effects) =>
        effects.flatMap((effect) => (effect.kind === 'set' ? [effect.computed] : [])),
      ),
      [
        ['@a'],
        ['REPLACE(@@sql_mode, "A", /* b */ "")', undefined],
        ['DEFAULT'],
        ['@a', '4'],
        [undefined, undefined],
      ],
    )
  })

  test('in ANSI_QUOTES a double quote makes a name', () => {
    const [statement] = analyze('SELECT "a" FROM "t"', 'mysql', { ansiQuotes: true }).statements
    assert.deepEqual(statement?.relations, [{ schema: undefined, name: 't', access: 'read' }])
  })

  test('in NO_BACKSLASH_ESCAPES a backslash ends nothing', () => {
    const sql = "SELECT '\\' FROM t -- '"
    assert.equal(summarize(sql), 'select; read;')
    const [statement] = analyze(sql, 'mysql', { noBackslashEscapes: true }).statements
    assert.equal(statement?.relations.length, 1)
  })
})

function readCases(): readonly Case[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
  return files.flatMap((name) => casesOf(readFileSync(join(FOLDER, name), 'utf8')))
}

function casesOf(text: string): readonly Case[] {
  const lines = text.trimEnd().split('\n')
  return lines.flatMap((line, at) =>
    at % 2 === 0 ? [{ sql: line, expected: lines[at + 1]?.trim() ?? '' }] : [],
  )
}

/** `kind; effects; relations, functions that aren't safe, session effects`, or `incomplete`. */
function summarize(sql: string): string {
  return analyze(sql, 'mysql').statements.map(summarizeStatement).join(' | ')
}

function summarizeStatement(statement: Statement): string {
  if (!statement.isComplete) return 'incomplete'
  const unsafe = statement.functions.filter((call) => call.danger !== 'safe')
  const found = [
    ...statement.relations.map(relation),
    ...unsafe.map(called),
    ...statement.session.map(sessionEffect),
  ]
  return [statement.kind, statement.effects.toSorted().join(' '), found.join(', ')]
    .join('; ')
    .trim()
}

function relation({ schema, name, access }: Relation): string {
  return `${access} ${qualified(schema, name)}`
}

function called({ schema, name, danger }: FunctionCall): string {
  return `${danger} ${qualified(schema, name)}()`
}

function qualified(schema: string | undefined, name: string): string {
  return schema === undefined ? name : `${schema}.${name}`
}

function sessionEffect(effect: SessionEffect): string {
  if (effect.kind === 'prepare') return `prepare ${effect.name} = ${effect.prepared?.kind ?? '?'}`
  const {
    literal: _,
    computed: __,
    ...told
  } = { literal: undefined, computed: undefined, ...effect }
  return Object.values(told)
    .map((value) => value ?? '?')
    .join(' ')
}
