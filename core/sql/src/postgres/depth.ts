// How deep a parse tree would get, estimated from the words alone: the parser and its writer recurse, and a stack that
// overflows costs an instance of the parser.
import { LIMITS } from '../limits.ts'
import type { Token } from '../statement.ts'

interface Level {
  /** Operators since the last comma, AND or OR: each stands above the one before. */
  readonly chain: number
  /** UNION, JOIN and the like: each stands above the one before, whatever is between. */
  readonly sets: number
  /** The longest chain before this one. */
  readonly longest: number
}

const MAX_CHAIN = 500
const FLAT: Level = { chain: 0, sets: 0, longest: 0 }

type Step = 'open' | 'close' | 'separate' | 'end' | 'set' | 'deepen'

const PUNCTUATION: Readonly<Record<string, Step | undefined>> = {
  '(': 'open',
  '[': 'open',
  ')': 'close',
  ']': 'close',
  ',': 'separate',
  ';': 'end',
  '.': undefined,
  ':': undefined,
}

const WORDS = new Map<string, Step>([
  ['case', 'open'],
  ['end', 'close'],
  ...steps('separate', 'and or when then else'),
  ...steps('set', 'union intersect except join'),
  ...steps('deepen', 'not is isnull notnull collate at like ilike similar between in escape'),
])

function steps(step: Step, words: string): readonly (readonly [string, Step])[] {
  return words.split(' ').map((word) => [word, step] as const)
}

/** Why the text nests too deeply, or undefined. */
export function reasonInDepth(tokens: readonly Token[]): string | undefined {
  const outer: Level[] = []
  let level = FLAT
  for (const token of tokens) {
    const step = stepOf(token)
    if (step === undefined) continue
    if (step === 'open') {
      outer.push(level)
      level = FLAT
    } else if (step === 'close') level = above(outer.pop() ?? FLAT, level)
    else level = after(level, step)
    if (outer.length > LIMITS.maxDepth) return `nested deeper than ${LIMITS.maxDepth}`
    if (level.chain + level.sets > MAX_CHAIN) return `a chain longer than ${MAX_CHAIN}`
  }
  return undefined
}

function stepOf({ kind, value }: Token): Step | undefined {
  if (kind === 'word') return WORDS.get(value)
  if (kind !== 'operator') return undefined
  return Object.hasOwn(PUNCTUATION, value) ? PUNCTUATION[value] : 'deepen'
}

/** What follows a parenthesis stands above all that is in it. */
function above(level: Level, inner: Level): Level {
  const height = Math.max(inner.longest, inner.chain) + inner.sets + 1
  return { ...level, chain: Math.max(level.chain, height) }
}

function after(level: Level, step: 'separate' | 'end' | 'set' | 'deepen'): Level {
  if (step === 'end') return FLAT
  if (step === 'deepen') return { ...level, chain: level.chain + 1 }
  const longest = Math.max(level.longest, level.chain)
  return { chain: 0, sets: level.sets + (step === 'set' ? 1 : 0), longest }
}
