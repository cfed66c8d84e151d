// A verdict is taken over from one text to another of the same shape: both must mean the same but for their literals.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Dialect } from '@articdbm/contract'
import { inspect } from '@articdbm/firewall'
import {
  type Analysis,
  analyze,
  loadGrammars,
  type Statement,
  shapeOf,
  sharesShape,
} from '@articdbm/sql'

const FOLDER = join(import.meta.dirname, '../../../shared/corpus/sql')
const SAMPLES: readonly (readonly [Dialect, string])[] = [
  ['postgres', 'benign_pg.jsonl'],
  ['postgres', 'injected_pg.jsonl'],
  ['mysql', 'benign_mysql.jsonl'],
  ['mysql', 'injected_mysql.jsonl'],
]
const MAX_EACH = 1_000

/** Every kind of literal that has ever meant more than itself, and every border that a lexer could draw elsewhere. */
const OWN: readonly (readonly [Dialect, string])[] = [
  ['postgres', "SELECT set_config('role', 'admin', false)"],
  ['postgres', "SELECT nextval('orders_id_seq')"],
  ['postgres', "SELECT 'pg_authid'::regclass, current_setting('port')"],
  ['postgres', 'EXPLAIN (ANALYZE 0) DELETE FROM orders'],
  ['postgres', "SELECT * FROM orders WHERE id = 1 OR 'a' = 'a'"],
  ['postgres', "SELECT E'\\'' , 1, $$ 2 $$, U&'\\0041', x'1F', b'01', 1e5, 0x1F, 1_000"],
  ['postgres', "SELECT date '2026-01-01', interval '1 day', 3 - -4, -5, 1.5, .5, 5., t1.c2"],
  [
    'postgres',
    "SELECT 'a' 'b'\n'c', \"q'1\", 'it''s', a$1 FROM t WHERE id = $1 LIMIT 10 OFFSET 20",
  ],
  ['postgres', "INSERT INTO t VALUES (1, 'x'), (2, 'y') RETURNING id"],
  ['mysql', "SELECT '\\' OR 1=1 -- ', 1, \"a'1\", `b'2`, _utf8'x', N'y', 5--1, 5 -- 1"],
  ['mysql', 'SELECT /*!50000 1, */ 2, @a := 3, 1e3, 0x41, .5'],
  ['mysql', "UPDATE t SET a = a + 1, b = 'x' WHERE id BETWEEN 1 AND 5 LIMIT 3"],
]

before(loadGrammars)

function corpus(): readonly (readonly [Dialect, string])[] {
  return SAMPLES.flatMap(([dialect, name]) =>
    readFileSync(join(FOLDER, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .slice(0, MAX_EACH)
      .map((line) => [dialect, (JSON.parse(line) as { sql: string }).sql] as const),
  )
}

test('a text of the same shape means the same, whatever its literals are', (t) => {
  const isThere = existsSync(FOLDER)
  if (!isThere) t.diagnostic('without the public corpora: they are not beside this checkout')
  const texts = [...OWN, ...(isThere ? corpus() : [])]
  const shared = texts.filter(([dialect, text]) => isTheSame(dialect, text))
  t.diagnostic(`${shared.length} of ${texts.length} texts share their shape with others`)
  assert.ok(shared.length >= (isThere ? 500 : 2))
})

/** True where a verdict on its shape is remembered; asserts that then each variant is read, and judged, alike. */
function isTheSame(dialect: Dialect, text: string): boolean {
  const shape = shapeOf(text, dialect)
  const analysis = analyze(text, dialect)
  if (!shape || !sharesShape(analysis, shape)) return false
  // What was found may lie in the literals: no verdict on that is remembered.
  if (inspect(analysis).findings.length > 0) return false
  for (const variant of variantsOf(analysis)) {
    const other = shapeOf(variant, dialect)
    assert.equal(other?.key, shape.key, `${text}\n${variant}`)
    const read = analyze(variant, dialect)
    assert.deepEqual(read.statements.map(meaning), analysis.statements.map(meaning), variant)
    assert.equal(inspect(read).action, inspect(analysis).action, variant)
  }
  return true
}

const STRINGS = ["''", "'pg_shadow'", "'x'' OR 1=1 --'", "'ä; DROP TABLE t'", "'/* */'", "'$$'"]
const INTEGERS = ['0', '1', '999999999', '7', '007']
const NUMBERS = ['0.5', '99999999999999999999', '12.0', '1234567890']

/** The same text with each of its literals replaced, by several at once. */
function variantsOf({ text, statements }: Analysis): readonly string[] {
  const literals = statements.flatMap((statement) => statement.literals)
  return [0, 1, 2, 3, 4, 5].map((turn) => {
    let at = 0
    let variant = ''
    for (const [index, { kind, start, end }] of literals.entries()) {
      const choices = kind === 'string' ? STRINGS : numbersLike(text.slice(start, end))
      variant += text.slice(at, start) + choices[(index + turn) % choices.length]
      at = end
    }
    return variant + text.slice(at)
  })
}

function numbersLike(number: string): readonly string[] {
  return /^\d{1,9}$/.test(number) ? INTEGERS : NUMBERS
}

function meaning({ effects, relations, functions, session, kind, digest, isComplete }: Statement) {
  const calls = functions.map(({ schema, name, danger }) => ({ schema, name, danger }))
  return { effects, relations, calls, session, kind, digest, isComplete }
}

test('a text with more or other code in it has another shape', () => {
  const plain = 'SELECT * FROM orders WHERE id = 1'
  const others = [
    'SELECT * FROM orders WHERE id = 1 OR 1=1',
    'SELECT * FROM orders WHERE id = 1; DROP TABLE orders',
    'SELECT * FROM orders WHERE id = -1',
    "SELECT * FROM orders WHERE id = '1'",
    'SELECT * FROM secrets WHERE id = 1',
    'SELECT * FROM orders WHERE id = 1 -- ',
    'SELECT * FROM orders WHERE id = 1/**/',
    'SELECT * FROM orders WHERE id = 1e0',
    'SELECT * FROM orders WHERE id = \u0002',
  ]
  const key = shapeOf(plain, 'postgres')?.key
  assert.ok(key)
  for (const other of others) assert.notEqual(shapeOf(other, 'postgres')?.key, key, other)
})
