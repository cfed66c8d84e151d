// Past statements, one after the other, newest first, within bounds of number and time.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoppedBy } from '@articdbm/contract'
import { NotAcceptable } from '../http/faults.ts'
import type { Cursor } from '../store/index.ts'
import type { PastStatement } from './statements.ts'

const SLICE = 500
/** The manager answers others in between. */
const TURN_MS = 20

export interface PastWalk {
  /** The next `limit` statements older than `before`, newest first. */
  readonly read: (before: Cursor | undefined, limit: number) => Promise<readonly PastStatement[]>
  readonly take: (row: PastStatement) => void
  readonly maxStatements: number
  readonly patienceMs: number
  readonly now: () => Date
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** Says what stopped it before all were taken, null if nothing did. Throws NotAcceptable `given_up` once aborted. */
export async function walkPast(walk: PastWalk): Promise<StoppedBy> {
  const endMs = walk.now().getTime() + walk.patienceMs
  let before: Cursor | undefined
  let taken = 0
  let begun = performance.now()
  for (;;) {
    const slice = await walk.read(before, SLICE)
    for (const row of slice) {
      const stoppedBy = stopOf(walk, taken, endMs)
      if (stoppedBy !== null) return stoppedBy
      walk.take(row)
      taken += 1
      before = { at: row.at, id: row.id }
      if (performance.now() - begun < TURN_MS) continue
      await nextTurn()
      begun = performance.now()
    }
    if (slice.length < SLICE) return null
  }
}

function stopOf({ maxStatements, now, signal }: PastWalk, taken: number, endMs: number): StoppedBy {
  if (signal.aborted) throw new NotAcceptable('given_up', 'nobody waits for this any more')
  if (taken >= maxStatements) return 'statements'
  return now().getTime() >= endMs ? 'time' : null
}
