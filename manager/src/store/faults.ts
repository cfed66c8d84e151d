// What can go wrong in the store, the same on every engine.
import { Fault, type FaultLevel } from '@articdbm/contract'

/** Another row has this value already. `constraint` is `<table>_<columns>_unique` or `<table>_primary`. */
export class UniqueViolation extends Fault {
  override readonly code = 'already_exists'
  override readonly sqlState = '23505'
  override readonly mysqlErrno = 1062
  override readonly httpStatus = 409
  readonly constraint: string
  constructor(constraint: string) {
    super(explain(constraint))
    this.constraint = constraint
  }
}

const NAMED: Readonly<Record<string, string>> = {
  users_name_key_unique: 'a user of this name exists already: choose another name',
  databases_name_key_unique: 'a database of this name exists already: choose another name',
  rules_name_unique: 'a rule of this name exists already: choose another name',
  masks_database_id_table_key_column_key_unique:
    'this column has a mask already: change that one, or remove it first',
}

function explain(constraint: string): string {
  return NAMED[constraint] ?? `another row has this value already (${constraint})`
}

/** A text longer than its column, or a number outside its column's range. */
export class ValueTooLong extends Fault {
  override readonly code = 'value_too_long'
  override readonly sqlState = '22001'
  override readonly mysqlErrno = 1406
  override readonly httpStatus = 400
  constructor() {
    super('a value is longer than its column may hold')
  }
}

export class NotFound extends Fault {
  override readonly code = 'not_found'
  override readonly sqlState = '02000'
  override readonly mysqlErrno = 1329
  override readonly httpStatus = 404
  constructor(what: string) {
    super(`${what} does not exist`)
  }
}

/** The row was changed by someone else since it was read. */
export class Outdated extends Fault {
  override readonly code = 'outdated'
  override readonly sqlState = '40001'
  override readonly mysqlErrno = 1020
  override readonly httpStatus = 409
  constructor(what: string) {
    super(`${what} was changed by someone else since you read it: read it again`)
  }
}

abstract class ConnectionLost extends Fault {
  override readonly mysqlErrno = 2013
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'error'
}

export class StoreUnavailable extends ConnectionLost {
  override readonly code = 'store_unavailable'
  override readonly sqlState = '08006'
  constructor(why: string, cause?: unknown) {
    super(`the store can't be reached: ${why}`, { cause })
  }
}

/** Two transactions were in each other's way and this one was rolled back. */
export class Conflict extends Fault {
  override readonly code = 'conflict'
  override readonly sqlState = '40001'
  override readonly mysqlErrno = 1213
  override readonly httpStatus = 503
  override readonly level: FaultLevel = 'warn'
  constructor(why: string, cause?: unknown) {
    super(`the store is contended: ${why}`, { cause })
  }
}

/** The connection was lost while committing: the change may have happened or not. */
export class CommitUnknown extends ConnectionLost {
  override readonly code = 'commit_unknown'
  override readonly sqlState = '08007'
  constructor(cause: unknown) {
    super('the connection was lost during the commit: look whether the change was made', { cause })
  }
}
