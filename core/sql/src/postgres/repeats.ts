// Long lists of values, of which PostgreSQL's parser sees the beginning: what is like it makes no other tree.
import { endOfAlike, isSign } from '../alike.ts'
import type { Token } from '../statement.ts'

/** So many stay of those that are alike. */
const KEPT = 16
/** Longer rows all stay. */
const MAX_ROW = 256

export interface Repeated {
  readonly start: number
  readonly end: number
}

/** Stretches of the text that may become blanks, commas included. `words`: its tokens without comments. */
export function repeatsIn(words: readonly Token[]): readonly Repeated[] {
  const repeats: Repeated[] = []
  for (let at = 1; at < words.length; at++) {
    if (!isSign(words[at], ',')) continue
    const first = beginOfItem(words, at)
    const length = at - first
    const end = endOfAlike(words, first, length)
    const kept = at + KEPT * (length + 1)
    const [from, to] = [words[kept], words[end - 1]]
    if (end > kept && from && to) repeats.push({ start: from.start, end: to.end })
    at = Math.max(at, end - 1)
  }
  return repeats
}

/** Of the row in brackets, or the one value, that ends in front of this place. */
function beginOfItem(words: readonly Token[], end: number): number {
  if (!isSign(words[end - 1], ')')) return isSign(words[end - 2], '-') ? end - 2 : end - 1
  let depth = 0
  for (let at = end - 1; at >= Math.max(0, end - MAX_ROW); at--) {
    if (isSign(words[at], ')')) depth += 1
    else if (isSign(words[at], '(')) depth -= 1
    if (depth === 0) return at
  }
  return end - 1
}
