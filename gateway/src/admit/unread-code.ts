import type { Statement } from '@articdbm/sql'

/**
 * They run code that isn't in their text: a routine, a function of somebody's own, a DO. What that leaves on its
 * connection (settings, temporary tables, locks) can't be known, so the connection is cleaned before anybody else has it.
 */
export function runUnreadCode(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ kind, functions }) =>
      kind === 'do' || functions.some(({ danger }) => danger === 'unknown' || danger === 'danger'),
  )
}
