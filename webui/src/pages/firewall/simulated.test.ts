import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsInWords, severityOf } from './simulated.ts'

const ALL_READ = { examined: 1_200, matched: 0, forwarded: 0, unreadable: 0, stoppedBy: null }

test('only where all was read, and nothing was met that was let through, all is well', () => {
  assert.equal(severityOf(ALL_READ), 'success')
  assert.equal(severityOf({ ...ALL_READ, matched: 3 }), 'success')
  assert.equal(severityOf({ ...ALL_READ, examined: 0 }), 'info')
  assert.equal(severityOf({ ...ALL_READ, unreadable: 1 }), 'info')
  assert.equal(severityOf({ ...ALL_READ, stoppedBy: 'time' }), 'info')
  assert.equal(severityOf({ ...ALL_READ, stoppedBy: 'statements' }), 'info')
  assert.equal(severityOf({ ...ALL_READ, matched: 3, forwarded: 1 }), 'warning')
  assert.equal(severityOf({ ...ALL_READ, forwarded: 1, stoppedBy: 'time' }), 'warning')
})

test('the counts are told, and what they can’t tell', () => {
  assert.equal(countsInWords(ALL_READ), 'None of 1,200 statements is one of these.')
  assert.match(
    countsInWords({ ...ALL_READ, matched: 3, forwarded: 2 }),
    /^3 of 1,200 statements; 2 of them were let through/,
  )
  assert.match(countsInWords({ ...ALL_READ, unreadable: 7 }), /7 are recorded by their beginning/)
  assert.match(countsInWords({ ...ALL_READ, examined: 0 }), /nothing can be said/)
})
