import type { AnswerSeen } from '@articdbm/wire/postgres'
import type { LaneRequest } from '../../lane/request.ts'
import type { PreparedStatement } from '../prepared-statement.ts'

/** What one client asks of a lane, or of its session's own connection: one answer, up to and with ReadyForQuery. */
export interface QuickRequest extends LaneRequest<AnswerSeen> {
  /** One Query, or messages up to Sync. */
  readonly bytes: Buffer
  /** The statement that its Bind names by key; it is prepared first where the lane doesn't have it. */
  readonly prepared: PreparedStatement | undefined
}
