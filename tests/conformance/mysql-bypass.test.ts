// The tries of tests/corpus/bypass/mysql.jsonl by the grammar alone, and whether MariaDB really takes the valid ones.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { analyze, type Relation, type Statement } from '@articdbm/sql'
import { bypassTries } from '../support/bypass.ts'
import { Scratch, skipWithoutMariadb } from './mysql-scratch.ts'

const TRIES = bypassTries('mysql')

const HARMLESS_SESSION: ReadonlySet<string> = new Set([
  'pin',
  'variables',
  'begin',
  'commit',
  'rollback',
])

/** What a reader of the one table `orders` may do. */
function isWithinGrant(statement: Statement): boolean {
  return (
    statement.isComplete &&
    statement.relations.every(isGranted) &&
    statement.effects.every((effect) => effect === 'read' || effect === 'control') &&
    statement.functions.every((call) => call.danger === 'safe') &&
    statement.session.every((effect) => HARMLESS_SESSION.has(effect.kind))
  )
}

function isGranted({ schema, name, access }: Relation): boolean {
  return schema === undefined && name === 'orders' && access === 'read'
}

describe('a reader of one table, by the grammar', () => {
  test('has at least eighty ways to try', () => {
    assert.ok(TRIES.length >= 80)
    assert.equal(new Set(TRIES.map((one) => one.id)).size, TRIES.length)
  })

  for (const { id, sql, why } of TRIES) {
    test(`${id} reaches beyond the grant: ${why}`, () => {
      const { statements } = analyze(sql, 'mysql')
      assert.ok(statements.length > 0)
      assert.equal(statements.every(isWithinGrant), false)
    })
  }
})

describe('the tries called valid', { skip: skipWithoutMariadb() }, () => {
  let scratch: Scratch

  before(async () => {
    scratch = await Scratch.open('bypass')
    await scratch.rebuild()
  })
  after(() => scratch.close())

  for (const { id, sql, setup, valid } of TRIES) {
    if (valid === false) continue
    test(`${id} is read by MariaDB`, async () => {
      if (setup !== undefined) await scratch.rebuild()
      for (const statement of setup ?? []) await scratch.execute(statement)
      for (const text of textsOf(sql)) assert.equal(await scratch.syntaxError(text), '', text)
    })
  }
})

/** The statements of a try, or the whole text where our grammar doesn't separate them. */
function textsOf(sql: string): readonly string[] {
  const { statements, isComplete } = analyze(sql, 'mysql')
  return isComplete ? statements.map((statement) => statement.text) : sql.split(/;\s+(?=SELECT)/)
}
