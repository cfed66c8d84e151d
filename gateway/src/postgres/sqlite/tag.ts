import type { Statement } from '@articdbm/sql'

export interface Outcome {
  readonly isCopy: boolean
  readonly rows: number
  readonly changes: number
  readonly hasColumns: boolean
}

/** The command tag that a PostgreSQL server would send. */
export function tagOf(statement: Statement, outcome: Outcome): string {
  const { kind } = statement
  if (outcome.isCopy) return `COPY ${outcome.rows}`
  if (kind === 'insert' || kind === 'replace') return `INSERT 0 ${outcome.changes}`
  if (kind === 'update' || kind === 'delete') return `${kind.toUpperCase()} ${outcome.changes}`
  if (outcome.hasColumns) return `SELECT ${outcome.rows}`
  return kind === '' ? 'OK' : kind.toUpperCase()
}
