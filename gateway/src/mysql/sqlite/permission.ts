import type { Statement } from '@articdbm/sql'
import type { SqliteAccess, SqliteRun } from '../../sqlite/index.ts'

/** The second lock: SQLite itself refuses what the judged statements did not name. */
export function allowedBy(statements: readonly Statement[]): SqliteRun['allowed'] {
  const relations = statements.flatMap((statement) => statement.relations)
  return relations.map(({ name, access }): SqliteAccess => ({ name, access }))
}
