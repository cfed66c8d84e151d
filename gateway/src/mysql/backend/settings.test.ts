import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { analyze, loadGrammars } from '@articdbm/sql'
import { NO_SETTINGS, settingsAfter, statementsBetween } from './settings.ts'

const after = (...texts: readonly string[]) =>
  texts.flatMap((text) => analyze(text, 'mysql').statements).reduce(settingsAfter, NO_SETTINGS)

describe('settings that are carried', () => {
  before(loadGrammars)
  test('plain values of known variables and of user variables', () => {
    const settings = after(
      "SET time_zone = '+02:00', SESSION sql_mode = 'STRICT_TRANS_TABLES'",
      "SET @a = 5, @b = 'x', @@foreign_key_checks = OFF",
      'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    )
    assert.deepEqual(Object.fromEntries(settings), {
      time_zone: "'+02:00'",
      sql_mode: "'STRICT_TRANS_TABLES'",
      '@a': '5',
      '@b': "'x'",
      foreign_key_checks: 'OFF',
      transaction: 'isolation level read committed',
    })
  })
  for (const text of [
    'SET @a = @b',
    "SET @a = 'it''s' 'two'",
    'SET @a = (SELECT 1)',
    'SET wait_timeout = 5',
    'SET GLOBAL time_zone = UTC',
    'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'SET SESSION TRANSACTION READ ONLY',
    'BEGIN NOT ATOMIC IF 0 THEN SET @a = 1; END IF; END',
    'SELECT @a := 1',
    'SET STATEMENT max_statement_time = 1 FOR SELECT 1',
  ]) {
    test(`not: ${text}`, () => assert.equal(after(text).size, 0))
  }
  test('a connection is brought from one session’s to another’s', () => {
    const from = after("SET time_zone = '+02:00', sql_mode = ''", 'SET @a = 1', 'SET sql_notes = 0')
    const to = after('SET sql_notes = 0, unique_checks = 0', 'SET @c = NULL')
    assert.deepEqual(statementsBetween(from, to, 'ANSI'), [
      "SET @@SESSION.time_zone = DEFAULT, @@SESSION.sql_mode = 'ANSI', @a = NULL, @@SESSION.unique_checks = 0, @c = NULL",
    ])
    assert.deepEqual(statementsBetween(to, to, ''), [])
  })
  test('an isolation level is set by its own statement, and lost by a reset alone', () => {
    const level = after('SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE')
    assert.deepEqual(statementsBetween(NO_SETTINGS, level, ''), [
      'SET SESSION TRANSACTION isolation level serializable',
    ])
    assert.equal(statementsBetween(level, NO_SETTINGS, ''), undefined)
  })
})
