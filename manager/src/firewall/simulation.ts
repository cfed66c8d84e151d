// What a rule would have met, had it been there: the audit's statements are read again and asked by its conditions.
import {
  dialectOf,
  type Engine,
  type RuleConditions,
  type RuleSimulation,
  type SimulatedRule,
  type SnapshotRule,
} from '@articdbm/contract'
import { judgeByRules, rulesFor } from '@articdbm/firewall'
import { analyze } from '@articdbm/sql'
import { type PastStatement, statementsBefore } from '../audit/statements.ts'
import { walkPast } from '../audit/walk-past.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import { NotFound } from '../store/index.ts'
import { assertReadable } from './readable.ts'
import type { Rules } from './services.ts'
import { Tally } from './tally.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MAX_STATEMENTS = 100_000
const PATIENCE_MS = 30_000

/** One at a time: it costs the manager much of a core while it lasts. */
export function createSimulation(base: Base): Rules['simulate'] {
  let isUnderWay = false
  return async (simulation, signal) => {
    assertReadable(simulation.conditions)
    if (isUnderWay) {
      throw new NotAcceptable(
        'simulation_under_way',
        'another simulation is under way: wait for it',
      )
    }
    isUnderWay = true
    try {
      return await simulate(base, simulation, signal)
    } finally {
      isUnderWay = false
    }
  }
}

async function simulate(
  base: Base,
  { database = null, conditions, days = DEFAULT_DAYS }: RuleSimulation,
  signal: AbortSignal,
): Promise<SimulatedRule> {
  const until = base.now()
  const from = new Date(until.getTime() - days * DAY_MS).toISOString()
  const databaseId = database === null ? undefined : await idOf(base, database)
  const rule = asRule(conditions)
  const tally = new Tally(from, until.toISOString())
  const stoppedBy = await walkPast({
    ...{ maxStatements: MAX_STATEMENTS, patienceMs: PATIENCE_MS, now: base.now, signal },
    read: (before, limit) =>
      base.store.read((db) => statementsBefore(db, { databaseId, from, before, limit })),
    take: (row) => tally.examine(row, row.is_truncated ? undefined : meets(rule, row)),
  })
  return tally.told(stoppedBy)
}

async function idOf(base: Base, name: string): Promise<string> {
  const database = await base.store.read((db) => findDatabase(db, name))
  if (!database) throw new NotFound(`database "${name}"`)
  return database.id
}

function asRule(conditions: RuleConditions): SnapshotRule {
  return { name: 'simulated', databaseId: null, action: 'block', message: '', conditions }
}

function meets(rule: SnapshotRule, row: PastStatement): boolean {
  const caller = {
    ...{ person: row.principal, role: row.role ?? '', door: row.door },
    ...{ address: row.address, application: row.application },
  }
  const rules = rulesFor([rule], '', caller)
  if (rules.rules.length === 0) return false
  const { statements } = analyze(row.sql_text, dialectOf(row.engine as Engine))
  const input = { statements, defaultSchema: row.default_schema, nowMs: Date.parse(row.at) }
  return judgeByRules(rules, input).action === 'block'
}
