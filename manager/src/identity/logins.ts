import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import {
  AuthenticationFailed,
  type Login,
  type LoginRequest,
  type TokenPair,
} from '@articdbm/contract'
import { deriveKey, isSameText } from '@articdbm/credential'
import { recordLogin } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { NotAuthenticated } from '../http/faults.ts'
import { NotFound } from '../store/index.ts'
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts'
import type { Actor } from './actor.ts'
import { actorOfKey, isApiKey } from './api-keys.ts'
import type { Passwords } from './passwords.ts'
import { permissionsOf } from './permissions.ts'
import { secretHash } from './secret-hash.ts'
import type { Logins, OpenedLogin, Visitor } from './services.ts'
import {
  findLogin,
  findUser,
  findUserById,
  insertLogin,
  type LoginRecord,
  openLogins,
  type UserRecord,
  updateLogin,
} from './store.ts'
import { actorOf, isUsable } from './usable.ts'
import { presentUser } from './users.ts'

const WEB_LOGIN_MS = 12 * 3_600_000
const REFRESH_MS = 30 * 24 * 3_600_000
const SEEN_EVERY_MS = 60_000
const REFRESH_PREFIX = 'adbr_'

type Kind = Login['kind']

export interface LoginsParts {
  readonly base: Base
  readonly passwords: Passwords
  readonly accessTokens: AccessTokens
}

export function createLogins(parts: LoginsParts): Logins {
  const { base } = parts
  return {
    open: (request, visitor) => openWebLogin(parts, request, visitor),
    close: async (actor) => {
      if (actor.loginId) await revoke(base, actor.userId, actor.loginId)
    },
    me: async (actor) => {
      const user = await base.store.read((db) => findUserById(db, actor.userId))
      if (!user) throw new NotAuthenticated()
      return presentMe(user, actor)
    },
    list: async (actor) => {
      const now = base.now().toISOString()
      const rows = await base.store.read((db) => openLogins(db, actor.userId, now))
      return rows.map((row) => presentLogin(row, actor))
    },
    revoke: (actor, id) => revoke(base, actor.userId, id),
    issueTokens: async (request, visitor) => {
      const user = await authenticate(parts, request, visitor)
      const { id, secret } = await startLogin(base, user, { kind: 'token', visitor })
      return tokenPair(parts, user, { id, secret })
    },
    refresh: (refreshToken, visitor) => refresh(parts, refreshToken, visitor),
    byCookie: (secret, address) => actorOfCookie(base, secret, address),
    byBearer: (credential, address) => actorOfBearer(parts, credential, address),
  }
}

async function openWebLogin(
  parts: LoginsParts,
  request: LoginRequest,
  visitor: Visitor,
): Promise<OpenedLogin> {
  const user = await authenticate(parts, request, visitor)
  const { id, secret, validUntil } = await startLogin(parts.base, user, { kind: 'web', visitor })
  const actor = actorOf(user, {
    by: 'cookie',
    address: visitor.address,
    loginId: id,
    expiresAt: validUntil,
    csrfToken: csrfToken(parts.base, id),
  })
  return { secret, me: presentMe(user, actor) }
}

/** Says the same of a wrong name, a wrong password and an account that is off. */
async function authenticate(
  { base, passwords }: LoginsParts,
  request: LoginRequest,
  visitor: Visitor,
): Promise<UserRecord> {
  const user = await base.store.read((db) => findUser(db, request.name))
  const isRight = await passwords.isRight(request.password, user?.password_hash)
  if (user && isRight && isUsable(user, base.now())) return user
  await base.store.transaction((tx) =>
    recordLogin(base, tx, {
      principalId: user?.id ?? '',
      principal: request.name,
      ...visitor,
      isRefused: true,
      message: isRight ? 'the account is switched off or has expired' : 'wrong name or password',
    }),
  )
  throw new AuthenticationFailed(request.name)
}

interface LoginStart {
  readonly kind: Kind
  readonly visitor: Visitor
}

async function startLogin(base: Base, user: UserRecord, { kind, visitor }: LoginStart) {
  const secret = randomBytes(32).toString('base64url')
  const now = base.now()
  const at = now.toISOString()
  const lifetimeMs = kind === 'web' ? WEB_LOGIN_MS : REFRESH_MS
  const row: LoginRecord = {
    id: `${kind}-${randomUUID()}`,
    user_id: user.id,
    token_hash: secretHash(secret),
    created_at: at,
    last_seen_at: at,
    valid_until: new Date(now.getTime() + lifetimeMs).toISOString(),
    address: visitor.address,
    user_agent: visitor.userAgent,
    revoked_at: null,
  }
  await base.store.transaction(async (tx) => {
    await insertLogin(tx, row)
    const { id: principalId, name: principal } = user
    await recordLogin(base, tx, {
      principalId,
      principal,
      ...visitor,
      isRefused: false,
      message: '',
    })
  })
  return { id: row.id, secret, validUntil: row.valid_until }
}

async function tokenPair(
  { accessTokens }: LoginsParts,
  user: UserRecord,
  login: { readonly id: string; readonly secret: string },
): Promise<TokenPair> {
  return {
    accessToken: await accessTokens.issue({ userId: user.id, loginId: login.id }),
    tokenType: 'Bearer',
    expiresInSeconds: ACCESS_TOKEN_SECONDS,
    refreshToken: `${REFRESH_PREFIX}${login.id}.${login.secret}`,
    refreshExpiresInSeconds: REFRESH_MS / 1000,
    mustChangePassword: user.must_change_password,
  }
}

/** A refresh token works once. An old one shown again was copied: the whole login ends. */
async function refresh(parts: LoginsParts, token: string, visitor: Visitor): Promise<TokenPair> {
  const { base } = parts
  const [id = '', secret = ''] = token.slice(REFRESH_PREFIX.length).split('.')
  const found = token.startsWith(REFRESH_PREFIX)
    ? await base.store.read((db) => findLogin(db, { id }))
    : undefined
  const now = base.now()
  if (!found || !isCurrent(found.login, now) || !isUsable(found.user, now)) {
    throw new NotAuthenticated('the refresh token is not valid: log in again')
  }
  const next = randomBytes(32).toString('base64url')
  const isMine = await rotate(base, found.login, { secret, next, visitor })
  if (!isMine) {
    await revoke(base, found.user.id, id)
    throw new NotAuthenticated('the refresh token was used before: log in again')
  }
  return tokenPair(parts, found.user, { id, secret: next })
}

interface Rotation {
  readonly secret: string
  readonly next: string
  readonly visitor: Visitor
}

async function rotate(base: Base, login: LoginRecord, rotation: Rotation): Promise<boolean> {
  const { secret, next, visitor } = rotation
  if (!isSameText(secretHash(secret), login.token_hash)) return false
  const { numUpdatedRows } = await base.store.db
    .updateTable('logins')
    .set({
      token_hash: secretHash(next),
      last_seen_at: base.now().toISOString(),
      address: visitor.address,
    })
    .where('id', '=', login.id)
    .where('token_hash', '=', login.token_hash)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function isCurrent(login: LoginRecord, now: Date): boolean {
  return login.revoked_at === null && new Date(login.valid_until) > now
}

async function revoke(base: Base, userId: string, id: string): Promise<void> {
  const now = base.now().toISOString()
  const { numUpdatedRows } = await base.store.db
    .updateTable('logins')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new NotFound('this session')
}

async function actorOfCookie(base: Base, secret: string, address: string): Promise<Actor> {
  const found = await base.store.read((db) => findLogin(db, { tokenHash: secretHash(secret) }))
  const now = base.now()
  if (!found?.login.id.startsWith('web-') || !isCurrent(found.login, now)) {
    throw new NotAuthenticated('your session has ended: log in again')
  }
  if (!isUsable(found.user, now)) throw new NotAuthenticated()
  await markSeen(base, found.login, now)
  return actorOf(found.user, {
    by: 'cookie',
    address,
    loginId: found.login.id,
    expiresAt: found.login.valid_until,
    csrfToken: csrfToken(base, found.login.id),
  })
}

async function actorOfBearer(
  { base, accessTokens }: LoginsParts,
  credential: string,
  address: string,
): Promise<Actor> {
  if (isApiKey(credential)) return actorOfKey(base, credential, address)
  const claims = await accessTokens.read(credential)
  const found = claims && (await base.store.read((db) => findLogin(db, { id: claims.loginId })))
  const now = base.now()
  if (!found || !isCurrent(found.login, now) || !isUsable(found.user, now)) {
    throw new NotAuthenticated('the access token is not valid, or has expired')
  }
  return actorOf(found.user, {
    by: 'token',
    address,
    loginId: found.login.id,
    expiresAt: claims.expiresAt,
  })
}

async function markSeen(base: Base, login: LoginRecord, now: Date): Promise<void> {
  if (now.getTime() - new Date(login.last_seen_at).getTime() < SEEN_EVERY_MS) return
  await updateLogin(base.store.db, login.id, { last_seen_at: now.toISOString() })
}

/** Bound to the login, so that it ends with it; only our own page can read it. */
function csrfToken(base: Base, loginId: string): string {
  return createHmac('sha256', deriveKey(base.master, 'csrf')).update(loginId).digest('base64url')
}

function presentMe(user: UserRecord, actor: Actor): OpenedLogin['me'] {
  return {
    user: presentUser(user),
    permissions: [...permissionsOf(actor.role)],
    by: actor.by,
    csrfToken: actor.csrfToken ?? null,
    expiresAt: actor.expiresAt ?? null,
  }
}

function presentLogin(row: LoginRecord, actor: Actor): Login {
  return {
    id: row.id,
    kind: row.id.startsWith('web-') ? 'web' : 'token',
    address: row.address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.valid_until,
    isCurrent: row.id === actor.loginId,
  }
}
