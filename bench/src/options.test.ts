import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWhole, readOptions } from './options.ts'

test('without flags all rows are measured, in five rounds', () => {
  const options = readOptions([])
  assert.deepEqual([options.rounds, options.seconds, options.gigabytes], [5, 5, 2])
  assert.ok(isWhole(options))
})

test('some rows can be chosen by name', () => {
  const options = readOptions(['--only', 'simple-64,connect-8', '--rounds', '1'])
  assert.deepEqual(options.only, ['simple-64', 'connect-8'])
  assert.ok(!isWhole(options))
})

test('a wrong flag is told with what there is', () => {
  assert.throws(
    () => readOptions(['--only', 'simple']),
    /no row is called simple; there are simple-64/,
  )
  assert.throws(() => readOptions(['--rounds', '1.5']), /--rounds takes a whole number/)
  assert.throws(() => readOptions(['--gigabytes', '0']), /--gigabytes takes a number above 0/)
  assert.throws(() => readOptions(['--fast']))
})
