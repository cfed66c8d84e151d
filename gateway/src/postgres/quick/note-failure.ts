import type { AnswerSeen } from '@articdbm/wire/postgres'
import { isOutdatedBy, type PreparedNames } from '../prepared-names.ts'
import type { QuickRequest } from './request.ts'

/** "cached plan must not change result type" */
export const PLAN_OUTDATED = '0A000'
/** "prepared statement does not exist" */
export const STATEMENT_GONE = '26000'

/** What a failed request tells of the statement that it binds. `hidden`: answers before it that have not come. */
export function noteFailure(
  { prepared: statement }: QuickRequest,
  prepared: PreparedNames,
  { seen, hidden }: { readonly seen: AnswerSeen; readonly hidden: number },
): void {
  if (!statement) return
  const { key } = statement
  // Its Parse, or the Close before that, was not answered: it failed or was left out.
  if (hidden > 0) prepared.delete(key)
  else if (isOutdatedBy(seen.sqlState)) prepared.outdate(key)
  else if (seen.sqlState === STATEMENT_GONE) prepared.delete(key)
}
