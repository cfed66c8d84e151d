import type { MaskQuery } from '@articdbm/contract'
import type { Insertable, Kysely, Selectable } from 'kysely'
import {
  contains,
  foldKey,
  locked,
  type MaskRow,
  type Schema,
  type Tx,
  totalOf,
  UniqueViolation,
} from '../store/index.ts'

type Db = Kysely<Schema>

export type NamedMask = Omit<Selectable<MaskRow>, 'table_key' | 'column_key'> & {
  readonly database_name: string
  readonly creator_name: string | null
}

function masksWithNames(db: Db) {
  return db
    .selectFrom('masks')
    .innerJoin('databases', 'databases.id', 'masks.database_id')
    .leftJoin('users as creators', 'creators.id', 'masks.created_by')
}

const COLUMNS = [
  'masks.id',
  'masks.database_id',
  'databases.name as database_name',
  'masks.table_name',
  'masks.column_name',
  'masks.form',
  'masks.except_roles',
  'masks.except_principals',
  'masks.created_by',
  'creators.name as creator_name',
  'masks.created_at',
  'masks.updated_at',
  'masks.version',
] as const

/** In the order of databases, tables and columns. */
export async function listMasks(
  db: Db,
  { database, limit = 50, offset = 0 }: MaskQuery,
): Promise<{ readonly rows: NamedMask[]; readonly total: number }> {
  const matching = masksWithNames(db).$if(database !== undefined, (q) =>
    q.where('databases.name_key', '=', foldKey(database ?? '')),
  )
  const rows = await matching
    .select(COLUMNS)
    .orderBy('databases.name_key')
    .orderBy('masks.table_key')
    .orderBy('masks.column_key')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export function findMask(db: Db, id: string): Promise<NamedMask | undefined> {
  return masksWithNames(db).select(COLUMNS).where('masks.id', '=', id).executeTakeFirst()
}

export async function countMasks(db: Db, databaseId: string): Promise<number> {
  return totalOf(db.selectFrom('masks').where('database_id', '=', databaseId))
}

/** A column has one mask, in whatever case its name and its table's are written. */
export async function insertMask(
  tx: Tx,
  row: Omit<Insertable<MaskRow>, 'table_key' | 'column_key'>,
): Promise<void> {
  const keys = { table_key: foldKey(row.table_name), column_key: foldKey(row.column_name) }
  const other = await tx
    .selectFrom('masks')
    .select('id')
    .where('database_id', '=', row.database_id)
    .where('table_key', '=', keys.table_key)
    .where('column_key', '=', keys.column_key)
    .executeTakeFirst()
  if (other) throw new UniqueViolation('masks_database_id_table_key_column_key_unique')
  await tx
    .insertInto('masks')
    .values({ ...row, ...keys })
    .execute()
}

export async function deleteMask(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('masks').where('id', '=', id).execute()
}

export interface Person {
  readonly id: string
  readonly name: string
}

/** Those of the names that there are, in whatever case they are written. */
export async function peopleNamed(db: Db, names: readonly string[]): Promise<readonly Person[]> {
  if (names.length === 0) return []
  return db
    .selectFrom('users')
    .select(['id', 'name'])
    .where('name_key', 'in', names.map(foldKey))
    .orderBy('name_key')
    .execute()
}

const CHUNK = 500

/** Those of the ids that there are, in the order of their names. */
export async function peopleOf(db: Db, ids: readonly string[]): Promise<readonly Person[]> {
  const people: (Person & { readonly name_key: string })[] = []
  for (let at = 0; at < ids.length; at += CHUNK) {
    const some = db
      .selectFrom('users')
      .select(['id', 'name', 'name_key'])
      .where('id', 'in', ids.slice(at, at + CHUNK))
    people.push(...(await some.execute()))
  }
  return people.sort((one, other) => (one.name_key < other.name_key ? -1 : 1))
}

/** From all exceptions: what is kept for somebody must not outlive them. */
export async function forgetPerson(tx: Tx, id: string): Promise<void> {
  const naming = tx
    .selectFrom('masks')
    .select(['id', 'except_principals'])
    .where(contains('except_principals', id))
    .orderBy('id')
  for (const mask of await locked(tx, naming).execute()) {
    const others = (JSON.parse(mask.except_principals) as string[]).filter((one) => one !== id)
    await tx
      .updateTable('masks')
      .set((column) => ({
        except_principals: JSON.stringify(others),
        version: column('version', '+', 1),
      }))
      .where('id', '=', mask.id)
      .execute()
  }
}
