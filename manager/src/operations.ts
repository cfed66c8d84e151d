// What an operator's terminal can do with the store alone, by the very rules that REST has.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type {
  AuditEntry,
  AuditQuery,
  ChainVerification,
  CreatedUser,
  Database,
  DatabaseCreation,
  DatabaseTest,
  Grant,
  GrantCreation,
  GrantQuery,
  User,
  UserCreation,
} from '@articdbm/contract'
import { createAudit } from './audit/audit.ts'
import type { Base, Log } from './base.ts'
import type { Config } from './config.ts'
import { createProbe } from './console/probe.ts'
import { createDatabases } from './databases/databases.ts'
import { findDatabase } from './databases/store.ts'
import { createGrants } from './grants/grants.ts'
import type { Actor } from './identity/actor.ts'
import { createPasswords } from './identity/passwords.ts'
import type { Acting } from './identity/services.ts'
import { actorOf } from './identity/usable.ts'
import { createUsers } from './identity/users.ts'
import { createPublisher } from './publish/publisher.ts'
import { migrate, NotFound, openStore, type Store } from './store/index.ts'

export { type Config, readConfig } from './config.ts'

const FIRST_ADMINISTRATOR = 'owner'
const EVERYTHING = { limit: 500, offset: 0 }
const TERMINAL: Acting = { userId: '', name: 'operator', address: 'terminal' }

export interface FirstAdministrator {
  readonly name: string
  readonly oneTimePassword: string
}

export interface Operations extends AsyncDisposable {
  /** Names the migrations that it applied. */
  migrate(): Promise<readonly string[]>
  /**
   * On a store without people: makes `owner`. While nobody has changed its one-time password: makes a new one, since
   * the old one can't be shown again. Else undefined.
   */
  createFirstAdministrator(): Promise<FirstAdministrator | undefined>
  addUser(creation: UserCreation): Promise<CreatedUser>
  listUsers(): Promise<User[]>
  /** Without a password: a one-time password, which is returned. */
  setPassword(name: string, password?: string): Promise<string | undefined>
  addDatabase(creation: DatabaseCreation): Promise<Database>
  listDatabases(): Promise<Database[]>
  hasDatabase(name: string): Promise<boolean>
  /** Through the gateway's door, as an administrator. */
  testDatabase(name: string): Promise<DatabaseTest>
  addGrant(creation: GrantCreation): Promise<Grant>
  listGrants(query?: GrantQuery): Promise<Grant[]>
  revokeGrant(id: string): Promise<void>
  /** Newest first. */
  searchAudit(query: AuditQuery): Promise<AuditEntry[]>
  verifyAudit(): Promise<ChainVerification>
}

export type OperationsConfig = Pick<Config, 'store' | 'master' | 'doors' | 'passwordCost'>

export function openOperations(config: OperationsConfig, log: Log = SILENT): Operations {
  if (config.store.type === 'sqlite' && config.store.path !== ':memory:') {
    mkdirSync(dirname(config.store.path), { recursive: true, mode: 0o700 })
  }
  return operationsOn(openStore(config.store), config, log)
}

/** On a store that is open already; disposing closes it. */
export function operationsOn(
  store: Store,
  { master, doors, passwordCost }: Pick<Config, 'master' | 'doors' | 'passwordCost'>,
  log: Log = SILENT,
): Operations {
  const base: Base = {
    ...{ store, master, log, now: () => new Date() },
    // No gateway follows this process: managers on the store see the change within a second.
    ...{ announce: () => undefined, inForce: async () => undefined },
  }
  const probe = createProbe({ base, doors, publisher: createPublisher(base, () => undefined) })
  const users = createUsers({ base, passwords: createPasswords(master, passwordCost) })
  const databases = createDatabases(base, probe)
  const grants = createGrants(base)
  const audit = createAudit(base, () => undefined)
  return {
    migrate: () => migrate(store),
    createFirstAdministrator: () => createFirst(users),
    addUser: (creation) => users.create(TERMINAL, creation),
    listUsers: async () => (await users.list(EVERYTHING)).items,
    setPassword: (name, password) =>
      password === undefined
        ? users.resetPassword(TERMINAL, name)
        : users.setPassword(TERMINAL, name, password).then(() => undefined),
    addDatabase: (creation) => databases.create(TERMINAL, creation),
    listDatabases: async () => (await databases.list(OPERATOR, EVERYTHING)).items,
    hasDatabase: async (name) => (await store.read((db) => findDatabase(db, name))) !== undefined,
    testDatabase: async (name) => databases.test(await anAdministrator(store), name),
    addGrant: (creation) => grants.add(TERMINAL, creation),
    listGrants: async (query = {}) => (await grants.list({ ...EVERYTHING, ...query })).items,
    revokeGrant: (id) => grants.revoke(TERMINAL, id),
    searchAudit: async (query) => (await audit.search(OPERATOR, query)).items,
    verifyAudit: () => audit.verify(),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Whoever holds the master key and the store may do what an administrator may. */
const OPERATOR: Actor = {
  ...TERMINAL,
  role: 'admin',
  by: 'token',
  loginId: undefined,
  expiresAt: undefined,
  csrfToken: undefined,
  mustChangePassword: false,
}

async function createFirst(
  users: ReturnType<typeof createUsers>,
): Promise<FirstAdministrator | undefined> {
  const { items, total } = await users.list({ limit: 2, offset: 0 })
  const name = FIRST_ADMINISTRATOR
  if (total === 0) {
    const created = await users.create(TERMINAL, { name, displayName: 'Owner', role: 'admin' })
    return created.oneTimePassword === null
      ? undefined
      : { name, oneTimePassword: created.oneTimePassword }
  }
  const [only] = items
  if (total > 1 || only?.name !== name || !only.mustChangePassword) return undefined
  return { name, oneTimePassword: await users.resetPassword(TERMINAL, name) }
}

async function anAdministrator(store: Store): Promise<Actor> {
  const row = await store.read((db) =>
    db
      .selectFrom('users')
      .selectAll()
      .where('role', '=', 'admin')
      .where('is_active', '=', true)
      .orderBy('created_at')
      .executeTakeFirst(),
  )
  if (!row) throw new NotFound('an active administrator')
  return actorOf(row, { by: 'token', address: '127.0.0.1' })
}
