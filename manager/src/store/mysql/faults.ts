import type { Fault } from '@articdbm/contract'
import { isNetworkFailure, messageOf } from '../engine.ts'
import { Conflict, StoreUnavailable, UniqueViolation, ValueTooLong } from '../faults.ts'

// https://mariadb.com/kb/en/mariadb-error-codes/
const DUPLICATE = new Set([1062, 1586])
// Data too long, out of range, CHECK in MariaDB, CHECK in MySQL, row too big.
const TOO_LONG = new Set([1406, 1264, 4025, 3819, 1118])
// Deadlock (Galera's failed certification too), lock wait, error at commit, changed since read, aborted by Galera.
const CONFLICTS = new Set([1213, 1205, 1180, 1020, 1317])
// Access denied, no such database, node not prepared, shutdown, connection killed, too many connections, read-only, server gone.
const UNAVAILABLE = new Set([
  1044, 1045, 1049, 1698, 1047, 1053, 1077, 1078, 1079, 1927, 1040, 1203, 1290, 1836, 2006, 2013,
  1158, 1159, 1160, 1161, 4031,
])

export function explainMysql(error: unknown, table: string): Fault | undefined {
  const errno = errnoOf(error)
  if (DUPLICATE.has(errno)) return new UniqueViolation(constraintOf(messageOf(error), table))
  if (TOO_LONG.has(errno)) return new ValueTooLong()
  if (CONFLICTS.has(errno)) return new Conflict(messageOf(error), error)
  if (UNAVAILABLE.has(errno) || isNetworkFailure(error) || isClosed(error)) {
    return new StoreUnavailable(messageOf(error), error)
  }
  return undefined
}

function errnoOf(error: unknown): number {
  return error instanceof Error && 'errno' in error ? Number(error.errno) : 0
}

/** The driver's own words for a connection that is no more. */
function isClosed(error: unknown): boolean {
  return /closed state|Connection lost|Pool is closed|socket disconnected|does not support secure/i.test(
    messageOf(error),
  )
}

/** `… for key 'PRIMARY'`, or `'table.key'` from MySQL 8. The value before it may hold anything, so the end counts. */
function constraintOf(message: string, table: string): string {
  const key = /for key '(?:[^'.]*\.)?([^'.]*)'$/.exec(message)?.[1] ?? ''
  return key === 'PRIMARY' ? `${table}_primary` : key
}
