// Faults of the manager's own door. They never show on a wire, but a fault has a face everywhere.
import { Fault, type FaultLevel, type FieldProblem } from '@articdbm/contract'

abstract class NotValid extends Fault {
  override readonly sqlState = '22023'
  override readonly mysqlErrno = 1210
}

abstract class NotPermitted extends Fault {
  override readonly sqlState = '42501'
  override readonly mysqlErrno = 1227
  override readonly httpStatus = 403
}

export class ValidationFailed extends NotValid {
  override readonly code = 'validation_failed'
  override readonly httpStatus = 400
  readonly fields: readonly FieldProblem[]
  constructor(fields: readonly FieldProblem[]) {
    super(`the request is not valid: ${fields.map((f) => `${f.field} ${f.message}`).join('; ')}`)
    this.fields = fields
  }
}

/** A body that isn't JSON, is too long, or has the wrong type. */
export class BadRequest extends NotValid {
  override readonly code: string
  override readonly httpStatus: number
  constructor(code: string, httpStatus: number, message: string) {
    super(message)
    this.code = code
    this.httpStatus = httpStatus
  }
}

export class NotAuthenticated extends Fault {
  override readonly code = 'not_authenticated'
  override readonly sqlState = '28000'
  override readonly mysqlErrno = 1045
  override readonly httpStatus = 401
  constructor(why = 'log in first, or send an access token or an API key') {
    super(why)
  }
}

export class Forbidden extends NotPermitted {
  override readonly code = 'forbidden'
  constructor(permission: string) {
    super(`your role does not have the permission ${permission}`)
  }
}

export class CsrfRefused extends NotPermitted {
  override readonly code = 'csrf_refused'
  constructor() {
    super('this request did not come from our own page: send x-articdbm-csrf as auth/me gives it')
  }
}

export class PasswordChangeRequired extends Fault {
  override readonly code = 'password_change_required'
  override readonly sqlState = '28000'
  override readonly mysqlErrno = 1820
  override readonly httpStatus = 403
  constructor() {
    super('change your one-time password first')
  }
}

export class LastAdministrator extends Fault {
  override readonly code = 'last_administrator'
  override readonly sqlState = '55000'
  override readonly mysqlErrno = 1227
  override readonly httpStatus = 409
  constructor() {
    super('this is the last active administrator: make another one first')
  }
}

export class NotAcceptable extends NotValid {
  override readonly code: string
  override readonly httpStatus = 422
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export class RouteNotFound extends Fault {
  override readonly code = 'route_not_found'
  override readonly sqlState = '42883'
  override readonly mysqlErrno = 1305
  override readonly httpStatus = 404
  constructor(method: string, path: string) {
    super(`there is no ${method} ${path}`)
  }
}

export class TooManyRequests extends Fault {
  override readonly code = 'too_many_requests'
  override readonly sqlState = '53400'
  override readonly mysqlErrno = 1226
  override readonly httpStatus = 429
  readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number) {
    super(`too many requests: wait ${retryAfterSeconds} s and try again`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class Overloaded extends Fault {
  override readonly code = 'overloaded'
  override readonly sqlState = '53000'
  override readonly mysqlErrno = 1040
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor() {
    super('the manager has too much to do: try again in a moment')
  }
}
