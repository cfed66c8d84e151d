import type { GrantQuery } from '@articdbm/contract'
import type { Insertable, Kysely } from 'kysely'
import { foldKey, type GrantRow, type Schema, type Tx, totalOf } from '../store/index.ts'

export interface NamedGrant {
  readonly id: string
  readonly user_name: string
  readonly database_name: string
  readonly schema_name: string
  readonly table_name: string
  readonly actions: string
  readonly valid_until: string | null
  readonly created_at: string
  readonly created_by: string
  readonly creator_name: string | null
}

function grantsWithNames(db: Kysely<Schema>) {
  return db
    .selectFrom('grants')
    .innerJoin('users', 'users.id', 'grants.principal_id')
    .innerJoin('databases', 'databases.id', 'grants.database_id')
    .leftJoin('users as creators', 'creators.id', 'grants.created_by')
    .where('grants.revoked_at', 'is', null)
}

const COLUMNS = [
  'grants.id',
  'users.name as user_name',
  'databases.name as database_name',
  'grants.schema_name',
  'grants.table_name',
  'grants.actions',
  'grants.valid_until',
  'grants.created_at',
  'grants.created_by',
  'creators.name as creator_name',
] as const

export async function listGrants(
  db: Kysely<Schema>,
  { user, database, limit = 50, offset = 0 }: GrantQuery,
): Promise<{ readonly rows: NamedGrant[]; readonly total: number }> {
  const matching = grantsWithNames(db)
    .$if(user !== undefined, (q) => q.where('users.name_key', '=', foldKey(user ?? '')))
    .$if(database !== undefined, (q) => q.where('databases.name_key', '=', foldKey(database ?? '')))
  const rows = await matching
    .select(COLUMNS)
    .orderBy('grants.created_at', 'desc')
    .orderBy('grants.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export function findGrant(db: Kysely<Schema>, id: string): Promise<NamedGrant | undefined> {
  return grantsWithNames(db).select(COLUMNS).where('grants.id', '=', id).executeTakeFirst()
}

export async function insertGrant(tx: Tx, row: Insertable<GrantRow>): Promise<void> {
  await tx.insertInto('grants').values(row).execute()
}

export async function revokeGrant(tx: Tx, id: string, now: string): Promise<void> {
  await tx.updateTable('grants').set({ revoked_at: now }).where('id', '=', id).execute()
}
