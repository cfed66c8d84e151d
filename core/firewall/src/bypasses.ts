// A bypass lets through what one rule blocks: for a statement or all, for a person or everybody, until a time.
import type { SnapshotBypass, Verdict } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { ALLOW } from './verdicts.ts'

export interface BypassInput {
  /** Of this database. */
  readonly bypasses: readonly SnapshotBypass[]
  readonly principalId: string
  readonly statements: readonly Statement[]
  readonly nowMs: number
}

/** The verdict, or that it is let through: recorded with what was found, and never remembered for other texts. */
export function passBypass(verdict: Verdict, input: BypassInput): Verdict {
  if (verdict.action === 'allow') return verdict
  const isOpen = input.bypasses.some(
    (bypass) => fitsRule(bypass.rule, verdict.rule) && fitsRequest(bypass, input),
  )
  if (!isOpen) return verdict
  const { rule, score, findings } = verdict
  return { ...ALLOW, rule, score, findings, message: `let through by a bypass: ${verdict.message}` }
}

function fitsRule(bypassed: string, rule: string): boolean {
  return bypassed.endsWith('.*') ? rule.startsWith(bypassed.slice(0, -1)) : bypassed === rule
}

/** A bypass for one statement doesn't let others through that come along with it. */
function fitsRequest(bypass: SnapshotBypass, { principalId, statements, nowMs }: BypassInput) {
  if (Date.parse(bypass.validUntil) <= nowMs) return false
  if (bypass.principalId !== null && bypass.principalId !== principalId) return false
  return bypass.digest === '' || statements.every(({ digest }) => digest === bypass.digest)
}
