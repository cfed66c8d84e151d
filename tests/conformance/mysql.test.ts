// Our MySQL grammar against the benign corpus, and against what MariaDB itself does with the same text.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { analyze, type Statement } from '@articdbm/sql'
import { mutations, scrambled } from './mysql-mutations.ts'
import { Scratch, skipWithoutMariadb } from './mysql-scratch.ts'
import { STATEMENTS } from './mysql-statements.ts'

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/sql/benign_mysql.jsonl')
const NEEDED_RATIO = 0.99
const MUTATIONS = 6_000
const SCRAMBLED = 30_000
/** ER_DBACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_COLUMNACCESS_DENIED, ER_PROCACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED, ER_VIEW */
const DENIED: ReadonlySet<number> = new Set([1044, 1142, 1143, 1370, 1227, 1345])

/** The server asks for the right to change before it plans a change; we call the plan reading. */
const PLANNED_CHANGE = /\b(?:explain|desc|describe)\b.*\b(?:delete|insert|update|replace)\b/is

describe('the benign corpus', {
  skip: existsSync(CORPUS) ? false : `${CORPUS} is not there`,
}, () => {
  test('is understood, but for one statement in a hundred at most', () => {
    const texts = readFileSync(CORPUS, 'utf8')
      .trim()
      .split('\n')
      .map((line): string => JSON.parse(line).sql)
    const failed = texts.filter((text) => !analyze(text, 'mysql').isComplete)
    const ratio = 1 - failed.length / texts.length
    assert.ok(ratio >= NEEDED_RATIO, `${ratio}: ${failed.slice(0, 10).join('\n---\n')}`)
  })
})

describe('our own statements', () => {
  for (const sql of STATEMENTS) {
    test(`${sql} is understood`, () => {
      const [statement, ...others] = analyze(sql, 'mysql').statements
      assert.equal(statement?.why, '')
      assert.equal(others.length, 0)
    })
  }
})

describe('on MariaDB', { skip: skipWithoutMariadb() }, () => {
  let scratch: Scratch

  before(async () => {
    scratch = await Scratch.open('conformance')
    await scratch.rebuild()
  })
  after(() => scratch.close())

  test('our own statements are read by the server too', async () => {
    for (const sql of STATEMENTS) assert.equal(await scratch.syntaxError(sql), '', sql)
  })

  test('what we say reads nothing but orders runs with no other privilege and changes nothing', async () => {
    const state = await scratch.state()
    await using reader = await scratch.readerOf('orders')
    let succeeded = 0
    for (const sql of [...STATEMENTS, ...mutations(MUTATIONS), ...scrambled(SCRAMBLED)]) {
      if (!mayRun(sql)) continue
      const { errno, message } = await reader.attempt(sql)
      assert.ok(
        !DENIED.has(errno) || isForeignListing(sql, errno),
        `${JSON.stringify(sql)}: ${message}`,
      )
      if (errno === 0) succeeded++
    }
    assert.ok(succeeded > 100, `${succeeded} ran`)
    assert.deepEqual(await scratch.state(), state)
  })

  test('what we say only reads changes nothing, with all privileges', async () => {
    const state = await scratch.state()
    let succeeded = 0
    for (const sql of [...STATEMENTS, ...mutations(MUTATIONS), ...scrambled(SCRAMBLED)]) {
      const { statements, isComplete } = analyze(sql, 'mysql')
      if (!isComplete || statements.length !== 1 || !statements.every(isReading)) continue
      const { errno } = await scratch.attempt(sql)
      if (errno === 0) succeeded++
    }
    assert.ok(succeeded > 100, `${succeeded} ran`)
    assert.deepEqual(await scratch.state(), state)
  })
})

/** SHOW TABLES FROM another schema names no relation: what it lists, information_schema lists too. */
function isForeignListing(sql: string, errno: number): boolean {
  return errno === 1044 && /\bshow\b/i.test(sql)
}

/** One complete statement that reads orders alone. */
function mayRun(sql: string): boolean {
  const { statements, isComplete } = analyze(sql, 'mysql')
  if (!isComplete || statements.length !== 1 || !statements.every(isReading)) return false
  if (PLANNED_CHANGE.test(sql)) return false
  return statements.every(({ relations }) =>
    relations.every(({ schema, name }) => schema === undefined && name === 'orders'),
  )
}

function isReading(statement: Statement): boolean {
  return (
    statement.effects.every((effect) => effect === 'read') &&
    statement.relations.every(({ access }) => access === 'read') &&
    statement.functions.every(({ danger }) => danger === 'safe') &&
    statement.session.every(({ kind }) => kind === 'pin' || kind === 'variables')
  )
}
