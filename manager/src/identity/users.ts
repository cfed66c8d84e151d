import { randomUUID } from 'node:crypto'
import {
  AuthenticationFailed,
  type Role,
  type User,
  type UserChange,
  type UserCreation,
  type UserPooling,
} from '@articdbm/contract'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { LastAdministrator, NotAcceptable } from '../http/faults.ts'
import { isoInstantOrNull } from '../instant.ts'
import { foldKey, NotFound, type Tx, UniqueViolation, updateVersion } from '../store/index.ts'
import type { Actor } from './actor.ts'
import { oneTimePassword, type Passwords } from './passwords.ts'
import type { Acting, Users } from './services.ts'
import {
  activeAdministrators,
  deleteUser,
  findUser,
  insertUser,
  listUsers,
  revokeLogins,
  type UserRecord,
  updatePassword,
} from './store.ts'

export interface UsersParts {
  readonly base: Base
  readonly passwords: Passwords
}

export function createUsers({ base, passwords }: UsersParts): Users {
  const setPassword = passwordSetter(base, passwords)
  return {
    list: async (query) => {
      const { rows, total } = await base.store.read((db) => listUsers(db, query))
      return { items: rows.map(presentUser), total }
    },
    get: async (name) => presentUser(await base.store.read((db) => existing(db, name))),
    create: userCreator(base, passwords),
    change: (by, name, change) => changeUser(base, by, { name, change }),
    remove: (by, name) => removeUser(base, by, name),
    resetPassword: async (by, name) => {
      const password = oneTimePassword()
      await setPassword({ by, name, password, mustChange: true, action: 'user.password-reset' })
      return password
    },
    setPassword: (by, name, password) =>
      setPassword({ by, name, password, mustChange: false, action: 'user.password-set' }),
    changePassword: async (actor, { currentPassword, newPassword }) => {
      await assertMayChange(base, passwords, actor, { currentPassword, newPassword })
      await setPassword({
        by: actor,
        name: actor.name,
        password: newPassword,
        mustChange: false,
        action: 'user.password-change',
        keepLogin: actor.loginId,
      })
    },
  }
}

function userCreator(base: Base, passwords: Passwords): Users['create'] {
  return async (by, creation) => {
    const password = creation.password ?? oneTimePassword()
    const { passwordHash, scram } = await passwords.hash(password)
    const at = base.now().toISOString()
    const row: UserRecord = {
      ...namesOf(creation),
      id: randomUUID(),
      role: creation.role,
      password_hash: passwordHash,
      scram: JSON.stringify(scram),
      is_active: true,
      must_change_password: creation.password === undefined,
      valid_until: isoInstantOrNull(creation.validUntil),
      pooling: null,
      created_at: at,
      updated_at: at,
      version: 1,
    }
    const user = await administer(base, by, 'users', async (tx) => {
      await insertUnique(tx, row)
      const result = presentUser(row)
      return { result, action: 'user.create', subject: subjectOf(row), before: null, after: result }
    })
    return { user, oneTimePassword: creation.password === undefined ? password : null }
  }
}

function namesOf(creation: UserCreation) {
  return {
    name: creation.name,
    name_key: foldKey(creation.name),
    display_name: creation.displayName ?? creation.name,
  }
}

async function insertUnique(tx: Tx, row: UserRecord): Promise<void> {
  if (await findUser(tx, row.name)) throw new UniqueViolation('users_name_key_unique')
  await insertUser(tx, row)
}

async function existing(db: Parameters<typeof findUser>[0], name: string): Promise<UserRecord> {
  const row = await findUser(db, name)
  if (!row) throw new NotFound(`user "${name}"`)
  return row
}

interface NamedChange {
  readonly name: string
  readonly change: UserChange
}

function changeUser(base: Base, by: Acting, { name, change }: NamedChange): Promise<User> {
  return administer(base, by, 'users', async (tx) => {
    const row = await existing(tx, name)
    const changed: UserRecord = {
      ...row,
      display_name: change.displayName ?? row.display_name,
      role: change.role ?? row.role,
      is_active: change.isActive ?? row.is_active,
      valid_until:
        change.validUntil === undefined ? row.valid_until : isoInstantOrNull(change.validUntil),
      pooling: change.pooling ? JSON.stringify(change.pooling) : row.pooling,
      updated_at: base.now().toISOString(),
    }
    await assertAdministratorStays(base, tx, row, changed)
    const version = change.version ?? Number(row.version)
    const { display_name, role, is_active, valid_until, pooling, updated_at } = changed
    await updateVersion(
      tx,
      'users',
      { id: row.id, version },
      { display_name, role, is_active, valid_until, pooling, updated_at },
    )
    if (!changed.is_active) await revokeLogins(tx, row.id, updated_at)
    const result = presentUser({ ...changed, version: version + 1 })
    const before = presentUser(row)
    return { result, action: 'user.change', subject: subjectOf(row), before, after: result }
  })
}

function removeUser(base: Base, by: Acting, name: string): Promise<void> {
  return administer(base, by, 'users', async (tx) => {
    const row = await existing(tx, name)
    await assertAdministratorStays(base, tx, row, undefined)
    await deleteUser(tx, row.id)
    const before = presentUser(row)
    return {
      result: undefined,
      action: 'user.remove',
      subject: subjectOf(row),
      before,
      after: null,
    }
  })
}

/** Somebody must be able to log in and administer, now and as long as the account is valid. */
async function assertAdministratorStays(
  base: Base,
  tx: Tx,
  row: UserRecord,
  changed: UserRecord | undefined,
): Promise<void> {
  if (row.role !== 'admin' || !row.is_active) return
  const isOne =
    changed?.role === 'admin' && changed.is_active && changed.valid_until === row.valid_until
  if (isOne) return
  const now = base.now().toISOString()
  const others = (await activeAdministrators(tx)).filter(
    ({ id, valid_until }) => id !== row.id && (valid_until === null || valid_until > now),
  )
  if (others.length === 0) throw new LastAdministrator()
}

interface PasswordSetting {
  readonly by: Acting
  readonly name: string
  readonly password: string
  readonly mustChange: boolean
  readonly action: string
  readonly keepLogin?: string | undefined
}

function passwordSetter(base: Base, passwords: Passwords) {
  return async (setting: PasswordSetting): Promise<void> => {
    const { passwordHash, scram } = await passwords.hash(setting.password)
    const at = base.now().toISOString()
    await administer(base, setting.by, 'users', async (tx) => {
      const row = await existing(tx, setting.name)
      await updatePassword(tx, row.id, {
        password_hash: passwordHash,
        scram: JSON.stringify(scram),
        must_change_password: setting.mustChange,
        updated_at: at,
      })
      await revokeLogins(tx, row.id, at, setting.keepLogin)
      const subject = subjectOf(row)
      return { result: undefined, action: setting.action, subject, before: null, after: null }
    })
  }
}

async function assertMayChange(
  base: Base,
  passwords: Passwords,
  actor: Actor,
  given: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const row = await base.store.read((db) => existing(db, actor.name))
  if (!(await passwords.isRight(given.currentPassword, row.password_hash))) {
    throw new AuthenticationFailed(actor.name)
  }
  if (given.currentPassword === given.newPassword) {
    throw new NotAcceptable('password_unchanged', 'the new password is the old one: take another')
  }
}

function subjectOf(row: UserRecord): string {
  return `user:${row.name}`
}

/** Empty: as each database says. */
export function readPooling({ pooling }: Pick<UserRecord, 'pooling'>): UserPooling {
  return pooling === null ? {} : (JSON.parse(pooling) as UserPooling)
}

export function presentUser(row: UserRecord): User {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role as Role,
    isActive: row.is_active,
    mustChangePassword: row.must_change_password,
    validUntil: row.valid_until,
    pooling: readPooling(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: Number(row.version),
  }
}
