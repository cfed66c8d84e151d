import { randomBytes, randomUUID } from 'node:crypto'
import type { ApiKey, ApiKeyCreation, CreatedApiKey } from '@articdbm/contract'
import { administerQuietly } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { NotAcceptable, NotAuthenticated } from '../http/faults.ts'
import { isoInstantOrNull } from '../instant.ts'
import { NotFound } from '../store/index.ts'
import type { Actor } from './actor.ts'
import { may } from './permissions.ts'
import { secretHash } from './secret-hash.ts'
import type { ApiKeys } from './services.ts'
import {
  type ApiKeyRecord,
  findApiKey,
  findUserById,
  insertApiKey,
  listApiKeys,
  type NamedApiKey,
  updateApiKey,
} from './store.ts'
import { actorOf, isUsable } from './usable.ts'

const PREFIX = 'adbm_'
const SHOWN_CHARACTERS = PREFIX.length + 6
const SEEN_EVERY_MS = 60_000

export function isApiKey(credential: string): boolean {
  return credential.startsWith(PREFIX)
}

export function createApiKeys(base: Base): ApiKeys {
  return {
    list: async (actor) => {
      const whose = may(actor.role, 'users:write') ? undefined : actor.userId
      const rows = await base.store.read((db) => listApiKeys(db, whose))
      return rows.map(presentKey)
    },
    create: (actor, creation) => createKey(base, actor, creation),
    revoke: (actor, id) => revokeKey(base, actor, id),
  }
}

async function createKey(
  base: Base,
  actor: Actor,
  creation: ApiKeyCreation,
): Promise<CreatedApiKey> {
  const now = base.now()
  const validUntil = isoInstantOrNull(creation.validUntil)
  if (validUntil !== null && new Date(validUntil) <= now) {
    throw new NotAcceptable('already_expired', 'this key would have expired already')
  }
  const key = `${PREFIX}${randomBytes(32).toString('base64url')}`
  const row: ApiKeyRecord = {
    id: randomUUID(),
    user_id: actor.userId,
    name: creation.name,
    hash: secretHash(key),
    prefix: key.slice(0, SHOWN_CHARACTERS),
    last_used_at: null,
    valid_until: validUntil,
    revoked_at: null,
    created_at: now.toISOString(),
  }
  return administerQuietly(base, actor, async (tx) => {
    await insertApiKey(tx, row)
    const apiKey = presentKey({ ...row, user_name: actor.name })
    const subject = `api-key:${row.prefix}`
    return {
      result: { apiKey, key },
      action: 'api-key.create',
      subject,
      before: null,
      after: apiKey,
    }
  })
}

function revokeKey(base: Base, actor: Actor, id: string): Promise<void> {
  return administerQuietly(base, actor, async (tx) => {
    const whose = may(actor.role, 'users:write') ? undefined : actor.userId
    const row = (await listApiKeys(tx, whose)).find((key) => key.id === id)
    if (!row || row.revoked_at !== null) throw new NotFound('this API key')
    await updateApiKey(tx, id, { revoked_at: base.now().toISOString() })
    const subject = `api-key:${row.prefix}`
    const before = presentKey(row)
    return { result: undefined, action: 'api-key.revoke', subject, before, after: null }
  })
}

export async function actorOfKey(base: Base, credential: string, address: string): Promise<Actor> {
  const now = base.now()
  const key = await base.store.read((db) => findApiKey(db, secretHash(credential)))
  const isValid = key && (key.valid_until === null || new Date(key.valid_until) > now)
  const user = isValid && (await base.store.read((db) => findUserById(db, key.user_id)))
  if (!user || !isUsable(user, now)) {
    throw new NotAuthenticated('the API key is not valid, was revoked or has expired')
  }
  await markUsed(base, key, now)
  return {
    ...actorOf(user, { by: 'api_key', address, expiresAt: key.valid_until ?? undefined }),
    // A key was made by a person who had a password of their own.
    mustChangePassword: false,
  }
}

async function markUsed(base: Base, key: ApiKeyRecord, now: Date): Promise<void> {
  const lastMs = key.last_used_at === null ? 0 : new Date(key.last_used_at).getTime()
  if (now.getTime() - lastMs < SEEN_EVERY_MS) return
  await updateApiKey(base.store.db, key.id, { last_used_at: now.toISOString() })
}

function presentKey(row: NamedApiKey): ApiKey {
  return {
    id: row.id,
    name: row.name,
    user: row.user_name,
    prefix: row.prefix,
    createdAt: row.created_at,
    validUntil: row.valid_until,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}
