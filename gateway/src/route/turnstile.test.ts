import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserConnectionsExhausted } from '@articdbm/contract'
import { Turnstile } from './turnstile.ts'

const open = new AbortController().signal
const ann = { user: 'ann', database: 'shop', limit: 2, timeoutMs: 60_000 }

test('who has enough connections waits in order, and others pass by', async () => {
  const turnstile = new Turnstile()
  const leave = [await turnstile.enter(ann, open), await turnstile.enter(ann, open)]
  const order: string[] = []
  const waiting = ['third', 'fourth'].map(async (name) => {
    const out = await turnstile.enter(ann, open)
    order.push(name)
    return out
  })
  const bob = await turnstile.enter({ ...ann, user: 'bob' }, open)
  assert.deepEqual(order, [])
  leave[0]?.()
  leave[0]?.()
  const third = await waiting[0]
  assert.deepEqual(order, ['third'])
  leave[1]?.()
  await waiting[1]
  assert.deepEqual(order, ['third', 'fourth'])
  third?.()
  bob()
})

test('who waits too long is told why, and leaves the line', async () => {
  const turnstile = new Turnstile()
  const one = { ...ann, limit: 1, timeoutMs: 1 }
  const leave = await turnstile.enter(one, open)
  await assert.rejects(turnstile.enter(one, open), UserConnectionsExhausted)
  leave()
  ;(await turnstile.enter(one, open))()
})

test('who gives up leaves the line', async () => {
  const turnstile = new Turnstile()
  const leave = await turnstile.enter({ ...ann, limit: 1 }, open)
  const gone = new AbortController()
  const waiting = turnstile.enter({ ...ann, limit: 1 }, gone.signal)
  gone.abort(new Error('the client went away'))
  await assert.rejects(waiting, /went away/)
  leave()
  ;(await turnstile.enter({ ...ann, limit: 1 }, open))()
})

test('without a limit everybody passes', async () => {
  const turnstile = new Turnstile()
  for (let times = 0; times < 100; times += 1) await turnstile.enter({ ...ann, limit: 0 }, open)
})
