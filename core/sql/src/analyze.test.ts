import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { analyze, loadGrammars } from './analyze.ts'
import { LIMITS } from './limits.ts'

before(loadGrammars)

const SAME: readonly (readonly string[])[] = [
  [
    'select * from t where a = 1',
    'SELECT *\n FROM t -- c\n WHERE a=  2',
    "select * from t where a = 'x'",
  ],
  ['select 1 in (1, 2, 3)', 'select 1 in (1)', 'select $1 in ($2, $3)'],
  ['insert into t values (1, 2)', 'insert into t values (3, 4), (5, 6)'],
]

for (const texts of SAME) {
  test(`one digest for ${texts.join(' | ').replace(/\s+/g, ' ')}`, () => {
    const digests = texts.map((text) => analyze(text, 'postgres').statements[0]?.digest)
    assert.equal(new Set(digests).size, 1)
    assert.match(digests[0] ?? '', /^[0-9a-f]{16}$/)
  })
}

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['select a from t', 'select b from t'],
  ['select a from t', 'select "A" from t'],
  ['select "a", "b" from t', 'select "a"", ""b" from t'],
  ['select 1', 'select -1'],
  ['select a from t', 'select a from t for update'],
]

for (const [one, other] of DIFFERENT) {
  test(`different digests for ${one} | ${other}`, () => {
    const [first, second] = [one, other].map(
      (text) => analyze(text, 'postgres').statements[0]?.digest,
    )
    assert.notEqual(first, second)
  })
}

test('a digest belongs to its dialect', () => {
  const digests = (['postgres', 'mysql', 'sqlite'] as const).map(
    (dialect) => analyze('select 1', dialect).statements[0]?.digest,
  )
  assert.equal(new Set(digests).size, 3)
})

test('literals are given decoded, with their places', () => {
  const [statement] = analyze(
    "select E'a\\tb', 0x1F, x'ff', 'é' from t where a = $1",
    'postgres',
  ).statements
  assert.deepEqual(statement?.literals, [
    { kind: 'string', start: 7, end: 14, value: 'a\tb' },
    { kind: 'number', start: 16, end: 20, value: '0x1F' },
    { kind: 'binary', start: 22, end: 27, value: 'xff' },
    { kind: 'string', start: 29, end: 32, value: 'é' },
  ])
})

test('each statement has only its own literals', () => {
  const { statements } = analyze("select 'a'; select 'b', 'c'", 'postgres')
  assert.deepEqual(
    statements.map(({ literals }) => literals.map(({ value }) => value)),
    [['a'], ['b', 'c']],
  )
})

test('an unterminated literal stays out of the normal form', () => {
  const [statement] = analyze("select * from t where a = 'secret", 'postgres').statements
  assert.equal(statement?.normalized, 'select * from t where a = ?')
})

test('a text beyond the limit is one statement that is not understood', () => {
  for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
    const { statements, isComplete, tokens } = analyze(' '.repeat(LIMITS.maxLength + 1), dialect)
    assert.deepEqual([statements.length, isComplete, tokens.length], [1, false, 0])
  }
})

test('what is prepared is analysed as a statement of its own', () => {
  const [statement] = analyze(
    "prepare p (int) as /* c */ delete from t where a = 'x'",
    'postgres',
  ).statements
  const [effect] = statement?.session ?? []
  assert.ok(effect?.kind === 'prepare')
  assert.equal(effect.prepared?.text, "delete from t where a = 'x'")
  assert.deepEqual(effect.prepared?.effects, ['write'])
})

describe('the normal form of what repeats', () => {
  const CASES: readonly (readonly [string, string])[] = [
    ['SELECT a FROM t WHERE b IN (1, 2, 3)', 'select a from t where b in ( ? )'],
    ["INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')", 'insert into t values ( ? )'],
    [
      'INSERT INTO t VALUES (1, now()), (2, now())',
      'insert into t values ( ? , now ( ) ) , ( ? , now ( ) )',
    ],
    ['SELECT f(1), (2), g(3, 4)', 'select f ( ? ) , g ( ? )'],
    ['SELECT 1, a, 2, 3', 'select ? , a , ?'],
    ['SELECT (1, 2), (3)', 'select ( ? )'],
  ]
  for (const [sql, normal] of CASES) {
    test(sql, () => assert.equal(analyze(sql, 'postgres').statements[0]?.normalized, normal))
  }
})
