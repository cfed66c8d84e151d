// The key pair by which a client without TLS sends its password (caching_sha2_password's full authentication).
import { constants, generateKeyPair, type KeyObject, privateDecrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { xor } from '../backend/password.ts'

const MODULUS_BITS = 2048

export interface ServerKey {
  readonly publicPem: Buffer
  /** The password, or undefined where it was meant for another key. */
  decrypt(encrypted: Buffer, nonce: Buffer): string | undefined
}

export async function createServerKey(): Promise<ServerKey> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
  const publicPem = Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return { publicPem, decrypt: (encrypted, nonce) => decrypt(pair.privateKey, encrypted, nonce) }
}

function decrypt(key: KeyObject, encrypted: Buffer, nonce: Buffer): string | undefined {
  try {
    const masked = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, encrypted)
    return withoutNull(xor(masked, nonce))
  } catch {
    return undefined
  }
}

export function withoutNull(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')
}
