import { randomUUID } from 'node:crypto'
import type { Area, Base } from '../base.ts'
import type { Acting } from '../identity/services.ts'
import { nextRevision, type Tx } from '../store/index.ts'
import { append } from './chain.ts'
import { actRow } from './events.ts'

/** What an administrative change did. `before` and `after` are for the audit and never hold a secret. */
export interface Deed<T> {
  readonly result: T
  /** `user.create`, `grant.revoke` … */
  readonly action: string
  /** `user:ada`, `database:shop` … */
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

/**
 * One change: its rows, its audit row and the snapshot's new revision stand or fall together. Resolves when the change is
 * in force at the doors, so that who has the answer can rely on it.
 */
export async function administer<T>(
  base: Base,
  by: Acting,
  area: Area,
  work: (tx: Tx) => Promise<Deed<T>>,
): Promise<T> {
  const { result, revision } = await base.store.transaction(async (tx) => {
    const deed = await work(tx)
    const revision = await nextRevision(tx)
    await recordDeed(base, tx, by, deed)
    return { result: deed.result, revision }
  })
  base.announce(area)
  await base.inForce(revision)
  return result
}

/** A change that no gateway needs to know of. */
export function administerQuietly<T>(
  base: Base,
  by: Acting,
  work: (tx: Tx) => Promise<Deed<T>>,
): Promise<T> {
  return base.store.transaction(async (tx) => {
    const deed = await work(tx)
    await recordDeed(base, tx, by, deed)
    return deed.result
  })
}

export async function recordDeed(
  base: Base,
  tx: Tx,
  by: Acting,
  deed: Omit<Deed<unknown>, 'result'>,
): Promise<void> {
  const row = actRow({
    id: randomUUID(),
    at: base.now().toISOString(),
    kind: 'administration',
    principalId: by.userId,
    principal: by.name,
    address: by.address,
    application: '',
    action: deed.action,
    subject: deed.subject,
    isRefused: false,
    message: '',
    before: deed.before,
    after: deed.after,
  })
  await append(tx, { started: [row], ended: [] })
}

export interface WebLogin {
  readonly principalId: string
  readonly principal: string
  readonly address: string
  readonly userAgent: string
  readonly isRefused: boolean
  readonly message: string
}

/** A login at the manager's own door, refused or not. */
export async function recordLogin(base: Base, tx: Tx, login: WebLogin): Promise<void> {
  const row = actRow({
    id: randomUUID(),
    at: base.now().toISOString(),
    kind: 'session',
    principalId: login.principalId,
    principal: login.principal,
    address: login.address,
    application: login.userAgent,
    action: login.isRefused ? 'login.refused' : 'login.opened',
    subject: '',
    isRefused: login.isRefused,
    message: login.message,
    before: null,
    after: null,
  })
  await append(tx, { started: [row], ended: [] })
}
