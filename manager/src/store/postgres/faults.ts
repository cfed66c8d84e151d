import type { Fault } from '@articdbm/contract'
import { codeOf, isNetworkFailure, messageOf } from '../engine.ts'
import { Conflict, StoreUnavailable, UniqueViolation, ValueTooLong } from '../faults.ts'

// PostgreSQL, appendix A.
const UNIQUE_VIOLATION = '23505'
const TOO_LONG = new Set(['22001', '22003', '23514', '54000'])
// lock_not_available is a statement's own time-out. duplicate_table and duplicate_object: of two that create the same
// IF NOT EXISTS at once, one looked before the other was through.
const CONFLICTS = new Set(['40001', '40P01', '55P03', '42P07', '42710'])
// Connection lost, shutdown, limits, read-only, time-outs; and a role or database that isn't there or not ours.
const UNAVAILABLE = /^(08...|57P0[1-5]|53300|53400|25006|57014|25P03|28000|28P01|3D000)$/
/** pg gives these no code. */
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable|server does not support SSL|Cannot use a pool after/i

export function explainPostgres(error: unknown): Fault | undefined {
  const code = codeOf(error)
  if (code === UNIQUE_VIOLATION) return new UniqueViolation(constraintOf(error))
  if (TOO_LONG.has(code)) return new ValueTooLong()
  if (CONFLICTS.has(code)) return new Conflict(messageOf(error), error)
  if (UNAVAILABLE.test(code) || isNetworkFailure(error) || LOST.test(messageOf(error))) {
    return new StoreUnavailable(messageOf(error), error)
  }
  return undefined
}

function constraintOf(error: unknown): string {
  const isNamed = error instanceof Error && 'constraint' in error
  return isNamed ? String(error.constraint) : ''
}
