import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeEof, encodeErr, encodeOk } from './answer.ts'
import { AnswerRewriter, type CellRewrite } from './answer-rewriter.ts'
import { encodeBinaryRow, encodeColumn, encodeColumnCount, encodeTextRow } from './column.ts'
import { FIELD_TYPE, STATUS } from './constants.ts'
import { encodePackets } from './packet.ts'
import { lenencText } from './payload-writer.ts'

const column = (name: string, type: number) =>
  encodeColumn({
    ...{ schema: 's', table: 't', originalTable: 't', name, originalName: name },
    ...{ collation: 45, length: 80, type, flags: 0, decimals: 0 },
  })
const DEFINITIONS = [
  encodeColumnCount(3),
  column('id', FIELD_TYPE.longLong),
  column('email', FIELD_TYPE.varString),
  column('born', FIELD_TYPE.date),
  encodeEof({ warnings: 0, status: STATUS.autocommit }),
]
const END = encodeEof({ warnings: 0, status: STATUS.autocommit })
const MORE = encodeEof({ warnings: 0, status: STATUS.autocommit | STATUS.moreResults })
const hide = () => Buffer.from('****')
const CELLS = [undefined, hide, () => null]

const text = (...values: readonly (string | null)[]) =>
  encodeTextRow(values.map((value) => (value === null ? null : Buffer.from(value))))
const id = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
const born = Buffer.from([4, 0xea, 7, 1, 2])

function rewritten(
  payloads: readonly Buffer[],
  format: 'text' | 'binary',
  size: number,
  cells: readonly (readonly (CellRewrite | undefined)[] | undefined)[] = [CELLS],
): Buffer {
  const bytes = encodePackets([...payloads], 1)
  const rewriter = new AnswerRewriter({ format, cells: (result) => cells[result] })
  const shown: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const lent = Buffer.from(bytes.subarray(at, at + size))
    shown.push(rewriter.rewrite(lent))
    lent.fill(0)
  }
  return Buffer.concat(shown)
}

describe('rewriting an answer', () => {
  for (const size of [1, 3, 11, 10_000]) {
    test(`text rows, in stretches of ${size} bytes`, () => {
      const rows = [text('1', 'ada', '2026-01-02'), text('2', null, null), text('3', '', 'x')]
      const expected = [text('1', '****', null), text('2', null, null), text('3', '****', null)]
      assert.deepEqual(
        rewritten([...DEFINITIONS, ...rows, END], 'text', size),
        encodePackets([...DEFINITIONS, ...expected, END], 1),
      )
    })

    test(`binary rows, in stretches of ${size} bytes`, () => {
      const rows = [
        encodeBinaryRow([id, lenencText('ada'), born]),
        encodeBinaryRow([null, lenencText('eve'), null]),
      ]
      const expected = [
        encodeBinaryRow([id, lenencText('****'), null]),
        encodeBinaryRow([null, lenencText('****'), null]),
      ]
      assert.deepEqual(
        rewritten([...DEFINITIONS, ...rows, END], 'binary', size),
        encodePackets([...DEFINITIONS, ...expected, END], 1),
      )
    })
  }

  test('of several results each as it is to be', () => {
    const row = text('1', 'ada', 'x')
    const ok = encodeOk({ status: STATUS.autocommit | STATUS.moreResults })
    const payloads = [...DEFINITIONS, row, MORE, ok, ...DEFINITIONS, row, END]
    const expected = [...DEFINITIONS, row, MORE, ok, ...DEFINITIONS, text('1', '****', null), END]
    assert.deepEqual(
      rewritten(payloads, 'text', 9, [undefined, undefined, CELLS]),
      encodePackets(expected, 1),
    )
  })

  test('an error passes, before and behind rows', () => {
    const error = encodeErr({ errno: 1317, sqlState: '70100', message: 'interrupted' })
    for (const payloads of [[error], [...DEFINITIONS, error]]) {
      assert.deepEqual(rewritten(payloads, 'text', 5), encodePackets([...payloads], 1))
    }
  })

  test('other columns than were judged are refused', () => {
    const payloads = [...DEFINITIONS, text('1', 'ada', 'x'), END]
    assert.throws(() => rewritten(payloads, 'text', 100, [[hide]]), /other columns/)
  })

  test('a row that is cut short inside is refused', () => {
    const payloads = [...DEFINITIONS, text('1', 'ada'), END]
    assert.throws(() => rewritten(payloads, 'text', 100))
  })
})
