// Whatever the text: no crash, no gap, and nothing hides behind white space or comments.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { analyze } from '@articdbm/sql'
import fc from 'fast-check'

const WORDS =
  `select from where with as insert into values update set delete create table view trigger begin end drop join on in
exists case when then else union all order by limit returning pragma explain attach ( ) , . ; * = + - ' " [ ] -- /* */ ?
orders secrets a b 1 'x' "q" x'00' not null is between and or cast over partition temp virtual using if recursive`.split(
    /\s+/,
  )

const PIECES = [...WORDS, ' ', '\n', '\0', 'ä', '\u00a0', '$a(b)', '0x1', '1_0', '/*/', '->>', ':a']

describe('properties of reading SQLite', () => {
  test('tokens follow each other, and between them is white space alone', () => {
    const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('')
        let end = 0
        for (const token of analyze(text, 'sqlite').tokens) {
          assert.match(text.slice(end, token.start), /^[ \t\n\f\r\uFEFF]*$/)
          assert.ok(token.end > token.start)
          end = token.end
        }
        assert.match(text.slice(end), /^[ \t\n\f\r\uFEFF]*$/)
      }),
      { numRuns: 500 },
    )
  })

  test('no text throws, and every statement lies within it', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 4 })), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(text, fc.constantFrom(' ', '', '\n'), (words, space) => {
        const sql = words.join(space)
        for (const { start, end, isComplete, why } of analyze(sql, 'sqlite').statements) {
          assert.ok(start >= 0 && end <= sql.length && start <= end)
          assert.equal(isComplete, why === '')
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('white space, comments and the case of letters change nothing that is touched', () => {
    const statements = fc.constantFrom(
      'select a from orders where x in secrets',
      'with orders as (select 1) select * from orders , customers',
      'insert into orders ( a ) select b from customers returning *',
      'delete from orders where exists ( select 1 from secrets )',
      'create trigger t after insert on orders begin delete from log ; end',
    )
    const space = fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '/**/',
      '/* from secrets */',
      '-- x\n',
      ' \uFEFF',
    )
    fc.assert(
      fc.property(statements, fc.array(space, { minLength: 1, maxLength: 4 }), (sql, spaces) => {
        const spaced = sql.replaceAll(' ', () => spaces.join(' ').padEnd(1)).toUpperCase()
        const touched = (text: string) =>
          analyze(text, 'sqlite').statements.map((statement) => statement.relations)
        assert.deepEqual(touched(` ${spaced}`), touched(sql))
      }),
      { numRuns: 300 },
    )
  })
})
