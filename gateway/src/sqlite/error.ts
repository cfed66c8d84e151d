import { Fault } from '@articdbm/contract'

interface Face {
  readonly code: string
  readonly sqlState: string
  readonly mysqlErrno: number
  readonly httpStatus: number
}

const OTHER: Face = { code: 'sqlite_error', sqlState: 'XX000', mysqlErrno: 1105, httpStatus: 500 }

/** What SQLite said, with its face on each door. */
export class SqliteError extends Fault {
  override readonly code: string
  override readonly sqlState: string
  override readonly mysqlErrno: number
  override readonly httpStatus: number
  /** Offset in UTF-16 units of the place in the statement, where SQLite's message tells it. */
  readonly position: number | undefined
  constructor(message: string, face: Face = OTHER, position?: number) {
    super(message)
    this.code = face.code
    this.sqlState = face.sqlState
    this.mysqlErrno = face.mysqlErrno
    this.httpStatus = face.httpStatus
    this.position = position
  }
}
