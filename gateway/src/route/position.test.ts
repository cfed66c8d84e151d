import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import {
  hasReached,
  type Position,
  parseDomains,
  parseLsn,
  parsePosition,
  parseSources,
  positionText,
  seqno,
} from './position.ts'

const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const OTHER = '4e11fa47-71ca-11e1-9e33-c80aa9429562'

/** Position, goal, reached? */
const CASES: readonly (readonly [Position | undefined, Position | undefined, boolean])[] = [
  [parseLsn('0/16B3748'), parseLsn('0/16B3748'), true],
  [parseLsn('0/16B3747'), parseLsn('0/16B3748'), false],
  [parseLsn('1/0'), parseLsn('0/FFFFFFFF'), true],
  [parseLsn('A/1'), parseLsn('9/FFFFFFFF'), true],
  [parseDomains('0-1-270'), parseDomains('0-2-270'), true],
  [parseDomains('0-1-269'), parseDomains('0-1-270'), false],
  [parseDomains('0-1-300'), parseDomains('0-1-270,1-2-9'), false],
  [parseDomains('0-1-300,1-2-9'), parseDomains('1-2-9,0-1-270'), true],
  [parseSources(`${UUID}:1-100`), parseSources(`${UUID}:1-100`), true],
  [parseSources(`${UUID}:1-99`), parseSources(`${UUID}:1-100`), false],
  [parseSources(`${UUID}:1-50:52-100`), parseSources(`${UUID}:1-100`), false],
  [parseSources(`${UUID}:1-50:52-100`), parseSources(`${UUID}:1-50:60`), true],
  [parseSources(`${UUID}:1-100`), parseSources(`${UUID}:1-100,\n${OTHER}:1`), false],
  [seqno('a', '9'), seqno('a', '8'), true],
  [seqno('a', '7'), seqno('a', '8'), false],
  [seqno('b', '9'), seqno('a', '8'), false],
  [parseLsn('0/1'), parseDomains('0-1-1'), false],
]

for (const [position, goal, isReached] of CASES) {
  const name = `${inspect(position)} ${isReached ? 'has' : 'has not'} reached ${inspect(goal)}`
  test(name.replaceAll(/\s+/g, ' '), () => {
    assert.ok(position && goal)
    assert.equal(hasReached(position, goal), isReached)
  })
}

test('what is no position is none', () => {
  for (const text of ['', '0', '0/', 'x/1', '0/123456789']) assert.equal(parseLsn(text), undefined)
  for (const text of ['', '1-2', '1-2-3,', '1-2-x']) assert.equal(parseDomains(text), undefined)
  for (const text of ['', UUID, `${UUID}:`, `${UUID}:x`, 'x:1']) {
    assert.equal(parseSources(text), undefined)
  }
  for (const text of ['', '-1', 'x']) assert.equal(seqno('a', text), undefined)
})

test('every kind of position is read again from its text', () => {
  const all = [
    parseLsn('16/B374D848'),
    parseLsn('0/0'),
    parseDomains('0-1-270,1-2-9'),
    parseSources(`${UUID}:1-50:52-100,${OTHER}:1`),
    seqno(UUID, '18446744073709551615'),
  ]
  for (const position of all) {
    assert.ok(position)
    assert.deepEqual(parsePosition(positionText(position)), position)
  }
  for (const text of ['', 'lsn', 'lsn x', 'seqno a', 'domains', 'sources x:1', 'else 0/1']) {
    assert.equal(parsePosition(text), undefined)
  }
})
