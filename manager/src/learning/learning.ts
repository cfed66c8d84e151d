import type { Habit, HabitCreation, HabitState, LearntApplication } from '@articdbm/contract'
import { acquaintanceWith } from '@articdbm/firewall'
import type { Kysely } from 'kysely'
import { administer } from '../audit/administer.ts'
import { pastStatement } from '../audit/statements.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { NotFound, type Schema, type Tx } from '../store/index.ts'
import { habitRow, traitsOfPast } from './habit.ts'
import { applicationsOf } from './known.ts'
import { createLearn } from './learn.ts'
import type { Learning } from './services.ts'
import {
  deleteHabit,
  findHabit,
  listHabits,
  mergeHabits,
  type NamedHabit,
  setState,
} from './store.ts'

export function createLearning(base: Base): Learning {
  return {
    applications: ({ database }) => base.store.read((db) => listApplications(db, database)),
    habits: async (query) => {
      const { rows, total } = await base.store.read((db) => listHabits(db, query))
      return { items: rows.map(presentHabit), total }
    },
    learn: createLearn(base),
    add: (by, creation) => addHabit(base, by, creation),
    change: (by, id, state) => changeHabit(base, by, { id, state }),
    forget: (by, id) => forgetHabit(base, by, id),
  }
}

async function listApplications(
  db: Kysely<Schema>,
  database: string | undefined,
): Promise<LearntApplication[]> {
  const only = database === undefined ? undefined : await findDatabase(db, database)
  if (database !== undefined && !only) throw new NotFound(`database "${database}"`)
  const databases = only
    ? [only]
    : await db.selectFrom('databases').select(['id', 'name', 'engine']).execute()
  const names = new Map(databases.map(({ id, name }) => [id, name]))
  const users = await db.selectFrom('users').select(['id', 'name']).execute()
  const people = new Map(users.map(({ id, name }) => [id, name]))
  return (await applicationsOf(db, databases)).map(({ habits, learnt, ...one }) => ({
    database: names.get(one.databaseId) ?? '',
    user: people.get(one.principalId) ?? '',
    application: one.application,
    habits: habits.length,
    denied: learnt.denied.size,
    statements: learnt.statements,
    novelty: learnt.novelty,
    known: acquaintanceWith(learnt),
    firstSeenAt: habits.map((row) => row.first_seen_at).sort()[0] ?? '',
    lastSeenAt:
      habits
        .map((row) => row.last_seen_at)
        .sort()
        .at(-1) ?? '',
  }))
}

function addHabit(base: Base, by: Acting, { auditId, state }: HabitCreation): Promise<Habit> {
  return administer(base, by, 'firewall', async (tx) => {
    const row = await pastStatement(tx, auditId)
    if (!row) throw new NotFound('this statement, or its person or database')
    const traits = traitsOfPast(row)
    if (!traits) {
      throw new NotAcceptable('not_learnable', 'this statement was not wholly understood or kept')
    }
    const made = habitRow(row, traits, state)
    await mergeHabits(tx, [made])
    await setState(tx, made.id, state)
    const result = presentHabit(await existing(tx, made.id))
    const subject = subjectOf(result)
    return { result, action: 'learning.add', subject, before: null, after: result }
  })
}

interface NamedChange {
  readonly id: string
  readonly state: HabitState
}

function changeHabit(base: Base, by: Acting, { id, state }: NamedChange): Promise<Habit> {
  return administer(base, by, 'firewall', async (tx) => {
    const before = presentHabit(await existing(tx, id))
    await setState(tx, id, state)
    const result = { ...before, state }
    return { result, action: 'learning.change', subject: subjectOf(result), before, after: result }
  })
}

function forgetHabit(base: Base, by: Acting, id: string): Promise<void> {
  return administer(base, by, 'firewall', async (tx) => {
    const before = presentHabit(await existing(tx, id))
    await deleteHabit(tx, id)
    const subject = subjectOf(before)
    return { result: undefined, action: 'learning.forget', subject, before, after: null }
  })
}

async function existing(tx: Tx, id: string): Promise<NamedHabit> {
  const row = await findHabit(tx, id)
  if (!row) throw new NotFound('this habit')
  return row
}

function subjectOf({ user, database }: Habit): string {
  return `habit:${user}@${database}`
}

function presentHabit(row: NamedHabit): Habit {
  return {
    id: row.id,
    database: row.database_name,
    user: row.user_name,
    application: row.application,
    state: row.state as HabitState,
    sample: row.sample,
    count: Number(row.seen),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  }
}
