// What must hold before PostgreSQL's parser sees a text: it is quadratic in runs of operator characters,
// ends at a NUL, and recurses.
import { LIMITS } from '../limits.ts'
import type { Token } from '../statement.ts'
import { isOperatorUnit } from './characters.ts'
import { reasonInDepth } from './depth.ts'
import { MAX_OPERATOR_RUN } from './lex.ts'
import { repeatsIn } from './repeats.ts'

// An INSERT of 65,535 rows of one parameter each, the most that a Bind may have, is 262,000 words.
const MAX_WORDS = 300_000

/** Why the text must not be parsed, or undefined. */
export function reasonToRefuse(text: string, tokens: readonly Token[]): string | undefined {
  if (text.length > LIMITS.maxLength) return `longer than ${LIMITS.maxLength} characters`
  if (text.includes('\0')) return 'holds a NUL character'
  if (!text.isWellFormed()) return 'holds half a surrogate pair'
  if (tokens.length > MAX_WORDS) return `more than ${MAX_WORDS} words`
  return reasonInTokens(tokens)
}

function reasonInTokens(tokens: readonly Token[]): string | undefined {
  return tokens.some(isCostly) ? 'a long run of operators' : reasonInDepth(tokens)
}

function isCostly({ kind, value }: Token): boolean {
  return kind === 'unknown' && longestRun(value) > MAX_OPERATOR_RUN
}

// Banners of dashes and asterisks stay as they are.
const MAX_COMMENT_RUN = 256

/** Comments with long runs, and what repeats in long lists, become blanks of the same length; nothing else moves. */
export function withoutCosts(
  text: string,
  words: readonly Token[],
  tokens: readonly Token[],
): string {
  const comments = touchingComments(tokens).filter(
    ({ start, end }) => longestRun(text.slice(start, end)) > MAX_COMMENT_RUN,
  )
  const costly = [...repeatsIn(words), ...comments].sort((one, other) => one.start - other.start)
  if (costly.length === 0) return text
  let at = 0
  const parts = costly.flatMap(({ start, end }) => {
    // A comment may stand within a list.
    if (end <= at) return []
    const before = text.slice(at, start)
    at = end
    return [before, ' '.repeat(end - start)]
  })
  return parts.join('') + text.slice(at)
}

/** From the first to the last of those that touch each other: the scanner takes all their signs for one run. */
function touchingComments(tokens: readonly Token[]): readonly { start: number; end: number }[] {
  const groups: { start: number; end: number }[] = []
  for (const { kind, start, end } of tokens) {
    if (kind !== 'comment') continue
    const last = groups.at(-1)
    if (last?.end === start) last.end = end
    else groups.push({ start, end })
  }
  return groups
}

function longestRun(value: string): number {
  let longest = 0
  let run = 0
  for (let at = 0; at < value.length; at++) {
    run = isOperatorUnit(value.charCodeAt(at)) ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}
