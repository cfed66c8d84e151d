import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeBackend } from './encode-backend.ts'
import { RowRewriter } from './row-rewriter.ts'

const row = (...values: readonly (string | null)[]) =>
  encodeBackend({
    kind: 'dataRow',
    values: values.map((value) => (value === null ? null : Buffer.from(value))),
  })
const hide = () => Buffer.from('****')

describe('rewriting rows', () => {
  const rows = Buffer.concat([row('1', 'ada', 'x'), row('2', null, ''), row('3', 'eve', null)])
  const expected = Buffer.concat([
    row('1', '****', null),
    row('2', null, null),
    row('3', '****', null),
  ])

  for (const size of [1, 2, 5, 7, 1_000]) {
    test(`in stretches of ${size} bytes`, () => {
      const rewriter = new RowRewriter([undefined, hide, () => null])
      const shown: Buffer[] = []
      for (let at = 0; at < rows.length; at += size) {
        const lent = Buffer.from(rows.subarray(at, at + size))
        shown.push(rewriter.rewrite(lent))
        lent.fill(0)
      }
      assert.deepEqual(Buffer.concat(shown), expected)
    })
  }

  test('a row of other columns is refused', () => {
    assert.throws(() => new RowRewriter([hide]).rewrite(row('1', 'ada')), /other columns/)
  })

  test('what is no row, or cut short inside, is refused', () => {
    const cut = row('1', 'ada')
    cut.writeUInt32BE(100, 7)
    assert.throws(() => new RowRewriter([hide, hide]).rewrite(cut))
    const other = Buffer.from(row('1'))
    other.writeUInt8(0x54, 0)
    assert.throws(() => new RowRewriter([hide]).rewrite(other), /no row/)
  })

  test('a row beyond the bound is refused before it is collected', () => {
    const head = Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff, 0])
    assert.throws(() => new RowRewriter([hide]).rewrite(head), /longer/)
  })
})
