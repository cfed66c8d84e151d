import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeEof, encodeErr, encodeOk, encodePreparedOk } from './answer.ts'
import { AnswerCutter, type CutKind } from './answer-cutter.ts'
import { encodeColumn, encodeColumnCount, encodeTextRow } from './column.ts'
import { FIELD_TYPE, STATUS } from './constants.ts'
import { encodePackets, MAX_CHUNK_BYTES } from './packet.ts'
import { PacketViolation } from './violation.ts'

const AUTO: number = STATUS.autocommit
const column = encodeColumn({
  ...{ schema: 'shop', table: 't', originalTable: 't', name: 'a', originalName: 'a' },
  ...{ collation: 45, length: 20, type: FIELD_TYPE.varString, flags: 0, decimals: 0 },
})
const rowOf = (text: string) => encodeTextRow([Buffer.from(text)])
const end = (status = AUTO, warnings = 0) => encodeEof({ warnings, status })
const resultOf = (rows: readonly Buffer[], last: Buffer = end()) =>
  encodePackets([encodeColumnCount(1), column, end(), ...rows, last], 1)
const ERR = encodeErr({ errno: 1317, sqlState: '70100', message: 'interrupted' })
const error = encodePackets([ERR], 1)
const prepared = (parameters: number, columns: number) => {
  const definitions = (count: number) =>
    count === 0 ? [] : [...Array.from({ length: count }, () => column), end()]
  const ok = encodePreparedOk({ statementId: 77, columns, parameters, warnings: 0 })
  return encodePackets([ok, ...definitions(parameters), ...definitions(columns)], 1)
}

/** What each answer was, with the bytes that its client gets. */
function cutAll(kinds: readonly CutKind[], chunks: readonly Buffer[]) {
  const answers: { bytes: Buffer; rows: number; errno: number; statementId: number }[] = []
  let parts: Buffer[] = []
  const cutter = new AnswerCutter({
    take: (bytes, isEnd) => {
      parts.push(Buffer.from(bytes))
      if (!isEnd) return
      const { rows, errno, statementId } = cutter.seen
      answers.push({ bytes: Buffer.concat(parts), rows, errno, statementId })
      parts = []
      cutter.expect(kinds[answers.length])
    },
  })
  cutter.expect(kinds[0])
  for (const chunk of chunks) cutter.cut(chunk)
  return answers
}

const long = rowOf('z'.repeat(300))
const answers: readonly (readonly [CutKind, Buffer])[] = [
  ['result', resultOf([rowOf('x'), rowOf('yy')])],
  ['prepared', prepared(2, 3)],
  ['result', error],
  ['prepared', prepared(0, 1)],
  ['result', resultOf([])],
  ['prepared', prepared(1, 0)],
  ['result', resultOf([rowOf('x'), long], ERR)],
  ['prepared', error],
  ['prepared', prepared(0, 0)],
  ['result', resultOf([Buffer.concat([Buffer.of(0xfe, 9, 0, 0, 0, 0, 0, 0, 0), Buffer.alloc(9)])])],
]

test('answers are cut at their ends, in every split', () => {
  const kinds = answers.map(([kind]) => kind)
  const bytes = Buffer.concat(answers.map(([, one]) => one))
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 })
  fc.assert(
    fc.property(sizes, (cuts) => {
      const chunks: Buffer[] = []
      let at = 0
      for (const size of [...cuts, bytes.length]) {
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      const seen = cutAll(kinds, chunks)
      assert.deepEqual(
        seen.map(({ bytes: own }) => own),
        answers.map(([kind, own]) => (kind === 'result' || own === error ? own : Buffer.alloc(0))),
      )
      assert.deepEqual(
        seen.map(({ rows }) => rows),
        [2, 0, 0, 0, 0, 0, 2, 0, 0, 1],
      )
      assert.deepEqual(
        seen.map(({ errno, statementId }) => errno || statementId),
        [0, 77, 1317, 77, 0, 77, 1317, 1317, 77, 0],
      )
    }),
  )
})

test('a row of more than 16 MB is one row, whatever stands in its later packets', () => {
  const rows = [rowOf('\u00ff'.repeat(MAX_CHUNK_BYTES / 2 + 9)), rowOf('x')]
  const bytes = resultOf(rows)
  const pieces = [bytes.subarray(0, 100), bytes.subarray(100, -30), bytes.subarray(-30)]
  const [one] = cutAll(['result'], pieces)
  assert.equal(one?.rows, 2)
  assert.ok(one?.bytes.equals(bytes))
})

test('a row of exactly 16 MB ends with an empty packet', () => {
  const row = Buffer.alloc(MAX_CHUNK_BYTES, 1)
  const [one] = cutAll(['result'], [resultOf([row, rowOf('x')])])
  assert.equal(one?.rows, 2)
})

const lies: Readonly<Record<string, Buffer>> = {
  'an OK in place of rows': encodePackets([encodeOk({ status: AUTO })], 1),
  'a request for a file': encodePackets([Buffer.from('\xfb/etc/passwd', 'latin1')], 1),
  'more results': resultOf([rowOf('x')], end(AUTO | STATUS.moreResults)),
  'an open transaction': resultOf([rowOf('x')], end(AUTO | STATUS.inTransaction)),
  'no autocommit': resultOf([rowOf('x')], end(0)),
  'an answer that nobody asked for': Buffer.concat([resultOf([]), resultOf([])]),
  'an empty packet': encodePackets([encodeColumnCount(1), Buffer.alloc(0)], 1),
  'definitions without an end': encodePackets([encodeColumnCount(1), column, column], 1),
}

for (const [what, bytes] of Object.entries(lies)) {
  test(`${what} is refused`, () => {
    assert.throws(() => cutAll(['result'], [bytes]), PacketViolation)
  })
}

test('an error behind the OK of a PREPARE is refused', () => {
  const ok = encodePreparedOk({ statementId: 1, columns: 2, parameters: 0, warnings: 0 })
  assert.throws(() => cutAll(['prepared'], [encodePackets([ok, column, ERR], 1)]), PacketViolation)
})

test('garbage gives answers or a violation, never another error', () => {
  const kinds = fc.constantFrom<CutKind>('result', 'prepared')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), kinds, (garbage, kind) => {
      try {
        cutAll([kind, kind], [Buffer.from(garbage)])
      } catch (fault) {
        assert.ok(fault instanceof PacketViolation, `${fault}`)
      }
    }),
    { numRuns: 2000 },
  )
})
