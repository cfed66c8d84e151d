import type { Policy, SnapshotBypass, SnapshotGrant, Verdict } from '@articdbm/contract'
import { type Analysis, analyze, type Statement } from '@articdbm/sql'
import { authorize } from './authorize.ts'
import { passBypass } from './bypasses.ts'
import { judgeDestructive } from './destructive.ts'
import { type GrantScope, openGrants } from './grants.ts'
import { findInjection } from './injection/find.ts'
import { scoreOf } from './injection/score.ts'
import { judgeByLearning, type Learnt } from './learning/learnt.ts'
import { type Trait, traitsOf } from './learning/traits.ts'
import type { Masking } from './masking/plan.ts'
import { judgeByRules, type RuleSet } from './rules/rules.ts'
import { blockedBySetting } from './settings.ts'
import { ALLOW, block, type Refusal } from './verdicts.ts'

export interface JudgeInput {
  readonly analysis: Analysis
  /** The statements to judge: the analysis' own, with EXECUTE replaced by what it executes. */
  readonly statements: readonly Statement[]
  readonly person: string
  readonly principalId: string
  readonly database: { readonly name: string; readonly defaultSchema: string }
  /** Of this principal on this database. */
  readonly grants: readonly SnapshotGrant[]
  readonly policy: Policy
  /** Those of this caller on this database. */
  readonly rules: RuleSet
  /** Of this person's application; undefined: nothing was learnt of it. */
  readonly learnt: Learnt | undefined
  /** What this person may not see of each statement's result, in order; none where nothing is masked. */
  readonly maskings: readonly (Masking | undefined)[]
  /** Of this database. */
  readonly bypasses: readonly SnapshotBypass[]
  /** Milliseconds since 1970. */
  readonly nowMs: number
  readonly isProbe: boolean
}

/** One blocked statement blocks its whole request: nothing of it is executed. */
export function judge(input: JudgeInput): Verdict {
  const scope = openGrants({ ...input, dialect: input.analysis.dialect })
  for (const [at, statement] of input.statements.entries()) {
    const refusal = refuse(statement, input, scope) ?? refuseUnmaskable(input.maskings[at])
    if (refusal) return block(refusal)
  }
  const injection = judgeInjection(input)
  const learning = judgeLearning(input, injection.score)
  return strictest([judgeRules(input), judgeHarm(input), injection, learning])
}

/** Several may speak: the one that blocks is told, else one that alerts, else one that was let through. */
function strictest(verdicts: readonly Verdict[]): Verdict {
  const found = SEVERITY.flatMap((action) => verdicts.filter((one) => one.action === action))
  return found.find(({ action, rule }) => action !== 'allow' || rule !== '') ?? found[0] ?? ALLOW
}

const SEVERITY = ['block', 'alert', 'allow'] as const

function judgeRules(input: JudgeInput): Verdict {
  const { defaultSchema } = input.database
  return tempered(judgeByRules(input.rules, { ...input, defaultSchema }), input)
}

function judgeHarm(input: JudgeInput): Verdict {
  const { analysis, statements, policy } = input
  return tempered(judgeDestructive(statements, analysis.tokens, policy.destructive), input)
}

/** What a database that only monitors would block is an alert; what a bypass names is let through. */
function tempered(verdict: Verdict, input: JudgeInput): Verdict {
  const isWatched = verdict.action === 'block' && input.policy.mode === 'monitor'
  return passBypass(isWatched ? { ...verdict, action: 'alert' } : verdict, input)
}

function refuse(statement: Statement, input: JudgeInput, scope: GrantScope): Refusal | undefined {
  if (!statement.isComplete) return notUnderstood(statement)
  if (input.isProbe) return refuseBeyondProbe(statement)
  return blockedBySetting(statement, scope) ?? authorize(statement, scope)
}

function refuseUnmaskable(masking: Masking | undefined): Refusal | undefined {
  return masking?.kind === 'refused' ? masking.refusal : undefined
}

function notUnderstood(statement: Statement): Refusal {
  return {
    rule: 'statement.incomplete',
    message: `this statement was not wholly understood, so it can't be allowed: ${statement.why}`,
  }
}

function refuseBeyondProbe(statement: Statement): Refusal | undefined {
  const isHarmless =
    statement.relations.length === 0 &&
    statement.effects.every((effect) => effect === 'read' || effect === 'control') &&
    statement.functions.every((call) => call.danger === 'safe')
  if (isHarmless) return undefined
  return {
    rule: 'probe.only',
    message: 'a connection test may only ask whether the backend answers',
  }
}

/** `score`: of the signs of injection. */
function judgeLearning(input: JudgeInput, score: number): Verdict {
  const { analysis, learnt, policy, isProbe } = input
  const { learning = 'off' } = policy
  if (learning === 'off' || isProbe || analysis.statements.length === 0) return ALLOW
  const verdict = learnt ? judgeByLearning(learnt, { traits: traitsFor(input), score }) : UNKNOWN
  const isWatched = learning === 'alert' && verdict.action === 'block'
  return tempered(isWatched ? { ...verdict, action: 'alert' } : verdict, input)
}

/** EXECUTE has the traits of what it executes, as it is recorded, too. */
function traitsFor({ analysis, statements }: JudgeInput): readonly (readonly Trait[])[] {
  const own = traitsOf(analysis)
  return statements.map((statement, at) => {
    if (statement === analysis.statements[at]) return own[at] ?? []
    return traitsOf(analyze(statement.text, analysis.dialect)).flat()
  })
}

const UNKNOWN = block({
  rule: 'learning.application',
  message:
    'nothing was learnt of this application for this person: see what it sends, and learn it',
})

function judgeInjection(input: JudgeInput): Verdict {
  if (!input.policy.sqlInjectionDetection) return ALLOW
  return tempered(scoreOf(findInjection(input.analysis)), input)
}
