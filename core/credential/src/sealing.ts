import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

const KEY_BYTES = 32
const TAG_BYTES = 16
export const NONCE_BYTES = 12
const VERSION = 'v1'

/** 32 bytes; from base64 (44 characters) or hexadecimal (64). */
export type MasterKey = Uint8Array & { readonly masterKey?: true }

export function parseMasterKey(text: string): MasterKey {
  const trimmed = text.trim()
  const encoding = /^[0-9a-fA-F]{64}$/.test(trimmed) ? 'hex' : 'base64'
  const key = Buffer.from(trimmed, encoding)
  if (key.length !== KEY_BYTES) {
    throw new Error('the master key must be 32 bytes in base64 or hexadecimal')
  }
  return key
}

/** A key of its own for each purpose, so that a value sealed for one can't be opened as another. */
export function deriveKey(master: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `articdbm ${purpose}`, KEY_BYTES))
}

/** AES-256-GCM: `v1.<nonce>.<ciphertext and tag>` in base64url. The nonce must never repeat: pass random bytes. */
export function seal(
  master: MasterKey,
  purpose: string,
  plaintext: string,
  nonce: Uint8Array,
): string {
  if (nonce.length !== NONCE_BYTES) throw new Error(`a nonce has ${NONCE_BYTES} bytes`)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(master, purpose), nonce)
  const body = Buffer.concat([
    cipher.update(plaintext, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  return `${VERSION}.${Buffer.from(nonce).toString('base64url')}.${body.toString('base64url')}`
}

/** Throws when the value was made with another key or purpose, or was changed. */
export function unseal(master: MasterKey, purpose: string, sealed: string): string {
  const [version, nonce, body] = sealed.split('.')
  if (version !== VERSION || !nonce || !body) throw new Error('not a sealed value')
  const bytes = Buffer.from(body, 'base64url')
  const split = bytes.length - TAG_BYTES
  if (split < 0) throw new Error('a sealed value was cut')
  const decipher = createDecipheriv(
    'aes-256-gcm',
    deriveKey(master, purpose),
    Buffer.from(nonce, 'base64url'),
  )
  decipher.setAuthTag(bytes.subarray(split))
  return Buffer.concat([decipher.update(bytes.subarray(0, split)), decipher.final()]).toString(
    'utf8',
  )
}
