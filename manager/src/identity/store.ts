import type { UserQuery } from '@articdbm/contract'
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely'
import { forgetPerson } from '../masks/store.ts'
import {
  type ApiKeyRow,
  contains,
  foldKey,
  type LoginRow,
  locked,
  type Schema,
  type Tx,
  totalOf,
  type UserRow,
} from '../store/index.ts'

type Db = Kysely<Schema>
export type UserRecord = Selectable<UserRow>
export type LoginRecord = Selectable<LoginRow>
export type ApiKeyRecord = Selectable<ApiKeyRow>

export function findUser(db: Db, name: string): Promise<UserRecord | undefined> {
  return db.selectFrom('users').selectAll().where('name_key', '=', foldKey(name)).executeTakeFirst()
}

export function findUserById(db: Db, id: string): Promise<UserRecord | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listUsers(
  db: Db,
  { search = '', limit = 50, offset = 0 }: UserQuery,
): Promise<{ readonly rows: UserRecord[]; readonly total: number }> {
  const matching = db
    .selectFrom('users')
    .$if(search !== '', (query) => query.where(contains('name_key', search)))
  const rows = await matching.selectAll().orderBy('name_key').limit(limit).offset(offset).execute()
  return { rows, total: await totalOf(matching) }
}

export async function insertUser(tx: Tx, row: Insertable<UserRow>): Promise<void> {
  await tx.insertInto('users').values(row).execute()
}

export async function updatePassword(
  tx: Tx,
  id: string,
  change: Updateable<UserRow>,
): Promise<void> {
  await tx
    .updateTable('users')
    .set((column) => ({ ...change, version: column('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** Removes the person with all that is theirs; the audit has their name in its own rows. */
export async function deleteUser(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('logins').where('user_id', '=', id).execute()
  await tx.deleteFrom('api_keys').where('user_id', '=', id).execute()
  await tx.deleteFrom('grants').where('principal_id', '=', id).execute()
  await tx.deleteFrom('bypasses').where('principal_id', '=', id).execute()
  await forgetPerson(tx, id)
  await tx.deleteFrom('habits').where('principal_id', '=', id).execute()
  await tx.deleteFrom('users').where('id', '=', id).execute()
}

/** Holds all administrators' rows, so that two can't remove each other at once. */
export async function activeAdministrators(tx: Tx): Promise<readonly UserRecord[]> {
  const query = tx
    .selectFrom('users')
    .selectAll()
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .orderBy('id')
  return locked(tx, query).execute()
}

export async function insertLogin(tx: Tx, row: LoginRecord): Promise<void> {
  await tx.insertInto('logins').values(row).execute()
}

export interface LoginWithUser {
  readonly login: LoginRecord
  readonly user: UserRecord
}

export async function findLogin(
  db: Db,
  by: { readonly tokenHash: string } | { readonly id: string },
): Promise<LoginWithUser | undefined> {
  const query = db.selectFrom('logins').selectAll().where('revoked_at', 'is', null)
  const login = await ('id' in by
    ? query.where('id', '=', by.id)
    : query.where('token_hash', '=', by.tokenHash)
  ).executeTakeFirst()
  const user = login && (await findUserById(db, login.user_id))
  return login && user ? { login, user } : undefined
}

export async function updateLogin(db: Db, id: string, change: Updateable<LoginRow>): Promise<void> {
  await db.updateTable('logins').set(change).where('id', '=', id).execute()
}

export function openLogins(db: Db, userId: string, now: string): Promise<LoginRecord[]> {
  return db
    .selectFrom('logins')
    .selectAll()
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('valid_until', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute()
}

/** Ends a person's sessions but, where one is named, that one. */
export async function revokeLogins(
  tx: Tx,
  userId: string,
  now: string,
  exceptId = '',
): Promise<void> {
  await tx
    .updateTable('logins')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('id', '!=', exceptId)
    .where('revoked_at', 'is', null)
    .execute()
}

export async function deleteEndedLogins(db: Db, before: string): Promise<void> {
  await db
    .deleteFrom('logins')
    .where((login) =>
      login.or([login('valid_until', '<', before), login('revoked_at', '<', before)]),
    )
    .execute()
}

export async function insertApiKey(tx: Tx, row: ApiKeyRecord): Promise<void> {
  await tx.insertInto('api_keys').values(row).execute()
}

export async function findApiKey(db: Db, hash: string): Promise<ApiKeyRecord | undefined> {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
}

export interface NamedApiKey extends ApiKeyRecord {
  readonly user_name: string
}

/** Everybody's where no person is named. */
export function listApiKeys(db: Db, userId: string | undefined): Promise<NamedApiKey[]> {
  return db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .selectAll('api_keys')
    .select('users.name as user_name')
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
    .orderBy('api_keys.created_at', 'desc')
    .orderBy('api_keys.id')
    .limit(1000)
    .execute()
}

export async function updateApiKey(
  db: Db,
  id: string,
  change: Updateable<ApiKeyRow>,
): Promise<void> {
  await db.updateTable('api_keys').set(change).where('id', '=', id).execute()
}
