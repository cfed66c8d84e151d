// Every fault of the product. docs/ERRORS.md lists them by code.
import { Fault, type FaultLevel } from './fault.ts'

export class AuthenticationFailed extends Fault {
  override readonly code = 'authentication_failed'
  override readonly sqlState = '28P01'
  override readonly mysqlErrno = 1045
  override readonly httpStatus = 401
  constructor(user: string) {
    super(`password authentication failed for user "${user}"`)
  }
}

export class CertificateRequired extends Fault {
  override readonly code = 'certificate_required'
  override readonly sqlState = '28000'
  override readonly mysqlErrno = 1045
  override readonly httpStatus = 401
  constructor(user: string) {
    super(`connection requires a valid client certificate for "${user}"`)
  }
}

export class TooManyAttempts extends Fault {
  override readonly code = 'too_many_attempts'
  override readonly sqlState = '28000'
  override readonly mysqlErrno = 1129
  override readonly httpStatus = 429
  constructor() {
    super('too many failed logins from this address: wait a minute and try again')
  }
}

export class UnknownDatabase extends Fault {
  override readonly code = 'unknown_database'
  override readonly sqlState = '3D000'
  override readonly mysqlErrno = 1049
  override readonly httpStatus = 404
  constructor(database: string) {
    super(`database "${database}" does not exist, or nothing grants you access to it`)
  }
}

export class WrongDoor extends Fault {
  override readonly code = 'wrong_door'
  override readonly sqlState = '08004'
  override readonly mysqlErrno = 1049
  override readonly httpStatus = 409
  constructor(database: string, engine: string, door: string) {
    super(`database "${database}" is ${engine}: connect to it through the ${door} door`)
  }
}

/** A statement, or a whole request, was judged and blocked. The id finds the audit event. */
export class StatementBlocked extends Fault {
  override readonly code = 'statement_blocked'
  override readonly sqlState = '42501'
  override readonly mysqlErrno = 1142
  override readonly httpStatus = 403
  override readonly hint: string
  readonly verdictId: string
  readonly rule: string
  constructor(verdictId: string, rule: string, message: string) {
    super(message)
    this.verdictId = verdictId
    this.rule = rule
    this.hint = `Rule ${rule}, verdict ${verdictId}. Ask an administrator with this id.`
  }
}

export class PoolExhausted extends Fault {
  override readonly code = 'pool_exhausted'
  override readonly sqlState = '53300'
  override readonly mysqlErrno = 1040
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor(database: string, waitedMs: number) {
    super(`no connection to "${database}" came free within ${waitedMs} ms`)
  }
}

export class UserConnectionsExhausted extends Fault {
  override readonly code = 'user_connections_exhausted'
  override readonly sqlState = '53300'
  override readonly mysqlErrno = 1040
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor(user: string, database: string, limit: number) {
    super(`"${user}" has ${limit} connections to "${database}" in use, as many as one person may`)
  }
}

export class TooManySessions extends Fault {
  override readonly code = 'too_many_sessions'
  override readonly sqlState = '53300'
  override readonly mysqlErrno = 1040
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor() {
    super('the gateway has as many sessions as it may: try again later')
  }
}

export class BackendUnavailable extends Fault {
  override readonly code = 'backend_unavailable'
  override readonly sqlState = '08006'
  override readonly mysqlErrno = 2013
  override readonly httpStatus = 502
  override readonly level: FaultLevel = 'error'
  constructor(database: string, why: string) {
    super(`database "${database}" can't be reached: ${why}`)
  }
}

export class ProtocolViolation extends Fault {
  override readonly code = 'protocol_violation'
  override readonly sqlState = '08P01'
  override readonly mysqlErrno = 1835
  override readonly httpStatus = 400
}

export class FeatureNotSupported extends Fault {
  override readonly code = 'feature_not_supported'
  override readonly sqlState = '0A000'
  override readonly mysqlErrno = 1235
  override readonly httpStatus = 501
}

/** A token of articdbm.position that no gateway has made, or made for another database. */
export class PositionRefused extends Fault {
  override readonly code = 'position_refused'
  override readonly sqlState = '22023'
  override readonly mysqlErrno = 1231
  override readonly httpStatus = 400
  constructor(database: string) {
    super(`articdbm.position: this is no position of "${database}"`)
  }
}

export class StatementCancelled extends Fault {
  override readonly code = 'statement_cancelled'
  override readonly sqlState = '57014'
  override readonly mysqlErrno = 1317
  override readonly httpStatus = 499
  constructor() {
    super('canceling statement due to user request')
  }
}

export class ShuttingDown extends Fault {
  override readonly code = 'shutting_down'
  override readonly sqlState = '57P01'
  override readonly mysqlErrno = 1053
  override readonly httpStatus = 503
  constructor() {
    super('the gateway is shutting down: connect again')
  }
}

/** The audit spool can't take the record, so the statement is not forwarded. */
export class AuditUnavailable extends Fault {
  override readonly code = 'audit_unavailable'
  override readonly sqlState = '53100'
  override readonly mysqlErrno = 1021
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'error'
  constructor(why: string) {
    super(`the statement was not executed because it could not be recorded: ${why}`)
  }
}

export class NotReady extends Fault {
  override readonly code = 'not_ready'
  override readonly sqlState = '57P03'
  override readonly mysqlErrno = 1053
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor(why: string) {
    super(why)
  }
}
