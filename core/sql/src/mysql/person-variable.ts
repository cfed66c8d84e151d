// The variable that tells a backend for whom a session works. Whoever names it, in whatever way, is taken to write it.
import { PERSON_VARIABLE } from '@articdbm/contract'
import type { ParsedSessionEffect, Token } from '../statement.ts'

export const WRITES_PERSON: ParsedSessionEffect = {
  kind: 'set',
  scope: 'session',
  name: PERSON_VARIABLE,
  value: undefined,
}

/**
 * Servers compare names of user variables without regard to case, accents and spaces behind them (utf8mb3_general_ci):
 * beyond ASCII any letter may stand for any other.
 */
export function namesPerson({ kind, value }: Token): boolean {
  if (kind !== 'variable' || value.startsWith('@@')) return false
  return PATTERN.test(value.replaceAll(/[`'"\\]/g, '').trimEnd())
}

const LETTERS = [...PERSON_VARIABLE.slice(1)].map((letter) => `(?:${letter}|[^\\x00-\\x7f]+)`)
const PATTERN = new RegExp(`^@${LETTERS.join('')}$`, 'i')
