// What holds of the PostgreSQL grammar whatever the text.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Analysis, analyze, loadGrammars } from '@articdbm/sql'
import fc from 'fast-check'
import { loadModule, parseSync, scanSync } from 'libpg-query'

const WORDS =
  `select from where with recursive as insert into values update set delete using merge table explain
  analyze copy to stdin stdout do prepare execute declare cursor for begin commit union all case when then end
  orders secrets a b f lower pg_sleep nextval "Q" "a""b" U&"\\0061" 'x' 'it''s' E'\\'' U&'\\0041' $$z$$ $t$ $t$ $1 1 1.5e3
  0x1F b'1' x'ff' ( ) [ ] , ; . :: := + - * / % < > = <> ~~ || ? @> -> && -- /* */ é 😀`.split(
    /\s+/,
  )

const soup = fc
  .array(fc.constantFrom(...WORDS, '\n', ' ', '\t'), { maxLength: 60 })
  .chain((words) => fc.constantFrom('', ' ').map((gap) => words.join(gap)))

const anyText = fc.oneof(
  soup,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
    .map((units) => String.fromCharCode(...units)),
)

before(async () => {
  await loadGrammars()
  await loadModule()
})

function holds(property: (analysis: Analysis) => void, texts = anyText): void {
  fc.assert(
    fc.property(texts, (text) => property(analyze(text, 'postgres'))),
    { numRuns: 1000 },
  )
}

test('tokens stand in order, never overlap, and leave out only white space', () => {
  holds(({ text, tokens }) => {
    let at = 0
    for (const { start, end } of tokens) {
      assert.match(text.slice(at, start), /^[ \t\n\r\f\v]*$/)
      assert.ok(start >= at && end > start && end <= text.length)
      at = end
    }
    assert.match(text.slice(at), /^[ \t\n\r\f\v]*$/)
  })
})

test('statements stand in order within the text and begin and end with a word', () => {
  holds(({ text, statements }) => {
    let at = 0
    for (const statement of statements) {
      assert.ok(statement.start >= at && statement.end > statement.start)
      assert.equal(statement.text, text.slice(statement.start, statement.end))
      if (statement.isComplete) assert.equal(statement.text, statement.text.trim())
      at = statement.end
    }
    assert.ok(at <= text.length)
  })
})

test('a statement that is not understood says why, and one that is does not', () => {
  holds(({ statements }) => {
    for (const { isComplete, why } of statements) assert.equal(isComplete, why === '')
  })
})

test('a text is understood only where PostgreSQL parses it into as many statements', () => {
  holds(({ text, statements, isComplete }) => {
    if (!isComplete || statements.length === 0) return
    assert.equal(parseSync(text).stmts?.length, statements.length)
  }, soup)
})

test('where PostgreSQL can scan a text, our words are its words', () => {
  holds(({ text, tokens }) => {
    if (!isComparable(text)) return
    let theirs: readonly { start: number; end: number }[]
    try {
      theirs = scanSync(text).tokens
    } catch {
      return
    }
    assert.deepEqual(
      tokens.map(({ start, end }) => [start, end]),
      theirs.map(({ start, end }) => [start, end]),
    )
  }, soup)
})

/** Their offsets are bytes; they take no comment between the parts of a string; and an operator may be too long. */
function isComparable(text: string): boolean {
  return !/[^\n -~]|\d'|'\s*--/.test(text)
}

test('literals never reach the digest', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.nat(), (text, number) => {
      const [first] = analyze(
        `select * from t where a = $q$${text.replaceAll('$', '')}$q$ and b = ${number}`,
        'postgres',
      ).statements
      assert.equal(first?.normalized, 'select * from t where a = ? and b = ?')
    }),
    { numRuns: 300 },
  )
})
