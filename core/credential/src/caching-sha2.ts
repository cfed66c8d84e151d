// caching_sha2_password (MySQL 8 source documentation, "Caching_sha2_password information").
import { createHash, timingSafeEqual } from 'node:crypto'

/** What a server caches after it once saw the password: SHA256(SHA256(password)). */
export function cachingSha2Digest(password: string): Buffer {
  return sha256(sha256(Buffer.from(password, 'utf8')))
}

/** The client's fast answer: SHA256(password) XOR SHA256(digest, nonce). Empty for an empty password. */
export function cachingSha2Scramble(password: string, nonce: Uint8Array): Buffer {
  if (password === '') return Buffer.alloc(0)
  const once = sha256(Buffer.from(password, 'utf8'))
  return xor(once, sha256(Buffer.concat([sha256(once), nonce])))
}

/** The server's check of the fast answer: undoing the XOR must give a preimage of the digest. */
export function isCachingSha2Scramble(
  scramble: Uint8Array,
  digest: Uint8Array,
  nonce: Uint8Array,
): boolean {
  if (scramble.length !== digest.length) return false
  const once = xor(scramble, sha256(Buffer.concat([digest, nonce])))
  return timingSafeEqual(sha256(once), digest)
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)))
}
