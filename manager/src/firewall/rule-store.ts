import type { RuleQuery } from '@articdbm/contract'
import type { Insertable, Kysely } from 'kysely'
import { foldKey, type RuleRow, type Schema, type Tx, totalOf } from '../store/index.ts'

export interface NamedRule {
  readonly id: string
  readonly name: string
  readonly database_id: string | null
  readonly database_name: string | null
  readonly position: number | bigint
  readonly is_on: boolean
  readonly action: string
  readonly message: string
  readonly conditions: string
  readonly created_by: string
  readonly creator_name: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly version: number | bigint
}

function rulesWithNames(db: Kysely<Schema>) {
  return db
    .selectFrom('rules')
    .leftJoin('databases', 'databases.id', 'rules.database_id')
    .leftJoin('users as creators', 'creators.id', 'rules.created_by')
}

const COLUMNS = [
  'rules.id',
  'rules.name',
  'rules.database_id',
  'databases.name as database_name',
  'rules.position',
  'rules.is_on',
  'rules.action',
  'rules.message',
  'rules.conditions',
  'rules.created_by',
  'creators.name as creator_name',
  'rules.created_at',
  'rules.updated_at',
  'rules.version',
] as const

export async function listRules(
  db: Kysely<Schema>,
  { database, limit = 50, offset = 0 }: RuleQuery,
): Promise<{ readonly rows: NamedRule[]; readonly total: number }> {
  const matching = rulesWithNames(db).$if(database !== undefined, (q) =>
    q.where((rule) =>
      rule.or([
        rule('rules.database_id', 'is', null),
        rule('databases.name_key', '=', foldKey(database ?? '')),
      ]),
    ),
  )
  const rows = await matching
    .select(COLUMNS)
    .orderBy('rules.position')
    .orderBy('rules.name')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export function findRule(db: Kysely<Schema>, name: string): Promise<NamedRule | undefined> {
  return rulesWithNames(db).select(COLUMNS).where('rules.name', '=', name).executeTakeFirst()
}

export async function insertRule(tx: Tx, row: Insertable<RuleRow>): Promise<void> {
  await tx.insertInto('rules').values(row).execute()
}

export async function deleteRule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('rules').where('id', '=', id).execute()
}

export interface RulePlace {
  readonly id: string
  readonly name: string
  readonly position: number
}

/** All of them, in their order. */
export async function rulePlaces(tx: Tx): Promise<RulePlace[]> {
  const rows = await tx
    .selectFrom('rules')
    .select(['id', 'name', 'position'])
    .orderBy('position')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({ ...row, position: Number(row.position) }))
}

export async function placeRule(tx: Tx, id: string, position: number): Promise<void> {
  await tx.updateTable('rules').set({ position }).where('id', '=', id).execute()
}
