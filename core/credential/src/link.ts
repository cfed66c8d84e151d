import { createHash, timingSafeEqual } from 'node:crypto'
import { deriveKey, type MasterKey } from './sealing.ts'

/** What a gateway shows the manager on the internal routes: both know the master key, so both can derive it. */
export function linkToken(master: MasterKey): string {
  return deriveKey(master, 'gateway link').toString('base64url')
}

/** Compares two texts in a time that doesn't depend on where they differ. */
export function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(sha256(left), sha256(right))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
