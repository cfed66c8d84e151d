// What repeats in a long list: the same kinds of values in the same places, and nothing but values.
import type { Token } from './statement.ts'

const VALUES: ReadonlySet<Token['kind']> = new Set(['string', 'number', 'binary', 'parameter'])
const PLAIN: ReadonlySet<string> = new Set(['(', ')', ',', '-', 'null', 'default', 'true', 'false'])
const ENDS: ReadonlySet<string> = new Set([',', ')', ';'])

/** Whether so many tokens from the first on are values and what holds them together; never a name, a call or a query. */
export function isPlain(tokens: readonly Token[], first: number, length: number): boolean {
  for (let at = first; at < first + length; at++) {
    const token = tokens[at]
    const isOne = token && (isValue(token) || (token.kind !== 'quoted' && PLAIN.has(token.value)))
    if (!isOne) return false
  }
  return length > 0
}

function isValue({ kind }: Token): boolean {
  return VALUES.has(kind)
}

/** Where the last one ends of those that follow what stands at `first`, each behind a comma, and are like it. */
export function endOfAlike(tokens: readonly Token[], first: number, length: number): number {
  let end = first + length
  if (!isPlain(tokens, first, length)) return end
  while (isSign(tokens[end], ',') && isAlike(tokens, first, end + 1, length)) end += length + 1
  return end
}

/** What is behind it must end it: a string may go on in the next one. */
function isAlike(tokens: readonly Token[], first: number, other: number, length: number): boolean {
  const behind = tokens[other + length]
  if (behind?.kind !== 'operator' || !ENDS.has(behind.value)) return false
  for (let at = 0; at < length; at++) {
    const [one, two] = [tokens[first + at], tokens[other + at]]
    if (!one || one.kind !== two?.kind) return false
    if (!isValue(one) && one.value !== two.value) return false
  }
  return true
}

export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'operator' && token.value === sign
}
