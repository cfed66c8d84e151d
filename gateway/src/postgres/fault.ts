import { Fault } from '@articdbm/contract'

/** A refusal with PostgreSQL's own SQLSTATE, for what only this protocol knows. */
export class PostgresFault extends Fault {
  override readonly code = 'postgres_protocol'
  override readonly sqlState: string
  override readonly mysqlErrno = 1105
  override readonly httpStatus = 400
  override readonly hint: string | undefined
  /** Characters of the text, from 0. */
  readonly position: number | undefined
  constructor(sqlState: string, message: string, hint?: string, position?: number) {
    super(message)
    this.sqlState = sqlState
    this.hint = hint
    this.position = position
  }
}
