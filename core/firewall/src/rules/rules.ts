// Rules of one's own, in their order: the first that allows or blocks ends the list, those that alert are noted.
import type { SnapshotRule, Verdict } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { ALLOW, block } from '../verdicts.ts'
import { type Caller, type CompiledRule, compileRule } from './conditions.ts'
import { endOfMinute } from './hours.ts'

/** The rules that can hold for one caller on one database, and what a verdict by them rests on. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  /** Says which rules these are: two callers with the same name are judged alike. */
  readonly name: string
  /** Some rule looks at the letters of a text: a verdict on one text says nothing of another of its shape. */
  readonly readsText: boolean
  readonly readsClock: boolean
}

export const NO_RULES: RuleSet = { rules: [], name: '', readsText: false, readsClock: false }

export function rulesFor(
  all: readonly SnapshotRule[],
  databaseId: string,
  caller: Caller,
): RuleSet {
  const rules = all
    .filter((rule) => rule.databaseId === null || rule.databaseId === databaseId)
    .map(compileRule)
    .filter((rule) => rule.fitsCaller(caller))
  if (rules.length === 0) return NO_RULES
  return {
    rules,
    name: rules.map(({ rule }) => rule.name).join(),
    readsText: rules.some(({ rule }) => rule.conditions.pattern !== undefined),
    readsClock: rules.some(({ rule }) => rule.conditions.hours !== undefined),
  }
}

/** Until when a verdict by these rules holds. */
export function holdsUntil({ readsClock }: RuleSet, nowMs: number): number {
  return readsClock ? endOfMinute(nowMs) : Number.POSITIVE_INFINITY
}

export interface RuleInput {
  readonly statements: readonly Statement[]
  readonly defaultSchema: string
  readonly nowMs: number
}

/** The strictest verdict of the request's statements. */
export function judgeByRules({ rules }: RuleSet, input: RuleInput): Verdict {
  if (rules.length === 0) return ALLOW
  const current = rules.filter((rule) => rule.fitsTime(input.nowMs))
  let verdict = ALLOW
  for (const statement of input.statements) {
    const found = judgeOne(current, statement, input.defaultSchema)
    if (found.action === 'block') return found
    if (found.action === 'alert') verdict = found
  }
  return verdict
}

function judgeOne(rules: readonly CompiledRule[], statement: Statement, schema: string): Verdict {
  let noted = ALLOW
  for (const one of rules) {
    if (!one.fitsStatement(statement, schema) || !one.fitsText(statement.text)) continue
    if (one.rule.action === 'allow') return noted
    if (one.rule.action === 'block') return byRule(one.rule)
    noted = byRule(one.rule)
  }
  return noted
}

function byRule({ name, action, message }: SnapshotRule): Verdict {
  const text = message === '' ? `rule "${name}" of this database` : message
  return { ...block({ rule: `rule.${name}`, message: text }), action }
}
