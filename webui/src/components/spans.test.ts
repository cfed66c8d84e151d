import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stretchesOf } from './spans.ts'

const TEXT = 'select 1 or 2'

const CASES = [
  { says: 'nothing is marked without spans', spans: [], marked: [] },
  { says: 'a span is marked', spans: [[7, 8]], marked: ['1'] },
  {
    says: 'spans come in any order',
    spans: [
      [12, 13],
      [7, 8],
    ],
    marked: ['1', '2'],
  },
  {
    says: 'spans that overlap, lie within or touch are one',
    spans: [
      [0, 6],
      [4, 8],
      [1, 2],
      [8, 9],
    ],
    marked: ['select 1 '],
  },
  {
    says: 'what lies outside of the text is cut off',
    spans: [
      [-3, 2],
      [12, 99],
    ],
    marked: ['se', '2'],
  },
  {
    says: 'an empty or inverted span marks nothing',
    spans: [
      [3, 3],
      [9, 2],
      [20, 30],
    ],
    marked: [],
  },
] as const

for (const { says, spans, marked } of CASES) {
  test(says, () => {
    const stretches = stretchesOf(
      TEXT,
      spans.map(([start, end]) => ({ start, end })),
    )
    assert.deepEqual(
      stretches.filter(({ isMarked }) => isMarked).map(({ text }) => text),
      marked,
    )
  })
}

test('an empty text has no stretch', () => {
  assert.deepEqual(stretchesOf('', [{ start: 0, end: 4 }]), [])
})

test('whatever two spans, the stretches are the text, each unit marked as the spans say', () => {
  const text = 'abc'
  const ends = [-1, 0, 1, 2, 3, 4]
  const all = ends.flatMap((start) => ends.map((end) => ({ start, end })))
  for (const spans of all.flatMap((first) => all.map((second) => [first, second]))) {
    const stretches = stretchesOf(text, spans)
    assert.equal(stretches.map((stretch) => stretch.text).join(''), text)
    for (const { text: piece, start, isMarked } of stretches) {
      assert.equal(text.slice(start, start + piece.length), piece)
      for (let at = start; at < start + piece.length; at += 1) {
        const isPointedAt = spans.some((one) => one.start <= at && at < one.end)
        assert.equal(isPointedAt, isMarked, JSON.stringify(spans))
      }
    }
  }
})
