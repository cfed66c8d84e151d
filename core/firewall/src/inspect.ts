import type { Verdict } from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { findInjection } from './injection/find.ts'
import { scoreOf } from './injection/score.ts'
import { block } from './verdicts.ts'

/** The verdict on a text alone, as no grant decides: what `articdbm inspect` shows. */
export function inspect(analysis: Analysis): Verdict {
  const unread = analysis.statements.find((statement) => !statement.isComplete)
  const verdict = scoreOf(findInjection(analysis))
  if (verdict.action === 'block' || unread === undefined) return verdict
  return block({ rule: 'statement.incomplete', message: `not wholly understood: ${unread.why}` })
}
