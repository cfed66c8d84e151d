import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Goal, isReached, ONLY_WRITER, withGoal } from './goal.ts'
import { parseDomains, parseLsn, parseSources } from './position.ts'

const lsn = (text: string): Goal => ({ source: 'a', position: parseLsn(text) })
const sourceOf = (at: number): Goal => {
  const uuid = `3e11fa47-71ca-11e1-9e33-${String(at).padStart(12, '0')}`
  return { source: 'a', position: parseSources(`${uuid}:1-5`) }
}

test('of two goals that can be compared the further one is kept, in whichever order they come', () => {
  assert.deepEqual(withGoal([lsn('0/1')], lsn('0/2')), [lsn('0/2')])
  assert.deepEqual(withGoal([lsn('0/2')], lsn('0/1')), [lsn('0/2')])
})

test('goals that nobody can compare are kept both', () => {
  const other: Goal = { source: 'b', position: parseDomains('0-1-5') }
  assert.deepEqual(withGoal([lsn('0/1')], other), [lsn('0/1'), other])
})

test('however many come, few are kept, and then only who takes the writes will do', () => {
  const goals = Array.from({ length: 1_000 }, (_, at) => sourceOf(at)).reduce(withGoal, [])
  assert.deepEqual(goals, [ONLY_WRITER])
})

test('a goal that nobody can tell is reached by nobody', () => {
  assert.equal(isReached(ONLY_WRITER, parseLsn('F/F')), false)
  assert.equal(isReached(lsn('0/1'), undefined), false)
  assert.equal(isReached(lsn('0/1'), parseLsn('0/1')), true)
})
