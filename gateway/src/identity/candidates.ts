import { createHash } from 'node:crypto'
import { NotReady, type ScramVerifier, type SnapshotPrincipal } from '@articdbm/contract'
import {
  cachingSha2Digest,
  deriveKey,
  deriveVerifier,
  type MasterKey,
  readToken,
  SCRAM_ITERATIONS,
  SCRAM_SALT_BYTES,
  TOKEN_PREFIX,
  type TokenClaims,
  tokenPassword,
} from '@articdbm/credential'
import type { LRUCache } from 'lru-cache'
import type { Candidate } from './identity.ts'
import type { IdentityOptions } from './options.ts'

const REVISION_WAIT_MS = 5_000

/** Somebody found by name, or a token; `principal` is undefined for a name that nobody has. */
export interface Found extends Candidate {
  readonly claims: TokenClaims | undefined
  readonly principal: SnapshotPrincipal | undefined
}

export async function findToken(user: string, options: IdentityOptions): Promise<Found> {
  const claims = readToken(options.master, user)
  if (!claims) return unknown(user, options.master)
  await options.reached(claims.revision, REVISION_WAIT_MS)
  const password = tokenPassword(options.master, user)
  const verifier = await deriveVerifier(password, saltFor(options.master, user))
  const principal = options.directory()?.principal(claims.principalId)
  return { user, verifier, claims, principal, fastDigest: cachingSha2Digest(password) }
}

export function findPrincipal(
  user: string,
  options: IdentityOptions,
  digests: LRUCache<string, Uint8Array>,
): Found {
  const directory = options.directory()
  if (!directory) throw new NotReady('the gateway has no configuration yet: try again in a moment')
  const principal = directory.principalNamed(user)
  if (!principal) return unknown(user, options.master)
  const { verifier } = principal
  return {
    user,
    verifier,
    principal,
    claims: undefined,
    fastDigest: digests.get(verifier.storedKey),
  }
}

/** A verifier that no password fits, the same at each try. */
function unknown(user: string, master: MasterKey): Found {
  const verifier: ScramVerifier = {
    iterations: SCRAM_ITERATIONS,
    salt: saltFor(master, user).toString('base64'),
    storedKey: deriveKey(master, `nobody's stored key ${user}`).toString('base64'),
    serverKey: deriveKey(master, `nobody's server key ${user}`).toString('base64'),
  }
  return { user, verifier, principal: undefined, claims: undefined, fastDigest: undefined }
}

function saltFor(master: MasterKey, user: string): Buffer {
  return createHash('sha256')
    .update(deriveKey(master, 'salt of a name'))
    .update(user)
    .digest()
    .subarray(0, SCRAM_SALT_BYTES)
}

/** A token's name is long and signed: it isn't shown. */
export function shown(user: string): string {
  return user.startsWith(TOKEN_PREFIX) ? 'one-time token' : user.slice(0, 64)
}
