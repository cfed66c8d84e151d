// Habits put together to what is known of each person's application, for gateways and for pages.
import type { SnapshotLearnt } from '@articdbm/contract'
import { Learner, type Learnt } from '@articdbm/firewall'
import type { Kysely } from 'kysely'
import type { Schema, Tx } from '../store/index.ts'
import { keysOf } from './habit.ts'
import { type KnownHabit, knownHabits } from './store.ts'

export interface KnownApplication {
  readonly databaseId: string
  readonly principalId: string
  readonly application: string
  readonly habits: readonly KnownHabit[]
  readonly learnt: Learnt
}

interface DatabaseFacts {
  readonly id: string
  readonly engine: string
}

export async function applicationsOf(
  db: Kysely<Schema>,
  databases: readonly DatabaseFacts[],
): Promise<KnownApplication[]> {
  const engines = new Map(databases.map(({ id, engine }) => [id, engine]))
  const habits = await knownHabits(db, [...engines.keys()])
  const groups = Map.groupBy(habits, (row) =>
    JSON.stringify([row.database_id, row.principal_id, row.application]),
  )
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    const { database_id: databaseId, principal_id: principalId, application } = first
    const learnt = learntOf(own, engines.get(databaseId) ?? '')
    return [{ databaseId, principalId, application, habits: own, learnt }]
  })
}

function learntOf(habits: readonly KnownHabit[], engine: string): Learnt {
  const learner = new Learner()
  for (const row of habits) {
    if (row.state === 'denied') learner.deny(row.habit)
    // Somebody has looked at it: that it was seen once doesn't make its application a new one.
    else learner.learn(keysOf(row, engine), Math.max(Number(row.seen), MIN_SEEN[row.state] ?? 1))
  }
  return learner.learnt
}

const MIN_SEEN: Readonly<Record<string, number>> = { promoted: 2 }

/** Of databases whose policy looks at it. */
export async function publishedLearnt(
  tx: Tx,
  databases: readonly (DatabaseFacts & { readonly policy: { readonly learning?: string } })[],
): Promise<SnapshotLearnt[]> {
  const asked = databases.filter(({ policy }) => (policy.learning ?? 'off') !== 'off')
  const applications = await applicationsOf(tx, asked)
  return applications.map(({ databaseId, principalId, application, learnt }) => ({
    ...{ databaseId, principalId, application },
    ...{ statements: learnt.statements, novelty: learnt.novelty },
    structureNovelty: learnt.structureNovelty,
    ...{ traits: [...learnt.traits], denied: [...learnt.denied] },
  }))
}
