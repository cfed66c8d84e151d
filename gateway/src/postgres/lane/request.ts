import type { AnswerSeen } from '@articdbm/wire/postgres'
import type { PreparedStatement } from '../prepared-names.ts'

/** What one client asks of a lane: one answer, up to and with ReadyForQuery. */
export interface LaneRequest {
  /** One Query, or messages up to Sync. */
  readonly bytes: Buffer
  /** The statement that its Bind names by key; it is prepared first where the lane doesn't have it. */
  readonly prepared: PreparedStatement | undefined
  /** How often it was sent already. */
  tries: number
  /** The next bytes of the answer. False: its client has no room for more until `drained`. */
  answer(bytes: Buffer): boolean
  drained(): Promise<void>
  /** The whole answer was given. */
  ended(seen: AnswerSeen, serviceMs: number): void
  /** There will be no answer. `isTorn`: the client has a part of one already. */
  failed(fault: unknown, isTorn: boolean): void
}
