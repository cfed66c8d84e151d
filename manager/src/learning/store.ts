import type { HabitQuery } from '@articdbm/contract'
import type { Insertable, Kysely, Selectable } from 'kysely'
import { foldKey, type HabitRow, insertAll, type Schema, type Tx, totalOf } from '../store/index.ts'

type Db = Kysely<Schema>
export type HabitRecord = Selectable<HabitRow>
export type NewHabit = Insertable<HabitRow>

export type NamedHabit = Omit<HabitRecord, 'traits' | 'traits_version' | 'habit'> & {
  readonly database_name: string
  readonly user_name: string
}

function habitsWithNames(db: Db) {
  return db
    .selectFrom('habits')
    .innerJoin('databases', 'databases.id', 'habits.database_id')
    .innerJoin('users', 'users.id', 'habits.principal_id')
}

const COLUMNS = [
  'habits.id',
  'habits.database_id',
  'habits.principal_id',
  'databases.name as database_name',
  'users.name as user_name',
  'habits.application',
  'habits.state',
  'habits.sample',
  'habits.seen',
  'habits.first_seen_at',
  'habits.last_seen_at',
] as const

/** Those seen last come first. */
export async function listHabits(
  db: Db,
  { database, user, application, state, limit = 50, offset = 0 }: HabitQuery,
): Promise<{ readonly rows: NamedHabit[]; readonly total: number }> {
  const matching = habitsWithNames(db)
    .$if(database !== undefined, (q) => q.where('databases.name_key', '=', foldKey(database ?? '')))
    .$if(user !== undefined, (q) => q.where('users.name_key', '=', foldKey(user ?? '')))
    .$if(application !== undefined, (q) => q.where('habits.application', '=', application ?? ''))
    .$if(state !== undefined, (q) => q.where('habits.state', '=', state ?? ''))
  const rows = await matching
    .select(COLUMNS)
    .orderBy('habits.last_seen_at', 'desc')
    .orderBy('habits.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export function findHabit(db: Db, id: string): Promise<NamedHabit | undefined> {
  return habitsWithNames(db).select(COLUMNS).where('habits.id', '=', id).executeTakeFirst()
}

export type KnownHabit = Pick<
  HabitRecord,
  | 'database_id'
  | 'principal_id'
  | 'application'
  | 'habit'
  | 'state'
  | 'sample'
  | 'traits'
  | 'traits_version'
  | 'seen'
  | 'first_seen_at'
  | 'last_seen_at'
>

/** All of some databases, in the order of databases, people and applications. */
export function knownHabits(db: Db, databaseIds: readonly string[]): Promise<KnownHabit[]> {
  if (databaseIds.length === 0) return Promise.resolve([])
  return db
    .selectFrom('habits')
    .select(['database_id', 'principal_id', 'application', 'habit', 'state', 'sample', 'traits'])
    .select(['traits_version', 'seen', 'first_seen_at', 'last_seen_at'])
    .where('database_id', 'in', [...databaseIds])
    .orderBy('database_id')
    .orderBy('principal_id')
    .orderBy('application')
    .orderBy('id')
    .execute()
}

export async function countHabits(db: Db, databaseId: string): Promise<number> {
  return totalOf(db.selectFrom('habits').where('database_id', '=', databaseId))
}

const CHUNK = 200

/** Adds those that aren't there; of those that are, only when they were seen is followed. Says how many are new. */
export async function mergeHabits(tx: Tx, habits: readonly NewHabit[]): Promise<number> {
  let added = 0
  for (let at = 0; at < habits.length; at += CHUNK) {
    added += await mergeChunk(tx, habits.slice(at, at + CHUNK))
  }
  return added
}

async function mergeChunk(tx: Tx, habits: readonly NewHabit[]): Promise<number> {
  const rows = await tx
    .selectFrom('habits')
    .select(['id', 'seen', 'first_seen_at', 'last_seen_at'])
    .where(
      'id',
      'in',
      habits.map(({ id }) => id),
    )
    .execute()
  const known = new Map(rows.map((row) => [row.id, row]))
  for (const habit of habits) {
    const row = known.get(habit.id)
    if (!row) continue
    await tx
      .updateTable('habits')
      .set({
        seen: Math.max(Number(row.seen), Number(habit.seen)),
        first_seen_at: min(row.first_seen_at, habit.first_seen_at),
        last_seen_at: max(row.last_seen_at, habit.last_seen_at),
      })
      .where('id', '=', habit.id)
      .execute()
  }
  const fresh = habits.filter(({ id }) => !known.has(id))
  if (fresh.length > 0) await insertAll(tx, 'habits', fresh)
  return fresh.length
}

const min = (left: string, right: string): string => (left < right ? left : right)
const max = (left: string, right: string): string => (left > right ? left : right)

export async function setState(tx: Tx, id: string, state: string): Promise<void> {
  await tx.updateTable('habits').set({ state }).where('id', '=', id).execute()
}

export async function deleteHabit(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('habits').where('id', '=', id).execute()
}
