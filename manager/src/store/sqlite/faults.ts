import type { Fault } from '@articdbm/contract'
import { messageOf } from '../engine.ts'
import { Conflict, StoreUnavailable, UniqueViolation, ValueTooLong } from '../faults.ts'

// https://sqlite.org/rescode.html: the low byte is the primary code.
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const FULL = 13
const CANTOPEN = 14
const CONSTRAINT_CHECK = 275
const CONSTRAINT_PRIMARY_KEY = 1555
const CONSTRAINT_UNIQUE = 2067

export function isBusy(error: unknown): boolean {
  const primary = resultCode(error) & 0xff
  return primary === BUSY || primary === LOCKED
}

export function explainSqlite(error: unknown): Fault | undefined {
  const code = resultCode(error)
  if (code === CONSTRAINT_PRIMARY_KEY || code === CONSTRAINT_UNIQUE) {
    return new UniqueViolation(constraintName(messageOf(error), code))
  }
  if (code === CONSTRAINT_CHECK) return new ValueTooLong()
  if (isBusy(error)) return new Conflict(messageOf(error), error)
  if ([READONLY, IOERR, FULL, CANTOPEN].includes(code & 0xff)) {
    return new StoreUnavailable(messageOf(error), error)
  }
  return undefined
}

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
}

/** SQLite names columns, `UNIQUE constraint failed: grants.a, grants.b`; ours are named after them. */
function constraintName(message: string, code: number): string {
  const columns = [...message.matchAll(/(\w+)\.(\w+)/g)]
  const table = columns[0]?.[1] ?? ''
  if (code === CONSTRAINT_PRIMARY_KEY) return `${table}_primary`
  return `${table}_${columns.map((match) => match[2]).join('_')}_unique`
}
