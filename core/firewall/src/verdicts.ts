import type { Verdict } from '@articdbm/contract'

export const ALLOW: Verdict = { action: 'allow', rule: '', score: 0, message: '', findings: [] }

/** Why something may not be, for the person who asked. */
export interface Refusal {
  readonly rule: string
  readonly message: string
}

export function block(refusal: Refusal): Verdict {
  return { action: 'block', score: 100, findings: [], ...refusal }
}
