// Reads the audit once and keeps what each person's application does.
import type { LearningRequest, LearningResult } from '@articdbm/contract'
import type { Trait } from '@articdbm/firewall'
import { administer } from '../audit/administer.ts'
import { type PastStatement, statementsBefore } from '../audit/statements.ts'
import { walkPast } from '../audit/walk-past.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { findUser } from '../identity/store.ts'
import { NotFound } from '../store/index.ts'
import { habitRow, traitsOfPast } from './habit.ts'
import { countHabits, mergeHabits, type NewHabit } from './store.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MAX_STATEMENTS = 500_000
/** Of one database: what goes on having new ones is no application that can be known. */
const MAX_HABITS = 20_000
const PATIENCE_MS = 60_000
/** A statement with so much of a sign of injection is learnt by nobody but a person. */
const SUSPICIOUS = 40
const MAX_TEXTS = 5_000

/** One at a time: it costs the manager much of a core while it lasts. */
export function createLearn(base: Base) {
  let isUnderWay = false
  return async (by: Acting, request: LearningRequest, signal: AbortSignal) => {
    if (isUnderWay) {
      throw new NotAcceptable('learning_under_way', 'somebody else learns now: wait for them')
    }
    isUnderWay = true
    try {
      return await learn(base, by, request, signal)
    } finally {
      isUnderWay = false
    }
  }
}

async function learn(
  base: Base,
  by: Acting,
  request: LearningRequest,
  signal: AbortSignal,
): Promise<LearningResult> {
  const until = base.now()
  const from = new Date(until.getTime() - (request.days ?? DEFAULT_DAYS) * DAY_MS).toISOString()
  const scope = { ...(await scopeOf(base, request)), from }
  const gathering = new Gathering()
  const stoppedBy = await walkPast({
    ...{ maxStatements: MAX_STATEMENTS, patienceMs: PATIENCE_MS, now: base.now, signal },
    read: (before, limit) =>
      base.store.read((db) => statementsBefore(db, { ...scope, before, limit })),
    take: (row) => gathering.take(row),
  })
  const habits = gathering.habits
  return administer(base, by, 'firewall', async (tx) => {
    const room = MAX_HABITS - (await countHabits(tx, scope.databaseId))
    if (habits.length > room) {
      throw new NotAcceptable(
        'too_many_habits',
        `it would be more than ${MAX_HABITS} habits: learn one user or application at a time, or fewer days`,
      )
    }
    const newHabits = await mergeHabits(tx, habits)
    const { examined, leftOut } = gathering
    const oldest = stoppedBy === null ? from : (gathering.oldestAt ?? from)
    const result: LearningResult = {
      ...{ from: oldest, until: until.toISOString(), stoppedBy, examined },
      ...{ learnt: examined - leftOut, leftOut, newHabits },
    }
    const subject = `database:${request.database}`
    return { result, action: 'learning.learn', subject, before: null, after: result }
  })
}

interface Scope {
  readonly databaseId: string
  readonly principalId: string | undefined
  readonly application: string | undefined
}

async function scopeOf(
  base: Base,
  { database, user, application }: LearningRequest,
): Promise<Scope> {
  return base.store.read(async (db) => {
    const found = await findDatabase(db, database)
    if (!found) throw new NotFound(`database "${database}"`)
    const person = user === undefined ? undefined : await findUser(db, user)
    if (user !== undefined && !person) throw new NotFound(`user "${user}"`)
    return { databaseId: found.id, principalId: person?.id, application }
  })
}

/** What was gathered so far; statements come newest first. */
class Gathering {
  readonly #habits = new Map<string, NewHabit>()
  /** Texts come again and again. */
  readonly #texts = new Map<string, readonly Trait[] | undefined>()
  oldestAt: string | undefined
  examined = 0
  leftOut = 0

  get habits(): readonly NewHabit[] {
    return [...this.#habits.values()]
  }

  take(row: PastStatement): void {
    this.examined += 1
    this.oldestAt = row.at
    const traits = isLearnable(row) ? this.#traitsOf(row) : undefined
    if (!traits) {
      this.leftOut += 1
      return
    }
    const made = habitRow(row, traits, 'learnt')
    const known = this.#habits.get(made.id)
    if (known) {
      known.seen = Number(known.seen) + 1
      known.first_seen_at = row.at
    } else if (this.#habits.size <= MAX_HABITS) this.#habits.set(made.id, made)
  }

  #traitsOf(row: PastStatement): readonly Trait[] | undefined {
    if (this.#texts.has(row.sql_text)) return this.#texts.get(row.sql_text)
    const traits = traitsOfPast(row)
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear()
    this.#texts.set(row.sql_text, traits)
    return traits
  }
}

/** What was strange is learnt by who says so; what a bypass let through is no habit. */
function isLearnable({ verdict, rule, score }: PastStatement): boolean {
  return verdict === 'allow' && rule === '' && Number(score) < SUSPICIOUS
}
