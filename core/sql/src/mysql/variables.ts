import type { Token } from '../statement.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

/** What these hold was left by the connection's previous statement. */
const LEFT_BEHIND =
  wordSet(`last_insert_id identity insert_id warning_count error_count rowcount last_gtid
  pseudo_thread_id timestamp rand_seed1 rand_seed2`)

/** @@name, @@session.name: the last part is the variable, unless it is a component of one. */
export function systemVariable(reader: Reader, token: Token): void {
  if (LEFT_BEHIND.has(variableOf(token.value))) reader.found.pin(`@@${variableOf(token.value)}`)
}

/** `session`, `global`, `local`, `persist`, `persist_only`, or '' where none is written. */
export function scopeOf(variable: string): string {
  const scope = /^@@(global|session|local|persist|persist_only)\./.exec(variable)
  return scope?.[1] ?? ''
}

export function variableOf(variable: string): string {
  return variable.replace(/^@@(?:(?:global|session|local|persist|persist_only)\.)?/, '')
}
