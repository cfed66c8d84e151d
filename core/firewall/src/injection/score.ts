import type { Finding, Verdict } from '@articdbm/contract'
import { ALLOW } from '../verdicts.ts'

const BLOCK_FROM = 80
const ALERT_FROM = 40
/** Each further category of finding adds a part of its confidence. */
const FURTHER_WEIGHT = 0.25

/** The strongest finding, raised by further ones of other categories, at most 100. */
export function scoreOf(findings: readonly Finding[]): Verdict {
  const [worst, ...others] = bestOfEach(findings)
  if (!worst) return ALLOW
  const further = others.reduce((sum, finding) => sum + finding.confidence * FURTHER_WEIGHT, 0)
  const score = Math.min(100, Math.round(worst.confidence + further))
  if (score < ALERT_FROM) return { ...ALLOW, score, findings: [...findings] }
  return {
    action: score >= BLOCK_FROM ? 'block' : 'alert',
    rule: `injection.${worst.category}`,
    score,
    message: `this statement looks like SQL injection (${score} of 100): ${worst.why}`,
    findings: [...findings],
  }
}

function bestOfEach(findings: readonly Finding[]): readonly Finding[] {
  const best = new Map<string, Finding>()
  for (const finding of findings) {
    const known = best.get(finding.category)
    if (!known || known.confidence < finding.confidence) best.set(finding.category, finding)
  }
  return [...best.values()].sort((left, right) => right.confidence - left.confidence)
}
