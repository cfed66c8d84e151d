import type { AnswerSeen } from '@articdbm/wire/postgres'
import type { PreparedStatement } from '../prepared-names.ts'

/** What one client asks of a lane, or of its session's own connection: one answer, up to and with ReadyForQuery. */
export interface QuickRequest {
  /** One Query, or messages up to Sync. */
  readonly bytes: Buffer
  /** The statement that its Bind names by key; it is prepared first where the lane doesn't have it. */
  readonly prepared: PreparedStatement | undefined
  /** How often it was sent already. */
  tries: number
  /**
   * The next bytes of the answer, lent until this returns. False: its client has no room for more until `drained`,
   * and the bytes stay lent until then.
   */
  answer(bytes: Buffer): boolean
  drained(): Promise<void>
  /** The whole answer was given. */
  ended(seen: AnswerSeen, serviceMs: number): void
  /** There will be no answer. `isTorn`: the client has a part of one already. */
  failed(fault: unknown, isTorn: boolean): void
}
