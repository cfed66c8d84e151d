import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PreparedStatements } from './prepared-statement.ts'

const LAST_PREPARED = 0xffff_ffff

test('ids begin anew when they run out, and none is given twice', () => {
  const statements = new PreparedStatements(4)
  const add = (text: string) => statements.add(text, 0).id
  assert.deepEqual(['a', 'b', 'c', 'd'].map(add), [1, 2, 3, 4])
  statements.remove(2)
  statements.remove(4)
  assert.deepEqual(['e', 'f'].map(add), [2, 4])
  assert.equal(statements.find(1)?.text, 'a')
  assert.equal(statements.find(LAST_PREPARED)?.text, 'f')
})
