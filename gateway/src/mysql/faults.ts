// Faults that only this protocol knows, with the errno that its clients know.
import { Fault } from '@articdbm/contract'
import { decodeErr } from '@articdbm/wire/mysql'

abstract class MysqlFault extends Fault {
  override readonly httpStatus = 400
}

export class NoDatabaseSelected extends MysqlFault {
  override readonly code = 'no_database_selected'
  override readonly sqlState = '3D000'
  override readonly mysqlErrno = 1046
  constructor() {
    super('No database selected')
  }
}

export class DatabaseExists extends MysqlFault {
  override readonly code = 'database_exists'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1007
  constructor(database: string) {
    super(`Can't create database '${database}'; database exists`)
  }
}

export class UnknownCommand extends MysqlFault {
  override readonly code = 'unknown_command'
  override readonly sqlState = '08S01'
  override readonly mysqlErrno = 1047
  constructor(code: number) {
    super(`Unknown command: the gateway doesn't take ${commandName(code)}`)
  }
}

const REPLICATION = 'replicate from the database itself'
const COMMANDS: Readonly<Record<number, string>> = {
  5: 'COM_CREATE_DB, send CREATE DATABASE',
  6: 'COM_DROP_DB, send DROP DATABASE',
  7: 'COM_REFRESH, send FLUSH',
  8: 'COM_SHUTDOWN',
  13: 'COM_DEBUG',
  18: `COM_BINLOG_DUMP: ${REPLICATION}`,
  19: `COM_TABLE_DUMP: ${REPLICATION}`,
  21: `COM_REGISTER_SLAVE: ${REPLICATION}`,
  30: `COM_BINLOG_DUMP_GTID: ${REPLICATION}`,
  32: 'COM_CLONE',
  250: 'COM_STMT_BULK_EXECUTE, execute once for each row',
}

function commandName(code: number): string {
  return COMMANDS[code] ?? `0x${code.toString(16)}`
}

export class UnknownThread extends MysqlFault {
  override readonly code = 'unknown_thread'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1094
  constructor(id: number) {
    super(`Unknown thread id: ${id}`)
  }
}

export class UnknownStatement extends MysqlFault {
  override readonly code = 'unknown_prepared_statement'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1243
  constructor(id: number | string, command: string) {
    super(`Unknown prepared statement handler (${id}) given to ${command}`)
  }
}

export class NotPreparable extends MysqlFault {
  override readonly code = 'not_preparable'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1295
  constructor() {
    super('This command is not supported in the prepared statement protocol')
  }
}

export class TooManyPrepared extends MysqlFault {
  override readonly code = 'too_many_prepared_statements'
  override readonly sqlState = '42000'
  override readonly mysqlErrno = 1461
  constructor(bound: number) {
    super(`a session may have at most ${bound} prepared statements`)
  }
}

export class WrongArguments extends MysqlFault {
  override readonly code = 'wrong_arguments'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1210
  constructor(command: string) {
    super(`Incorrect arguments to ${command}`)
  }
}

export class MultiStatementsOff extends MysqlFault {
  override readonly code = 'multi_statements_off'
  override readonly sqlState = '42000'
  override readonly mysqlErrno = 1064
  constructor() {
    super('several statements in one text, and the client did not ask for CLIENT_MULTI_STATEMENTS')
  }
}

/** LOAD DATA LOCAL where it isn't switched on, or the client doesn't offer its files. */
export class LocalFilesOff extends MysqlFault {
  override readonly code = 'local_files_off'
  override readonly sqlState = '42000'
  override readonly mysqlErrno = 3948
  constructor(why: string) {
    super(`Loading local data is disabled: ${why}`)
  }
}

/** The backend went away before its answer was whole. */
export class BackendLost extends MysqlFault {
  override readonly code = 'backend_lost'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 2013
  readonly endsSession: boolean
  constructor(why: string, then: 'ends the session' | 'goes on') {
    super(`Lost connection to the database during the statement: ${why}`)
    this.endsSession = then === 'ends the session'
  }
}

/** What the backend itself said no to, in its own words. */
export class BackendRefusal extends Fault {
  override readonly code = 'backend_refusal'
  override readonly httpStatus = 400
  override readonly sqlState: string
  override readonly mysqlErrno: number
  constructor(payload: Buffer | undefined) {
    const err = decodeErr(payload ?? Buffer.of(0xff, 0x51, 0x04))
    super(err.message)
    this.sqlState = err.sqlState
    this.mysqlErrno = err.errno
  }
}

/** A SQLite column holds something else than its first rows promised. */
export class WrongValue extends MysqlFault {
  override readonly code = 'wrong_value'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1366
  constructor(promised: string) {
    super(`a row holds something else than ${promised}: CAST the column, or use the text protocol`)
  }
}
