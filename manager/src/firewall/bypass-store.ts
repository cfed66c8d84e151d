import type { BypassQuery } from '@articdbm/contract'
import type { Insertable, Kysely } from 'kysely'
import { type BypassRow, foldKey, type Schema, type Tx, totalOf } from '../store/index.ts'

export interface NamedBypass {
  readonly id: string
  readonly database_name: string
  readonly rule: string
  readonly digest: string
  readonly user_name: string | null
  readonly reason: string
  readonly created_by: string
  readonly creator_name: string | null
  readonly created_at: string
  readonly valid_until: string
  readonly ended_at: string | null
}

function bypassesWithNames(db: Kysely<Schema>) {
  return db
    .selectFrom('bypasses')
    .innerJoin('databases', 'databases.id', 'bypasses.database_id')
    .leftJoin('users', 'users.id', 'bypasses.principal_id')
    .leftJoin('users as creators', 'creators.id', 'bypasses.created_by')
}

const COLUMNS = [
  'bypasses.id',
  'databases.name as database_name',
  'bypasses.rule',
  'bypasses.digest',
  'users.name as user_name',
  'bypasses.reason',
  'bypasses.created_by',
  'creators.name as creator_name',
  'bypasses.created_at',
  'bypasses.valid_until',
  'bypasses.ended_at',
] as const

/** Newest first. */
export async function listBypasses(
  db: Kysely<Schema>,
  { database, state, limit = 50, offset = 0 }: BypassQuery,
  now: string,
): Promise<{ readonly rows: NamedBypass[]; readonly total: number }> {
  const matching = bypassesWithNames(db)
    .$if(database !== undefined, (q) => q.where('databases.name_key', '=', foldKey(database ?? '')))
    .$if(state === 'open', (q) =>
      q.where('bypasses.ended_at', 'is', null).where('bypasses.valid_until', '>', now),
    )
    .$if(state === 'ended', (q) =>
      q.where((bypass) =>
        bypass.or([
          bypass('bypasses.ended_at', 'is not', null),
          bypass('bypasses.valid_until', '<=', now),
        ]),
      ),
    )
  const rows = await matching
    .select(COLUMNS)
    .orderBy('bypasses.created_at', 'desc')
    .orderBy('bypasses.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export function findBypass(db: Kysely<Schema>, id: string): Promise<NamedBypass | undefined> {
  return bypassesWithNames(db).select(COLUMNS).where('bypasses.id', '=', id).executeTakeFirst()
}

export async function countOpenBypasses(db: Kysely<Schema>, now: string): Promise<number> {
  return totalOf(
    db.selectFrom('bypasses').where('ended_at', 'is', null).where('valid_until', '>', now),
  )
}

export async function insertBypass(tx: Tx, row: Insertable<BypassRow>): Promise<void> {
  await tx.insertInto('bypasses').values(row).execute()
}

export async function endBypass(tx: Tx, id: string, now: string): Promise<void> {
  await tx
    .updateTable('bypasses')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

export async function endBypassesOf(tx: Tx, rule: string, now: string): Promise<void> {
  await tx
    .updateTable('bypasses')
    .set({ ended_at: now })
    .where('rule', '=', rule)
    .where('ended_at', 'is', null)
    .execute()
}
