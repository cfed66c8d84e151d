// Texts made to stall, crash or mislead. Each is refused or read, and the next statement is read as ever.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { analyze, loadGrammars } from '../analyze.ts'
import { loadPostgresParser } from './parser.ts'

before(loadGrammars)

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['10,000 parentheses', `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, /deeper/],
  ['5 MB in one string', `select '${'x'.repeat(5_000_000)}'`, /longer/],
  ['300,001 words', `select 1${',1'.repeat(150_000)}`, /words/],
  ['500,000 words', `select 1${',1'.repeat(250_000)}`, /words/],
  ['501 statements', 'select 1;'.repeat(501), /statements/],
  ['a NUL, which would end the text for the parser', 'select 1\0; drop table orders', /NUL/],
  ['half a surrogate pair', "select '\ud800'", /surrogate/],
  ['100 KB of opened comments', `select ${'/*'.repeat(50_000)}`, /operators/],
  ['500 KB of plus signs', `select 1 ${'+'.repeat(500_000)}1`, /operators/],
  ['20,000 sums in one', `select 1${'+1'.repeat(20_000)}`, /chain/],
  ['5,000 unions', `select 1${' union all select 1'.repeat(5000)}`, /chain/],
  ['5,000 casts', `select 1${'::int'.repeat(5000)}`, /chain/],
  ['2,000 times NOT', `select ${'not '.repeat(2000)}true`, /chain/],
  [
    '300 nested CASE',
    `select ${'case when true then '.repeat(300)}1${' end'.repeat(300)}`,
    /deeper/,
  ],
  ['a parameter of 900 KB', `select $${'9'.repeat(900_000)}`, /parameter/],
  ['nothing but backslashes', '\\'.repeat(10_000), /syntax error/],
  ['an unterminated comment', 'select 1 /* ', /comment/],
  ['an unterminated string', "select 'a", /string/],
  ['no SQL', 'selec 1', /syntax error/],
  ['a non-breaking space', 'select\u00a01', /syntax error/],
  ['CREATE TABLE AS EXECUTE', 'create table a as execute p', /prepared/],
]

for (const [what, text, why] of REFUSED) {
  test(`${what}: not understood`, () => {
    const { statements, isComplete } = analyze(text, 'postgres')
    assert.equal(isComplete, false)
    assert.equal(statements.length, 1)
    assert.match(statements[0]?.why ?? '', why)
  })

  test(`${what}: the next statement is read as ever`, async () => {
    await setImmediate()
    await loadPostgresParser()
    assert.equal(analyze('select * from orders', 'postgres').statements[0]?.relations.length, 1)
  })
}

const READ: readonly (readonly [string, string])[] = [
  ['80 KB of nested comments', `select ${'/*'.repeat(20_000)}${'*/'.repeat(20_000)} 1`],
  ['20,000 comments', `select ${'/* a */'.repeat(20_000)} 1`],
  ['a comment of operators', `select /*${'+'.repeat(100_000)}*/ 1`],
  ['a line of dashes', `${'-'.repeat(100_000)}\nselect 1`],
  ['900 KB of blanks', `${' '.repeat(900_000)}select 1`],
  ['900 KB of one string', `select '${'x'.repeat(900_000)}'`],
  ['100,000 quotes', `select '${"''".repeat(50_000)}'`],
  ['a list of 20,000', `select 1 in (1${',1'.repeat(20_000)})`],
  ['20,000 comparisons', `select true${' or a = 1'.repeat(20_000)}`],
  ['5,000 WHEN', `select case ${'when a = 1 then 2 '.repeat(5000)}end`],
  ['400 unions', `select 1, 2${' union all select 1, 2'.repeat(400)}`],
  ['20,000 AND', `select true${' and true'.repeat(20_000)}`],
  ['190 nested subqueries', `select * from ${'(select * from '.repeat(190)}t${') x'.repeat(190)}`],
  ['190 nested calls', `select ${'lower('.repeat(190)}'a'${')'.repeat(190)}`],
  ['1,000 common table expressions', `with ${many(1000, (n) => `a${n} as (select 1)`)} select 1`],
  ['5,000 tables', `select 1 from ${many(5000, (n) => `t${n}`)}`],
  ['500 statements', 'select 1;'.repeat(500)],
]

function many(count: number, write: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => write(n)).join(', ')
}

for (const [what, text] of READ) {
  test(`${what}: read`, () => {
    const { statements } = analyze(text, 'postgres')
    assert.deepEqual(
      statements.filter((statement) => !statement.isComplete).map(({ why }) => why),
      [],
    )
    assert.ok(statements.length > 0)
  })
}

test('blank texts, comments and lone semicolons hold no statement', () => {
  for (const text of ['', ' \n\t', '-- a', '/* a /* b */ */', ';', ' ; ; ', ';/* a */;--b']) {
    const { statements, isComplete } = analyze(text, 'postgres')
    assert.deepEqual([text, statements.length, isComplete], [text, 0, true])
  }
})

test('each statement of a request is exactly its own text, in UTF-16 units', () => {
  const text = ' /* é😀 */ ; select \'é;😀\' ;; -- x\n\tinsert into "é" values (1) /* y */; table a'
  assert.deepEqual(
    analyze(text, 'postgres').statements.map((statement) => statement.text),
    ["select 'é;😀'", 'insert into "é" values (1)', 'table a'],
  )
})

test('a semicolon in a function body does not end the statement', () => {
  const body = 'create function f() returns int begin atomic select 1; select 2; end'
  assert.deepEqual(
    analyze(`${body}; select 3`, 'postgres').statements.map(({ text }) => text),
    [body, 'select 3'],
  )
})

test('a call stands where the text has it', () => {
  const text = "select 'é😀', lower('a'), pg_catalog.upper('b')"
  const [statement] = analyze(text, 'postgres').statements
  assert.deepEqual(
    statement?.functions.map(({ start }) => start),
    [text.indexOf('lower'), text.indexOf('pg_catalog')],
  )
})

test('loading twice at once, and again, loads once', async () => {
  await Promise.all([loadPostgresParser(), loadPostgresParser()])
  await loadPostgresParser()
  assert.equal(analyze('select 1', 'postgres').isComplete, true)
})
