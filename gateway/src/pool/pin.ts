import type { Statement } from '@articdbm/sql'
import type { Pin } from './pool.ts'

const MAX_SHOWN_CHARACTERS = 300

/** Because of this statement; its literals are out. */
export function pinOf(
  reason: string,
  { normalized, digest }: Pick<Statement, 'normalized' | 'digest'>,
): Pin {
  return { reason, statement: normalized.slice(0, MAX_SHOWN_CHARACTERS), digest }
}
