import { type Goal, isReached } from './goal.ts'
import type { Observation } from './observation.ts'

/** What a session wants a backend connection for. */
export interface Wish {
  /** `reader`: a replica will do, if one is fit. */
  readonly aim: 'primary' | 'reader'
  readonly user: string
  readonly application: string
  /** That `user` may have of this database at once; 0 for no limit. */
  readonly maxConnections: number
  /** Its requests may share connections with those of other sessions. */
  readonly mayShare: boolean
  /** By backend, its last write there: who answers must have it. In milliseconds of the monotonic clock. */
  readonly written: ReadonlyMap<string, number>
  /** What other sessions have written, and this one was told of: who answers must have that, too. */
  readonly goals: readonly Goal[]
  /** Asked for by a hint: a replica that lags will do, and the split may be switched off. */
  readonly isHinted: boolean
  /** It was given a connection to this backend. */
  readonly placed: (backend: string) => void
  /** This backend was made to have all that was written anywhere. */
  readonly caughtUp: (backend: string) => void
}

/** For who reads and writes, and asks for nothing special. */
export const TO_PRIMARY: Wish = {
  aim: 'primary',
  user: '',
  application: '',
  maxConnections: 0,
  mayShare: false,
  written: new Map(),
  goals: [],
  isHinted: false,
  placed: () => undefined,
  caughtUp: () => undefined,
}

/** What is known of a backend that may answer. */
interface Known {
  readonly freshAsOfMs: (source: string) => number
  readonly seen: Observation | undefined
}

/** Whether this backend has what the session wrote elsewhere, and what it was told of, as far as anybody knows. */
export function isUpTo(one: Known, { written, goals }: Wish): boolean {
  for (const [source, atMs] of written) if (one.freshAsOfMs(source) <= atMs) return false
  return goals.every((goal) => isReached(goal, one.seen?.position))
}
