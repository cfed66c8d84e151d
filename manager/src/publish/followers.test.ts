import assert from 'node:assert/strict'
import { beforeEach, describe, mock, test } from 'node:test'
import { Followers } from './followers.ts'

describe('gateways that follow', () => {
  let followers: Followers
  beforeEach(() => {
    followers = new Followers()
  })

  test('none of them is no reason to wait', () => followers.reach(7))

  test('each is waited for', async () => {
    followers.has('a', 6)
    followers.has('b', 6)
    const reached = noted(followers.reach(7))
    followers.has('a', 7)
    assert.equal(await reached.isSoFar(), false)
    followers.has('b', 8)
    assert.equal(await reached.isSoFar(), true)
  })

  test('who hung up is not', async () => {
    followers.has('a', 6)
    const reached = noted(followers.reach(7))
    followers.left('a')
    assert.equal(await reached.isSoFar(), true)
  })

  test('who is slow is waited for once, until it asks again', async (context) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    context.after(() => mock.timers.reset())
    followers.has('a', 6)
    const first = noted(followers.reach(7))
    mock.timers.tick(1_000)
    assert.equal(await first.isSoFar(), true)
    await followers.reach(8)
    followers.has('a', 7)
    assert.equal(await noted(followers.reach(8)).isSoFar(), false)
  })
})

/** Whether a promise is resolved, once everything that is due has run. */
function noted(promise: Promise<void>): { isSoFar(): Promise<boolean> } {
  let isResolved = false
  const noting = promise.then(() => {
    isResolved = true
  })
  return {
    isSoFar: async () => {
      await Promise.race([noting, new Promise(setImmediate)])
      return isResolved
    },
  }
}
