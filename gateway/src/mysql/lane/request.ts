import type { AnswerSeen } from '@articdbm/wire/mysql'
import type { LaneRequest } from '../../lane/request.ts'

/** A text with the character set that its literals are read in, as a connection knows what it has prepared. */
export interface PreparedText {
  readonly key: string
  readonly text: string
}

/** One result set is due to it. */
export interface MysqlRequest extends LaneRequest<AnswerSeen> {
  /** A COM_QUERY, or a COM_STMT_EXECUTE whose statement id each lane sets. */
  readonly bytes: Buffer
  /** What is executed; it is prepared first where the lane doesn't have it. */
  readonly prepared: PreparedText | undefined
}
