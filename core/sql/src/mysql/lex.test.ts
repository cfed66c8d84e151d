import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LexicalModes } from '../statement.ts'
import { lex } from './lex.ts'

/** `kind:value` of each token. */
function tokens(text: string, modes: LexicalModes = {}): readonly string[] {
  return lex(text, modes).map(({ kind, value }) => `${kind}:${value}`)
}

const CASES: readonly (readonly [string, ...string[]])[] = [
  ['SELECT', 'word:select'],
  ['a.b', 'word:a', 'operator:.', 'word:b'],
  ['a.5', 'word:a', 'operator:.', 'word:5'],
  ['a .5', 'word:a', 'number:.5'],
  ['`a`.5', 'quoted:a', 'number:.5'],
  ['a.x.1e5', 'word:a', 'operator:.', 'word:x', 'operator:.', 'word:1e5'],
  ['1a', 'word:1a'],
  ['1', 'number:1'],
  ['1.5', 'number:1.5'],
  ['1.', 'number:1.'],
  ['.5', 'number:.5'],
  ['1e5', 'number:1e5'],
  ['1E+5', 'number:1E+5'],
  ['1.5e-3', 'number:1.5e-3'],
  ['1e', 'word:1e'],
  ['1e+', 'word:1e', 'operator:+'],
  ['1ea', 'word:1ea'],
  ['1e1FROM', 'number:1e1', 'word:from'],
  ['1.e(', 'unknown:1.e', 'operator:('],
  ['1..5', 'number:1.', 'number:.5'],
  ['0x41', 'binary:A'],
  ['0X41', 'word:0x41'],
  ['0x', 'word:0x'],
  ['0x4g', 'word:0x4g'],
  ['0x414', 'binary:\u0004\u0014'],
  ["x'41'", 'binary:A'],
  ["X'41'", 'binary:A'],
  ["x'4'", 'unknown:'],
  ["x'4g'", 'unknown:'],
  ["x'41", 'unknown:'],
  ['0b01', 'binary:01'],
  ['0B01', 'word:0b01'],
  ['0b02', 'word:0b02'],
  ["b'01'", 'binary:01'],
  ["b'02'", 'unknown:'],
  ["'a'", 'string:a'],
  ['"a"', 'string:a'],
  ["'a''b'", "string:a'b"],
  ["'a\\'b'", "string:a'b"],
  ["'a\\\\'", 'string:a\\'],
  ["'\\n\\t\\0\\Z\\q'", 'string:\n\t\0\x1aq'],
  ["'\\%\\_'", 'string:\\%\\_'],
  ['"a\'b"', "string:a'b"],
  ['"a""b"', 'string:a"b'],
  ["N'a'", 'string:a'],
  ["n'a'", 'string:a'],
  ["_utf8mb4'a'", 'word:_utf8mb4', 'string:a'],
  ["'a", "unknown:'a"],
  ["'a\\'", "unknown:'a\\'"],
  ['`a`', 'quoted:a'],
  ['`a``b`', 'quoted:a`b'],
  ['`a\\`', 'quoted:a\\'],
  ['``', 'unknown:'],
  ['`a', 'unknown:`a'],
  ['`a\0`', 'unknown:a\0'],
  ['@a', 'variable:@a'],
  ['@a.b$c', 'variable:@a.b$c'],
  ["@'a b'", "variable:@'a b'"],
  ['@`a`', 'variable:@`a`'],
  ['@', 'unknown:@'],
  ['@ a', 'unknown:@', 'word:a'],
  ['@@a', 'variable:@@a'],
  ['@@GLOBAL.a', 'variable:@@global.a'],
  ['@@session.`A`', 'variable:@@session.a'],
  ['@@', 'unknown:@', 'unknown:@'],
  ['?', 'parameter:?'],
  ['a:=1', 'word:a', 'operator::=', 'number:1'],
  ['a<=>b', 'word:a', 'operator:<=>', 'word:b'],
  ['a->>b->c', 'word:a', 'operator:->>', 'word:b', 'operator:->', 'word:c'],
  ['a||b&&!c', 'word:a', 'operator:||', 'word:b', 'operator:&&', 'operator:!', 'word:c'],
  ['a<>b!=c', 'word:a', 'operator:<>', 'word:b', 'operator:!=', 'word:c'],
  ['\\N', 'word:null'],
  ['\\n', 'unknown:\\', 'word:n'],
  ['5--1', 'number:5', 'operator:-', 'operator:-', 'number:1'],
  ['5 -- 1', 'number:5', 'comment:-- 1'],
  ['5 --\t1', 'number:5', 'comment:--\t1'],
  ['5 --\x01', 'number:5', 'comment:--\x01'],
  ['5 --', 'number:5', 'comment:--'],
  ['5 --\n1', 'number:5', 'comment:--', 'number:1'],
  ['5 -- 1\r2', 'number:5', 'comment:-- 1\r2'],
  ['5 # 1\n2', 'number:5', 'comment:# 1', 'number:2'],
  ['# a\0b', 'unknown:# a\0b'],
  ['/* a */ 1', 'comment:/* a */', 'number:1'],
  ['/* /* */ 1', 'comment:/* /* */', 'number:1'],
  ['/*/ 1', 'unknown:/*/ 1'],
  ['/**/1', 'comment:/**/', 'number:1'],
  ['/* a', 'unknown:/* a'],
  ['/*! 1 */', 'comment:/*!', 'number:1', 'comment:*/'],
  ['/*!50000 1 */', 'comment:/*!50000', 'number:1', 'comment:*/'],
  ['/*!50000a*/', 'comment:/*!50000', 'word:a', 'comment:*/'],
  ['/*!5000 1 */', 'comment:/*!', 'number:5000', 'number:1', 'comment:*/'],
  ['/*!100100 1 */', 'comment:/*!100100', 'number:1', 'comment:*/'],
  ['/*M!100100 1 */', 'comment:/*M!100100', 'number:1', 'comment:*/'],
  ['/*m! 1 */', 'comment:/*m! 1 */'],
  ['/*! /* a */ 1 */', 'comment:/*!', 'comment:/* a */', 'number:1', 'comment:*/'],
  ['/*! /*! 1 */', 'comment:/*!', 'unknown:/*!', 'number:1', 'comment:*/'],
  ['/*! 1', 'comment:/*!', 'number:1', 'unknown:'],
  ['/*! 1; 2 */', 'comment:/*!', 'number:1', 'unknown:;', 'number:2', 'comment:*/'],
  ["/*! '*/' */", 'comment:/*!', 'string:*/', 'comment:*/'],
  ['1 */ 2', 'number:1', 'operator:*', 'operator:/', 'number:2'],
  ['a\u00a0b', 'word:a\u00a0b'],
  ['straße', 'word:straße'],
  ['SELE\u212aT', 'word:sele\u212at'],
  ['a\u{1f600}', 'unknown:a\u{1f600}'],
  ['`a\u{1f600}`', 'unknown:a\u{1f600}'],
  ['$a', 'word:$a'],
  ['$$a$$', 'unknown:$$a$$'],
  ['\0', 'unknown:\0'],
  ['\x01', 'unknown:\x01'],
]

describe("the scanner's tokens", () => {
  for (const [text, ...expected] of CASES) {
    test(JSON.stringify(text), () => assert.deepEqual(tokens(text), expected))
  }

  test('ANSI_QUOTES makes names of double quotes, without escapes', () => {
    assert.deepEqual(tokens('"a\\" "b""c"', { ansiQuotes: true }), ['quoted:a\\', 'quoted:b"c'])
  })

  test('NO_BACKSLASH_ESCAPES leaves the doubled quote alone to escape', () => {
    assert.deepEqual(tokens("'a\\' 'b''c'", { noBackslashEscapes: true }), [
      'string:a\\',
      "string:b'c",
    ])
  })
})
