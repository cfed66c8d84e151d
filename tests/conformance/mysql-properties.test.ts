import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { analyze } from '@articdbm/sql'
import fc from 'fast-check'

function isComplete(text: string): boolean {
  return analyze(text, 'mysql').isComplete
}

function relationsOf(text: string) {
  return analyze(text, 'mysql').statements.flatMap(({ relations }) => relations)
}

const WORDS =
  `select from where t u a b * ( ) , ; . = + - 1 'x' "y" \`z\` @v @@s ? union all join on using with as c
  recursive insert into values set update delete order by limit group having case when then else end in between and or
  not exists like interval day /*! /*!50000 /*!99999 */ /* -- # \n create table drop alter explain analyze for prepare
  execute immediate 'delete\u0020from\u0020t' show columns lock tables handler call do kill begin values row table over
  partition window lateral json_table count sleep cast convert extract trim`.split(/\s+/)

const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' '))
const anyText = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 }), fc.string())
const anyModes = fc.record({ ansiQuotes: fc.boolean(), noBackslashEscapes: fc.boolean() })

const STATEMENTS: readonly string[] = [
  'SELECT a, (SELECT b FROM u) FROM t JOIN v ON t.a = v.a WHERE c IN (SELECT d FROM w) ORDER BY e LIMIT 5',
  'WITH c AS (SELECT * FROM t) SELECT * FROM c UNION SELECT * FROM u',
  'INSERT INTO t (a) SELECT b FROM u ON DUPLICATE KEY UPDATE a = (SELECT c FROM v)',
  'UPDATE t JOIN u ON t.a = u.a SET t.b = 1 WHERE c > 2',
  'DELETE t FROM t JOIN u ON t.a = u.a WHERE u.b BETWEEN 1 AND 2',
]

describe('whatever the text', () => {
  test('nothing throws, and tokens and statements are in order', () => {
    fc.assert(
      fc.property(anyText, anyModes, (text, modes) => {
        const { tokens, statements } = analyze(text, 'mysql', modes)
        assertOrdered(tokens, text.length)
        assertOrdered(statements, text.length)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a statement reads the same whatever stands between its words', () => {
    const blank = fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '/**/',
      '/* x */',
      '-- x\n',
      '# x\n',
      '/*!*/',
      '/*!50000 */',
    )
    fc.assert(
      fc.property(fc.constantFrom(...STATEMENTS), blank, (sql, between) => {
        assert.deepEqual(relationsOf(sql.replaceAll(' ', between)), relationsOf(sql))
      }),
    )
  })

  test('cutting a statement short never hides a table that the rest still names', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATEMENTS), fc.nat(), (sql, cut) => {
        const shorter = sql.slice(0, cut % sql.length)
        if (!isComplete(shorter)) return
        const named = shorter.match(/(?<=\b(?:FROM|JOIN|INTO|UPDATE) )[tuvw]\b/g) ?? []
        const found = relationsOf(shorter).map(({ name }) => name)
        for (const name of named) assert.ok(found.includes(name), `${name} in ${shorter}`)
      }),
    )
  })

  test('leaving out a word leaves the statement incomplete or its tables named', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATEMENTS), fc.nat(), (sql, at) => {
        const words = sql.split(' ')
        const shorter = words.toSpliced(at % words.length, 1).join(' ')
        if (!isComplete(shorter)) return
        const named = shorter.match(/(?<=\b(?:FROM|JOIN|INTO) )[tuvw]\b/g) ?? []
        const found = relationsOf(shorter).map(({ name }) => name)
        for (const name of named) assert.ok(found.includes(name), `${name} in ${shorter}`)
      }),
    )
  })
})

function assertOrdered(ranges: readonly { start: number; end: number }[], length: number): void {
  let last = 0
  for (const { start, end } of ranges) {
    assert.ok(start >= last && end >= start && end <= length, `${start}..${end} after ${last}`)
    last = end
  }
}
