import { createHash } from 'node:crypto'

/** For secrets of 32 random bytes: nothing slower is needed to keep them from being guessed. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
