import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cursor } from '../store/index.ts'
import type { PastStatement } from './statements.ts'
import { type PastWalk, walkPast } from './walk-past.ts'

/** Statements 0, 1, 2 …, the newest first. */
function past(count: number): Pick<PastWalk, 'read'> & { readonly limits: number[] } {
  const rows = Array.from({ length: count }, (_, at) => ({ id: String(at), at: '' }))
  const limits: number[] = []
  return {
    limits,
    read: async (before: Cursor | undefined, limit: number) => {
      limits.push(limit)
      const from = before === undefined ? 0 : Number(before.id) + 1
      return rows.slice(from, from + limit) as PastStatement[]
    },
  }
}

/** Walks with a clock of its own; `afterEach` hears how many were taken. */
async function walk(
  count: number,
  {
    maxStatements = 10_000,
    afterEach = () => undefined,
  }: {
    readonly maxStatements?: number
    readonly afterEach?: (taken: number, clock: { ms: number }, gone: AbortController) => void
  } = {},
) {
  const taken: string[] = []
  const clock = { ms: 0 }
  const gone = new AbortController()
  const ended = walkPast({
    ...past(count),
    ...{ maxStatements, patienceMs: 1_000, signal: gone.signal },
    now: () => new Date(clock.ms),
    take: ({ id }) => {
      taken.push(id)
      afterEach(taken.length, clock, gone)
    },
  })
  return { stoppedBy: await ended.catch((error) => error.code), taken }
}

for (const count of [0, 1, 499, 500, 501, 1_000, 1_201]) {
  test(`each of ${count} statements is taken once, in order`, async () => {
    const { stoppedBy, taken } = await walk(count)
    assert.equal(stoppedBy, null)
    assert.deepEqual(
      taken,
      Array.from({ length: count }, (_, at) => String(at)),
    )
  })
}

test('it stops at the number that is looked at, and only if there are more', async () => {
  assert.deepEqual((await walk(700, { maxStatements: 600 })).stoppedBy, 'statements')
  assert.equal((await walk(700, { maxStatements: 600 })).taken.length, 600)
  assert.equal((await walk(600, { maxStatements: 600 })).stoppedBy, null)
})

test('it stops when its time is over, in the midst of a slice', async () => {
  const afterEach = (taken: number, clock: { ms: number }) => {
    if (taken === 3) clock.ms = 1_000
  }
  const { stoppedBy, taken } = await walk(500, { afterEach })
  assert.deepEqual([stoppedBy, taken.length], ['time', 3])
})

test('it gives up in the midst of a slice once nobody waits', async () => {
  const afterEach = (taken: number, _clock: object, gone: AbortController) => {
    if (taken === 3) gone.abort()
  }
  const { stoppedBy, taken } = await walk(500, { afterEach })
  assert.deepEqual([stoppedBy, taken.length], ['given_up', 3])
})

test('others get their turn within a slice', async () => {
  let others = 0
  const tick = (): void => {
    others += 1
    again = setImmediate(tick)
  }
  let again = setImmediate(tick)
  let othersAtTheEnd = 0
  await walk(10, {
    afterEach: (taken) => {
      const until = performance.now() + 25
      while (performance.now() < until) {
        // A statement that takes long to read.
      }
      if (taken === 10) othersAtTheEnd = others
    },
  })
  clearImmediate(again)
  assert.ok(othersAtTheEnd >= 9, `${othersAtTheEnd} turns`)
})
