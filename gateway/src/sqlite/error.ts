import { Fault } from '@articdbm/contract'

interface Face {
  readonly code: string
  readonly sqlState: string
  readonly mysqlErrno: number
  readonly httpStatus: number
}

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

/** `resultCode` is SQLite's extended one; undefined for what node:sqlite itself refused. */
export function sqliteError(
  message: string,
  resultCode: number | undefined,
  sql: string,
): SqliteError {
  return new SqliteError(message, faceOf(message, resultCode), positionOf(message, sql))
}

export function severalStatements(): SqliteError {
  return new SqliteError('cannot run several statements at once', SYNTAX)
}

export function engineLost(): SqliteError {
  return new SqliteError('the database engine ended unexpectedly', LOST)
}

export function connectionClosed(): SqliteError {
  return new SqliteError('the connection to the database is closed', CLOSED)
}

function face(code: string, sqlState: string, mysqlErrno: number, httpStatus = 400): Face {
  return { code: `sqlite_${code}`, sqlState, mysqlErrno, httpStatus }
}

const OTHER = face('error', 'HY000', 1105)
const SYNTAX = face('syntax', '42601', 1064)
const LOST = face('engine_lost', '58000', 2013, 502)
const CLOSED = face('connection_closed', '08003', 2006, 409)
const DENIED = face('denied', '42501', 1142, 403)

// Result codes: https://sqlite.org/rescode.html; extended ones first, then their low byte.
const BY_RESULT_CODE: Readonly<Record<number, Face>> = {
  275: face('check', '23514', 3819, 409),
  531: face('constraint', '23000', 1644, 409),
  787: face('foreign_key', '23503', 1452, 409),
  1299: face('not_null', '23502', 1048, 409),
  1555: face('unique', '23505', 1062, 409),
  1811: face('raised', 'P0001', 1644, 409),
  2067: face('unique', '23505', 1062, 409),
  2579: face('unique', '23505', 1062, 409),
  3091: face('datatype', '42804', 1366, 409),
  517: face('busy_snapshot', '40001', 1213, 409),
  3: DENIED,
  5: face('busy', '55P03', 1205, 409),
  6: face('locked', '55P03', 1205, 409),
  7: face('out_of_memory', '53200', 1037, 503),
  8: face('read_only', '25006', 1290, 403),
  10: face('io', '58030', 1030, 502),
  11: face('corrupt', 'XX001', 1034, 502),
  13: face('full', '53100', 1114, 507),
  14: face('cannot_open', '58030', 1016, 502),
  18: face('too_big', '54000', 1153, 413),
  19: face('constraint', '23000', 1644, 409),
  20: face('mismatch', '22P02', 1366),
  23: DENIED,
  25: face('parameter', '08P01', 1210),
  26: face('not_a_database', 'XX001', 1034, 502),
}

const BY_MESSAGE: readonly (readonly [RegExp, Face])[] = [
  [/^(?:no such table|no such view)/, face('no_such_table', '42P01', 1146, 404)],
  [/^no such column|has no column named/, face('no_such_column', '42703', 1054)],
  [/^ambiguous column name/, face('ambiguous_column', '42702', 1052)],
  [/^no such (?:index|trigger|savepoint)/, face('no_such_object', '42704', 1091, 404)],
  [/^(?:no such function|wrong number of arguments)/, face('no_such_function', '42883', 1305)],
  [/syntax error|^incomplete input|^unrecognized token/, SYNTAX],
  [/already exists|already another table/, face('already_exists', '42P07', 1050, 409)],
  [/^cannot start a transaction within/, face('in_transaction', '25001', 1568, 409)],
  [/^cannot (?:commit|rollback) - no transaction/, face('no_transaction', '25P01', 1305, 409)],
  [/^(?:not authorized|access to .* is prohibited)/, DENIED],
  [/^(?:too many|parser stack|Expression tree)/, face('too_complex', '54000', 1153)],
  [/^(?:Unknown named parameter|column index out of range)/, face('parameter', '08P01', 1210)],
]

function faceOf(message: string, resultCode: number | undefined): Face {
  const known =
    resultCode === undefined
      ? undefined
      : (BY_RESULT_CODE[resultCode] ?? BY_RESULT_CODE[resultCode & 0xff])
  return known ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? OTHER
}

/** SQLite names the word, not its place: told only where the word stands once. */
function positionOf(message: string, sql: string): number | undefined {
  const word = message.match(/(?:^near |unrecognized token: )"(.*)"|^no such \w+: (?:\w+\.)?(.+)$/s)
  const named = word?.[1] ?? word?.[2]
  if (named === undefined || named === '') return undefined
  const at = sql.indexOf(named)
  return at === -1 || sql.indexOf(named, at + 1) !== -1 ? undefined : at
}
