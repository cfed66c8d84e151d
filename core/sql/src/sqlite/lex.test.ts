import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lex } from './lex.ts'

const shown = (text: string) => lex(text).map(({ kind, value }) => `${kind} ${value}`)

const CASES: readonly (readonly [text: string, ...tokens: string[]])[] = [
  ['SELECT a', 'word select', 'word a'],
  ["'it''s'", "string it's"],
  ['"a""b" `c``d` [e]]', 'quoted a"b', 'quoted c`d', 'quoted e', 'unknown ]'],
  ["''", 'string '],
  ["'a\\' b", 'string a\\', 'word b'],
  ["x'0aFF' X'' x", 'binary 0aFF', 'binary ', 'word x'],
  ["x'0'", "unknown x'0'"],
  [
    '1 1.5 .5 1. 1e5 1E-5 0x1F 1_000',
    ...'1 1.5 .5 1. 1e5 1E-5 0x1F 1_000'.split(' ').map((n) => `number ${n}`),
  ],
  ['1a', 'unknown 1a'],
  ['0xg', 'unknown 0x', 'word g'],
  ['1e', 'unknown 1e'],
  ['a.b.*', 'word a', 'operator .', 'word b', 'operator .', 'operator *'],
  ['? ?12 :a @b $c #d', ...'? ?12 :a @b $c #d'.split(' ').map((n) => `parameter ${n}`)],
  ['$a::b(c d)', 'unknown $a::b(c d)'],
  ['$a::b(c)d', 'parameter $a::b(c)', 'word d'],
  [':a:b', 'parameter :a', 'parameter :b'],
  [
    '-> ->> || << >> <= >= <> != == = < >',
    ...'-> ->> || << >> <= >= <> != == = < >'.split(' ').map((o) => `operator ${o}`),
  ],
  ['a-->b', 'word a', 'comment -->b'],
  ['a--x\nb', 'word a', 'comment --x', 'word b'],
  ['a--x\rb', 'word a', 'comment --x\rb'],
  ['a/*x*/b', 'word a', 'comment /*x*/', 'word b'],
  ['a/*/b', 'word a', 'comment /*/b'],
  ['a/**/b', 'word a', 'comment /**/', 'word b'],
  ['a/* b', 'word a', 'comment /* b'],
  ['a/*', 'word a', 'operator /', 'operator *'],
  ['/*!50000 x*/', 'comment /*!50000 x*/'],
  ['/* /* */ b', 'comment /* /* */', 'word b'],
  ['a\vb', 'word a', 'unknown \v', 'word b'],
  ['\uFEFFa', 'word a'],
  ['a\uFEFFb', 'word a\uFEFFb'],
  ['a\u00A0b', 'word a\u00A0b'],
  ['\u00A0select', 'word \u00A0select'],
  ['\u212Aey ÄB', 'word \u212Aey', 'word Äb'],
  ['a\0b', 'word a', 'unknown \0b'],
  ["'a\0b'", "unknown 'a\0b'"],
  ['/* \0 */ b', 'comment /* ', 'unknown \0 */ b'],
  ["'a", "unknown 'a"],
  ['"a', 'unknown "a'],
  ['[a', 'unknown [a'],
  ['a ^ b', 'word a', 'unknown ^', 'word b'],
  ['!a', 'unknown !', 'word a'],
  ['\ud800', 'unknown \ud800'],
  ['a$b _c', 'word a$b', 'word _c'],
]

describe('the lexer', () => {
  for (const [text, ...tokens] of CASES) {
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(shown(text), tokens))
  }
})
