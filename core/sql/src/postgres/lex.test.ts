import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '../limits.ts'
import { lex } from './lex.ts'

/** [text, "kind:value" of each token] */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  [' \t\r\n\f\v', []],
  ['SELECT Foo_1$', ['word:select', 'word:foo_1$']],
  ['É É', ['word:É', 'word:É']],
  ['"Foo"', ['quoted:Foo']],
  ['"a""b"', ['quoted:a"b']],
  ['U&"\\0061\\+000062!"', ['quoted:ab!']],
  [
    `U&"d!0061t" /* x */ UESCAPE '!'`,
    ['quoted:dat', 'comment:/* x */', 'word:uescape', 'string:!'],
  ],
  ["'it''s'", ["string:it's"]],
  ["'a\\'", ['string:a\\']],
  ["'a'\n  'b'", ['string:ab']],
  ["'a' 'b'", ['string:a', 'string:b']],
  ["'a' -- c\n 'b'", ['string:ab']],
  ["'a' /* \n */ 'b'", ['string:a', 'comment:/* \n */', 'string:b']],
  ["E'\\'\\n\\x41\\101\\u0041\\U00000041\\q'", ["string:'\nAAAAq"]],
  ["e'\\303\\251\\xC3\\xA9é'", ['string:ééé']],
  ["E'a''b\\\\'", ["string:a'b\\"]],
  ["U&'\\00e9\\\\\\+01F600'", ['string:é\\😀']],
  ["U&'!0041' UESCAPE '!'", ['string:A', 'word:uescape', 'string:!']],
  ["u & 'a'", ['word:u', 'operator:&', 'string:a']],
  ["B'101' x'FF'", ['binary:b101', 'binary:xFF']],
  ["b'1''0'", ['binary:b1', 'string:0']],
  ["N'a' nchar 'a'", ['string:a', 'word:nchar', 'string:a']],
  ['$$a$b$$ $t$x$$y$t$', ['string:a$b', 'string:x$$y']],
  ['a$$b', ['word:a$$b']],
  ['$1 $23a', ['parameter:$1', 'parameter:$23', 'word:a']],
  ['$ 1', ['unknown:$', 'number:1']],
  [
    '1 1.5 .5 1. 1e3 1.5e-3',
    ['number:1', 'number:1.5', 'number:.5', 'number:1.', 'number:1e3', 'number:1.5e-3'],
  ],
  ['1_000 0x1F 0o17 0b1_0', ['number:1_000', 'number:0x1F', 'number:0o17', 'number:0b1_0']],
  ['1..2', ['number:1', 'operator:..', 'number:2']],
  ['1e', ['number:1', 'word:e']],
  ['-- a\nb', ['comment:-- a', 'word:b']],
  ['/* a /* b */ c */ d', ['comment:/* a /* b */ c */', 'word:d']],
  ['/**/*', ['comment:/**/', 'operator:*']],
  ['/*! a */', ['comment:/*! a */']],
  ['a--b', ['word:a', 'comment:--b']],
  ['a->>b', ['word:a', 'operator:->>', 'word:b']],
  [
    '+-1 *-1 @-1 ->-',
    [
      'operator:+',
      'operator:-',
      'number:1',
      'operator:*',
      'operator:-',
      'number:1',
      'operator:@-',
      'number:1',
      'operator:->',
      'operator:-',
    ],
  ],
  ['a=-1', ['word:a', 'operator:=', 'operator:-', 'number:1']],
  ['<>!= >=<=', ['operator:<>!=', 'operator:>=<=']],
  ['a+/* c */b', ['word:a', 'operator:+', 'comment:/* c */', 'word:b']],
  ['x::int a:=1', ['word:x', 'operator:::', 'word:int', 'word:a', 'operator::=', 'number:1']],
  [
    '(a),[b];c.d',
    [
      'operator:(',
      'word:a',
      'operator:)',
      'operator:,',
      'operator:[',
      'word:b',
      'operator:]',
      'operator:;',
      'word:c',
      'operator:.',
      'word:d',
    ],
  ],
  ["'open", ["unknown:'open"]],
  ['"open', ['unknown:"open']],
  ['/* open', ['unknown:/* open']],
  ['$t$ open', ['unknown:$t$ open']],
  ['`\\{', ['operator:`', 'unknown:\\', 'unknown:{']],
  ['select\u200b', ['word:select\u200b']],
]

for (const [text, expected] of CASES) {
  test(`${JSON.stringify(text)} is ${expected.length} words`, () => {
    assert.deepEqual(
      lex(text).map(({ kind, value }) => `${kind}:${value}`),
      expected,
    )
  })
}

test('a name is cut at 63 bytes, between characters', () => {
  const [word, quoted, wide] = lex(`${'a'.repeat(64)} "${'b'.repeat(70)}" "${'é'.repeat(40)}"`)
  assert.equal(word?.value, 'a'.repeat(63))
  assert.equal(quoted?.value, 'b'.repeat(63))
  assert.equal(wide?.value, 'é'.repeat(31))
})

test('offsets count UTF-16 units', () => {
  assert.deepEqual(
    lex("'😀' é b").map(({ start, end }) => [start, end]),
    [
      [0, 4],
      [5, 6],
      [7, 8],
    ],
  )
})

test('a long run of signs is one word, so that it costs no more than its length', () => {
  assert.deepEqual(
    lex(`${'+'.repeat(1000)} a`).map(({ kind }) => kind),
    ['unknown', 'word'],
  )
})

test('after the last word that is allowed the rest is one', () => {
  const tokens = lex('a '.repeat(LIMITS.maxTokens + 10))
  assert.equal(tokens.length, LIMITS.maxTokens + 1)
  assert.equal(tokens.at(-1)?.kind, 'unknown')
})
