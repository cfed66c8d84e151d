import { randomBytes } from 'node:crypto'
import { NONCE_BYTES } from '@articdbm/wire/mysql'

/** Without zero bytes, which end it, and `$`, which some servers' stored hashes use. */
export function createNonce(): Buffer {
  return Buffer.from(randomBytes(NONCE_BYTES).map((byte) => safeByte(byte & 0x7f)))
}

function safeByte(byte: number): number {
  return byte === 0 || byte === 0x24 ? byte + 1 : byte
}
