// How the gateway proves itself to a backend, by each plugin's rules. A password goes out readable only inside TLS.
import { constants, createHash, publicEncrypt } from 'node:crypto'
import { cachingSha2Scramble } from '@articdbm/credential'

export const NATIVE = 'mysql_native_password'
export const CACHING_SHA2 = 'caching_sha2_password'

/** The first answer to a nonce; undefined for a plugin that the gateway doesn't speak. */
export function scramble(plugin: string, password: string, nonce: Buffer): Buffer | undefined {
  if (plugin === CACHING_SHA2) return cachingSha2Scramble(password, nonce)
  return plugin === NATIVE ? nativeScramble(password, nonce) : undefined
}

/** SHA1(password) XOR SHA1(nonce, SHA1(SHA1(password))). */
function nativeScramble(password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0)
  const once = sha1(Buffer.from(password, 'utf8'))
  const mask = sha1(Buffer.concat([nonce, sha1(once)]))
  return xor(once, mask)
}

export function clearPassword(password: string): Buffer {
  return Buffer.from(`${password}\0`, 'utf8')
}

/** caching_sha2_password without TLS: the password masked by the nonce, for the owner of this key alone. */
export function encryptedPassword(password: string, nonce: Buffer, publicKey: string): Buffer {
  const masked = xor(clearPassword(password), nonce)
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, masked)
}

/** The mask is repeated as often as needed. */
export function xor(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, at) => byte ^ mask.readUInt8(at % mask.length)))
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest()
}
