// SCRAM-SHA-256 (RFC 5802, RFC 7677): the arithmetic of both sides; messages are the wire room's.
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { ScramVerifier } from '@articdbm/contract'

const derive = promisify(pbkdf2)
export const SCRAM_ITERATIONS = 4096
export const SCRAM_SALT_BYTES = 16
const HASH_BYTES = 32

/** SaltedPassword of RFC 5802 section 3; slow on purpose, off the main thread. */
export function saltPassword(
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<Buffer> {
  return derive(prepare(password), salt, iterations, HASH_BYTES, 'sha256')
}

export async function deriveVerifier(
  password: string,
  salt: Uint8Array,
  iterations = SCRAM_ITERATIONS,
): Promise<ScramVerifier> {
  const salted = await saltPassword(password, salt, iterations)
  return {
    iterations,
    salt: Buffer.from(salt).toString('base64'),
    storedKey: sha256(hmac(salted, 'Client Key')).toString('base64'),
    serverKey: hmac(salted, 'Server Key').toString('base64'),
  }
}

/** Does this password belong to the verifier? For protocols that bring the password itself. */
export async function isPasswordOf(verifier: ScramVerifier, password: string): Promise<boolean> {
  const salt = Buffer.from(verifier.salt, 'base64')
  const given = await deriveVerifier(password, salt, verifier.iterations)
  return isSame(Buffer.from(given.storedKey, 'base64'), Buffer.from(verifier.storedKey, 'base64'))
}

/** The server's check: H(proof XOR HMAC(StoredKey, AuthMessage)) = StoredKey. */
export function isProofOf(
  verifier: ScramVerifier,
  authMessage: string,
  proof: Uint8Array,
): boolean {
  if (proof.length !== HASH_BYTES) return false
  const storedKey = Buffer.from(verifier.storedKey, 'base64')
  const clientKey = xor(proof, hmac(storedKey, authMessage))
  return isSame(sha256(clientKey), storedKey)
}

export function serverSignature(verifier: ScramVerifier, authMessage: string): Buffer {
  return hmac(Buffer.from(verifier.serverKey, 'base64'), authMessage)
}

/** The client's proof, and the signature it must then see from the server. */
export function clientProof(
  salted: Uint8Array,
  authMessage: string,
): { readonly proof: Buffer; readonly serverSignature: Buffer } {
  const clientKey = hmac(salted, 'Client Key')
  const proof = xor(clientKey, hmac(sha256(clientKey), authMessage))
  return { proof, serverSignature: hmac(hmac(salted, 'Server Key'), authMessage) }
}

/** SASLprep (RFC 4013) as far as it changes a password; what it forbids is used unchanged, as PostgreSQL does. */
function prepare(password: string): string {
  const mapped = password.replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
  const stripped = mapped.replace(
    /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g,
    '',
  )
  const normal = stripped.normalize('NFKC')
  return normal === '' ? password : normal
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)))
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
