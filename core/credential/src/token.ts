// One-time tokens: what console and REST connect with. The user name carries signed claims, the password is
// derived from it, so that a gateway can run SCRAM without ever having been told of the token.
import { createHmac } from 'node:crypto'
import { Door } from '@articdbm/contract'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { isSameText } from './link.ts'
import { deriveKey, type MasterKey } from './sealing.ts'

export const TOKEN_PREFIX = 'tmp_'
const MAX_TOKEN_LENGTH = 2_000

export const TokenClaims = Type.Object({
  /** Unique: the gateway takes each once. */
  nonce: Type.String({ minLength: 16, maxLength: 64 }),
  principalId: Type.String(),
  database: Type.String(),
  door: Door,
  /** The person's address, as the manager saw it. */
  address: Type.String({ maxLength: 64 }),
  /** `probe` may only ask the backend whether it answers. */
  scope: Type.Union([Type.Literal('session'), Type.Literal('probe')]),
  /** The gateway must know at least this snapshot before it decides. */
  revision: Type.Integer({ minimum: 0 }),
  /** Milliseconds since 1970. */
  validUntilMs: Type.Integer(),
})
export type TokenClaims = Static<typeof TokenClaims>

export interface Token {
  readonly user: string
  readonly password: string
}

export function issueToken(master: MasterKey, claims: TokenClaims): Token {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const user = `${TOKEN_PREFIX}${body}.${sign(master, 'signature', body)}`
  return { user, password: tokenPassword(master, user) }
}

export function tokenPassword(master: MasterKey, user: string): string {
  return sign(master, 'password', user)
}

/** Undefined when it isn't a token of ours; the caller checks time and single use. */
export function readToken(master: MasterKey, user: string): TokenClaims | undefined {
  if (!user.startsWith(TOKEN_PREFIX) || user.length > MAX_TOKEN_LENGTH) return undefined
  const [body = '', signature = ''] = user.slice(TOKEN_PREFIX.length).split('.')
  if (!isSameText(signature, sign(master, 'signature', body))) return undefined
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  return Value.Check(TokenClaims, claims) ? claims : undefined
}

function sign(master: MasterKey, part: 'signature' | 'password', text: string): string {
  return createHmac('sha256', deriveKey(master, `one-time token ${part}`))
    .update(text)
    .digest('base64url')
}
