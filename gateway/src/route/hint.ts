import type { Token } from '@articdbm/sql'

const HINT = /^\/\*\s{0,9}articdbm:\s{0,9}(primary|replica)\s{0,9}\*\/$/i

/** A comment of its own in the request: `articdbm: primary` or `articdbm: replica`. The first one counts. */
export function hintIn(tokens: readonly Token[]): 'primary' | 'replica' | undefined {
  for (const { kind, value } of tokens) {
    const [, role] = kind === 'comment' ? (value.match(HINT) ?? []) : []
    if (role !== undefined) return role.toLowerCase() === 'primary' ? 'primary' : 'replica'
  }
  return undefined
}
