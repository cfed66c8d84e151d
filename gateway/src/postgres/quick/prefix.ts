import { closeFrame, parseFrame } from '../prepared-frames.ts'
import type { PreparedNames } from '../prepared-names.ts'
import type { PreparedStatement } from '../prepared-statement.ts'

/** Frames that come before a request, and how many answers to them its client must not see. */
export interface Prefix {
  readonly frames: readonly Buffer[]
  readonly hidden: number
}

const NOTHING: Prefix = { frames: [], hidden: 0 }

/** What makes a backend connection know the statement that a request binds. */
export function prefixFor(
  statement: PreparedStatement | undefined,
  prepared: PreparedNames,
): Prefix {
  if (!statement) return NOTHING
  if (statement.name === '') return { frames: [parseFrame('', statement)], hidden: 1 }
  const { key } = statement
  if (prepared.has(key)) return NOTHING
  const frames = [...prepared.enter(key).map(closeFrame), parseFrame(key, statement)]
  return { frames, hidden: frames.length }
}
