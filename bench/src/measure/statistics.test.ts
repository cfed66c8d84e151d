import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, percentile, percentileOfCounts } from './statistics.ts'

test('the median is the one in the middle, whatever the order', () => {
  const cases: readonly (readonly [readonly number[], number | undefined])[] = [
    [[], undefined],
    [[7], 7],
    [[3, 1], 2],
    [[9, 1, 5], 5],
    [[10, 9, 2, 1], 5.5],
    [[100, 20, 3], 20],
  ]
  for (const [values, expected] of cases) assert.equal(median(values), expected)
})

test('a percentile is a value that was seen', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at)
  assert.equal(percentile(hundred, 50), 50)
  assert.equal(percentile(hundred, 99), 99)
  assert.equal(percentile(hundred, 100), 100)
  assert.equal(percentile([8], 1), 8)
  assert.equal(percentile([], 99), undefined)
})

test('counted values have the percentiles of the values they count', () => {
  const counts = [
    [4, 1],
    [1, 90],
    [2, 9],
  ] as const
  const values = counts.flatMap(([value, count]) => Array<number>(count).fill(value))
  for (const percent of [1, 50, 90, 91, 99, 100]) {
    assert.equal(percentileOfCounts(counts, percent), percentile(values, percent))
  }
  assert.equal(percentileOfCounts([], 50), undefined)
})
