import type { RuleConditions } from '@articdbm/contract'
import { findMistake } from '@articdbm/firewall'
import { NotAcceptable } from '../http/faults.ts'

/** Throws what the author of a rule can mend. */
export function assertReadable(conditions: RuleConditions): void {
  const mistake = findMistake(conditions)
  if (mistake !== undefined) throw new NotAcceptable('condition_not_readable', mistake)
}
