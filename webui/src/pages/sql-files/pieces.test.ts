import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SqlFileCheck } from '@articdbm/contract'
import { piecesOf } from './pieces.ts'

const ALLOWED = {
  ...{ kind: '', effects: [], relations: [], digest: '' },
  ...{ action: 'allow' as const, rule: '', message: '' },
} as const

/** As the manager checks a text whose statements are these, each there once. */
function checked(text: string, statements: readonly string[]): SqlFileCheck[] {
  return statements.map((sql) => {
    const start = text.indexOf(sql)
    return { ...ALLOWED, start, end: start + sql.length, ...placeOf(text, start) }
  })
}

function placeOf(text: string, at: number) {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

test('a file is cut behind each semicolon, with the comments that lead to a statement', () => {
  const text = '-- why\n\nSELECT 1; -- one\n\n/* two */\nSELECT 2;SELECT 3\n-- the end\n'
  const pieces = piecesOf(text, checked(text, ['SELECT 1', 'SELECT 2', 'SELECT 3']))
  assert.deepEqual(
    pieces.map((piece) => [piece.line, piece.text]),
    [
      [1, '-- why\n\nSELECT 1; -- one'],
      [5, '/* two */\nSELECT 2;'],
      [6, 'SELECT 3\n-- the end'],
    ],
  )
})

test('no text is lost, whatever stands between two statements', () => {
  for (const between of [';', '\n;\n', ' /* a;b */ ;', '; -- c\r\n\r\n', ' -- d\n;', ';;\n;']) {
    const text = `SELECT 1${between}SELECT 2`
    const pieces = piecesOf(text, checked(text, ['SELECT 1', 'SELECT 2']))
    const shown = pieces.map((piece) => piece.text).join('')
    assert.equal(shown.replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))
  }
})

test('the mistake is marked by its word, where it stands', () => {
  const text = 'SELECT 1;\n\nSELECT id\n  FROMM orders;'
  const [first, second] = checked(text, ['SELECT 1', 'SELECT id\n  FROMM orders'])
  assert.ok(first && second)
  const refused = { ...second, action: 'block' as const, line: 4, column: 3 }
  const [allowed, marked] = piecesOf(text, [first, refused])
  assert.deepEqual(allowed?.spans, [])
  assert.deepEqual(
    marked?.spans.map(({ start, end }) => marked.text.slice(start, end)),
    ['FROMM'],
  )
})

test('what is refused as a whole is marked as a whole', () => {
  const text = 'SELECT 1;\n-- done\nCOMMIT;'
  const [first, second] = checked(text, ['SELECT 1', 'COMMIT'])
  assert.ok(first && second)
  const [, marked] = piecesOf(text, [first, { ...second, action: 'block' }])
  assert.deepEqual(
    marked?.spans.map(({ start, end }) => marked.text.slice(start, end)),
    ['COMMIT'],
  )
})

test('a mistake at the end of the text marks the statement', () => {
  const text = 'SELECT id FROM'
  const [only] = checked(text, [text])
  assert.ok(only)
  const check = { ...only, action: 'block' as const, line: 1, column: text.length + 1 }
  assert.deepEqual(piecesOf(text, [check])[0]?.spans, [{ start: 0, end: text.length }])
})
