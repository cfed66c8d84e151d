/** How loudly a fault is logged: a wrong password is `info`, a lost database is `error`. */
export type FaultLevel = 'info' | 'warn' | 'error'

/** An expected failure that knows its face on every door. A bug is a plain Error and shows as `internal`. */
export abstract class Fault extends Error {
  abstract readonly code: string
  /** PostgreSQL, appendix A: five characters. */
  abstract readonly sqlState: string
  abstract readonly mysqlErrno: number
  abstract readonly httpStatus: number
  readonly level: FaultLevel = 'info'
  /** What the person can do about it, where there is something. */
  readonly hint: string | undefined = undefined
}
