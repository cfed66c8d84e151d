import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LIMITS } from '../limits.ts'
import { lex } from './lex.ts'
import { parse } from './parse.ts'

function isComplete(text: string): boolean {
  return parse(text, lex(text, {}), {}).every((statement) => statement.isComplete)
}

/** Of the processor, so that a busy machine doesn't count; what isn't linear takes minutes at these sizes. */
const MAX_MS = 3_000

const INCOMPLETE: readonly (readonly [string, string])[] = [
  ['ten thousand parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['ten thousand subqueries', `SELECT ${'(SELECT '.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['ten thousand derived tables', `SELECT * FROM ${'(SELECT * FROM '.repeat(10_000)}t`],
  ['ten thousand joins in parentheses', `SELECT * FROM ${'('.repeat(10_000)}t`],
  ['ten thousand calls', `SELECT ${'f('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['ten thousand CASEs', `SELECT ${'CASE WHEN '.repeat(10_000)}`],
  ['ten thousand assignments', `SELECT ${'@a := '.repeat(10_000)}1`],
  ['ten thousand INTERVALs', `SELECT ${'INTERVAL '.repeat(10_000)}`],
  ['ten thousand MATCHes', `SELECT ${'MATCH (a) AGAINST ('.repeat(10_000)}`],
  ['ten thousand POSITIONs', `SELECT ${'POSITION('.repeat(10_000)}`],
  ['ten thousand braces', `SELECT ${'{d '.repeat(10_000)}`],
  ['ten thousand SET STATEMENTs', `${'SET STATEMENT a = 1 FOR '.repeat(10_000)}SELECT 1`],
  ['ten thousand EXPLAINs', `${'EXPLAIN ANALYZE TABLE '.repeat(10_000)}`],
  ['ten thousand WITHs', `SELECT * FROM ${'(WITH c AS (SELECT 1) SELECT * FROM '.repeat(10_000)}`],
  ['more common tables than can be looked up', manyCommonTables(10_000)],
  ['a text that never ends', `SELECT '${'a'.repeat(900_000)}`],
  ['a comment that never ends', `SELECT /*${'/*'.repeat(400_000)}`],
  ['many versioned comments that never end', '/*!'.repeat(300_000)],
  ['many quotes', '`'.repeat(900_001)],
  ['many unfinished hexadecimal texts', "x'".repeat(400_000)],
  ['more statements than allowed', 'SELECT 1;'.repeat(LIMITS.maxStatements + 1)],
  ['more tokens than allowed', `SELECT ${'1,'.repeat(LIMITS.maxTokens)}1`],
  ['texts inside texts', nestedTexts(12)],
]

const COMPLETE: readonly (readonly [string, string])[] = [
  ['a hundred parentheses', `SELECT ${'('.repeat(100)}1${')'.repeat(100)}`],
  ['a hundred thousand tokens', `SELECT ${'1,'.repeat(50_000)}1`],
  ['a text of a megabyte', `SELECT '${'a'.repeat(990_000)}'`],
  ['a text of escapes', `SELECT '${"\\'".repeat(450_000)}'`],
  ['a hundred thousand signs', `SELECT ${'- '.repeat(100_000)}1`],
  ['a hundred thousand NOTs', `SELECT ${'NOT '.repeat(100_000)}1`],
  ['a sum of fifty thousand', `SELECT 1${' + 1'.repeat(50_000)}`],
  ['twenty thousand UNIONs', `SELECT 1${' UNION SELECT 1'.repeat(20_000)}`],
  [
    'fifty thousand tables',
    `SELECT * FROM t${Array.from({ length: 50_000 }, (_, n) => `, t${n}`).join('')}`,
  ],
  ['five thousand tables that are written', manyUpdated(5_000)],
  ['a hundred thousand comments', `${'/**/'.repeat(100_000)}SELECT 1`],
]

function manyCommonTables(count: number): string {
  const definitions = Array.from({ length: count }, (_, n) => `c${n} AS (SELECT * FROM t${n})`)
  return `WITH ${definitions.join(', ')} SELECT 1`
}

function manyUpdated(count: number): string {
  const names = Array.from({ length: count }, (_, n) => `t${n}`)
  return `UPDATE ${names.join(', ')} SET ${names.map((name) => `${name}.a = 1`).join(', ')}`
}

/** EXECUTE IMMEDIATE of EXECUTE IMMEDIATE …, of something that isn't SQL. */
function nestedTexts(depth: number): string {
  let text = 'FROB'
  for (let level = 0; level < depth; level++) {
    text = `EXECUTE IMMEDIATE '${text.replaceAll("'", "''")}'`
  }
  return text
}

describe('hostile texts are read in linear time', () => {
  for (const [what, text] of INCOMPLETE) {
    test(`${what} are not understood`, () => assert.equal(timed(text), false))
  }
  for (const [what, text] of COMPLETE) {
    test(`${what} are understood`, () => assert.equal(timed(text), true))
  }
})

function timed(text: string): boolean {
  const before = process.cpuUsage()
  const answer = isComplete(text)
  const { user, system } = process.cpuUsage(before)
  const tookMs = (user + system) / 1000
  assert.ok(tookMs < MAX_MS, `took ${tookMs} ms`)
  return answer
}
