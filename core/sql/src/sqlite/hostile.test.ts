// Texts made to stall, crash or mislead.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { analyze } from '../analyze.ts'

const MOST_MS = 2_000

const REFUSED: readonly (readonly [string, string])[] = [
  ['10,000 parentheses', `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['10,000 nested FROM', `select * from ${'('.repeat(10_000)}t${')'.repeat(10_000)}`],
  ['10,000 nested subqueries', `select ${'(select '.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['1,000 nested CASE', `select ${'case when 1 then '.repeat(1000)}1${' end'.repeat(1000)}`],
  ['1,000 nested WITH', `${'with a as ('.repeat(1000)}select 1${') select 1'.repeat(1000)}`],
  ['5 MB in one string', `select '${'x'.repeat(5_000_000)}'`],
  ['900 KB of opened comments', `select ${'/*'.repeat(450_000)}`],
  ['501 statements', 'select 1;'.repeat(501)],
  ['more tokens than may be', 'a '.repeat(250_000)],
  ['900 KB of open brackets', '['.repeat(900_000)],
  ['900 KB of quotes that do not close', `${"''".repeat(450_000)}'`],
  ['a NUL before another statement', 'select 1\0; drop table orders'],
  ['half a surrogate pair in a name', 'select * from "a\ud800"'],
  ['no SQL', 'selec 1'],
  ['half a statement', 'select * from'],
  ['a tail that is no statement', 'select 1 from t oops t2 t3'],
  ['explain twice', 'explain explain select 1'],
  ['a trigger that does not end', 'create trigger t after insert on o begin select 1;'],
  ['a trigger with a PRAGMA', 'create trigger t after insert on o begin pragma x; end'],
  ['__proto__ as a statement', '__proto__ x'],
  ['constructor as a statement', 'constructor'],
  ['an operator at the end', 'select 1 +'],
  ['a keyword as a table', 'select * from select'],
  ['text as a function', "select 'load_extension'('x')"],
]

const READ: readonly (readonly [string, string])[] = [
  ['900 KB of one string', `select '${'x'.repeat(900_000)}'`],
  ['100,000 quotes', `select '${"''".repeat(50_000)}'`],
  ['90,000 sums', `select 1${'+1'.repeat(90_000)}`],
  ['90,000 values', `values (1)${', (1)'.repeat(40_000)}`],
  ['40,000 comments', `select ${'/* a */'.repeat(40_000)} 1`],
  ['100,000 times NOT', `select ${'not '.repeat(100_000)}1`],
  ['100,000 times minus', `select ${'- '.repeat(100_000)}1`],
  ['10,000 joins', `select * from t${' join t'.repeat(10_000)}`],
  ['10,000 CTEs', `with a as (select 1)${', a as (select 1)'.repeat(10_000)} select 1`],
  ['150 parentheses', `select ${'('.repeat(90)}1${')'.repeat(90)}`],
]

describe('hostile texts', () => {
  for (const [what, text] of REFUSED) {
    test(`${what}: not understood, soon`, () => {
      const began = performance.now()
      const { isComplete, statements } = analyze(text, 'sqlite')
      assert.equal(isComplete, false)
      assert.notEqual(statements.at(-1)?.why, '')
      assert.ok(performance.now() - began < MOST_MS)
    })
  }

  for (const [what, text] of READ) {
    test(`${what}: read, soon`, () => {
      const began = performance.now()
      const { statements } = analyze(text, 'sqlite')
      assert.equal(statements.map(({ why }) => why).join(), '')
      assert.ok(performance.now() - began < MOST_MS)
    })
  }

  test('statements are split where SQLite splits them', () => {
    const text = `-- first; no
      ;; select 1; create trigger t after insert on o begin select 2; select 3; end; select ';' /* ; */ ; `
    const { statements } = analyze(text, 'sqlite')
    assert.deepEqual(
      statements.map((statement) => statement.text),
      [
        'select 1',
        'create trigger t after insert on o begin select 2; select 3; end',
        "select ';'",
      ],
    )
  })

  test('blank texts and comments alone have no statement', () => {
    for (const text of ['', ' ', ';', ';;', '-- x', '/* x', '/* x */;']) {
      assert.deepEqual(analyze(text, 'sqlite').statements, [], JSON.stringify(text))
    }
  })

  test('what follows a statement that is not understood is not understood either', () => {
    const { statements } = analyze('select 1; selec 2; select 3', 'sqlite')
    assert.deepEqual(
      statements.map(({ text, isComplete }) => [text, isComplete]),
      [
        ['select 1', true],
        ['selec 2; select 3', false],
      ],
    )
  })
})
