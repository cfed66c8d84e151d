// What destroys more than somebody may have meant: DROP, TRUNCATE, DELETE and UPDATE without WHERE.
import type { DestructiveGuard, Verdict } from '@articdbm/contract'
import type { Statement, Token } from '@articdbm/sql'
import { ALLOW, block } from './verdicts.ts'

interface Harm {
  readonly rule: 'destructive.drop' | 'destructive.truncate' | 'destructive.unlimited'
  readonly what: string
}

/** So much of a digest is repeated in a comment by who means it. */
const CONFIRMED_DIGITS = 8

/** `tokens`: of the whole request, where a comment may say that it is meant. */
export function judgeDestructive(
  statements: readonly Statement[],
  tokens: readonly Token[],
  guard: DestructiveGuard = 'off',
): Verdict {
  if (guard === 'off') return ALLOW
  const verdicts = statements.flatMap((statement) => {
    const harm = harmOf(statement)
    return harm ? [verdictOn(harm, statement, { guard, tokens })] : []
  })
  return verdicts.find(({ action }) => action === 'block') ?? verdicts[0] ?? ALLOW
}

export function harmOf({ kind, normalized }: Statement): Harm | undefined {
  if (kind.startsWith('drop')) return { rule: 'destructive.drop', what: `a ${kind.toUpperCase()}` }
  if (kind.startsWith('truncate')) return { rule: 'destructive.truncate', what: 'a TRUNCATE' }
  const verb = unlimitedVerb(normalized.match(WORDS) ?? [])
  if (verb === undefined) return undefined
  return { rule: 'destructive.unlimited', what: `${verb} without WHERE` }
}

/** Of a normal form: quoted names are one. */
const WORDS = /"(?:[^"]|"")*"|\S+/g

function verdictOn(
  { rule, what }: Harm,
  statement: Statement,
  { guard, tokens }: { readonly guard: DestructiveGuard; readonly tokens: readonly Token[] },
): Verdict {
  const sign = statement.digest.slice(0, CONFIRMED_DIGITS)
  if (guard === 'alert') return { ...ALLOW, action: 'alert', rule, score: 50, message: what }
  if (guard === 'confirm' && isConfirmed(tokens, sign)) {
    return { ...ALLOW, action: 'alert', rule, score: 50, message: `${what}, confirmed` }
  }
  const way =
    guard === 'confirm'
      ? `repeat it with the comment /* confirm ${sign} */ if you mean it`
      : 'this database refuses that'
  return block({ rule, message: `${what}: ${way}` })
}

function isConfirmed(tokens: readonly Token[], sign: string): boolean {
  return tokens.some(
    ({ kind, value }) =>
      kind === 'comment' && value.match(/\bconfirm\s+([0-9a-f]{8})\b/)?.[1] === sign,
  )
}

/** DELETE or UPDATE that begins a statement, a part in parentheses, or what follows WITH, and has no WHERE of its own. */
function unlimitedVerb(words: readonly string[]): string | undefined {
  const at = words.findIndex(
    (word, at) => VERBS.has(word) && mayBegin(words[at - 1]) && !hasWhere(words, at + 1),
  )
  return words[at]?.toUpperCase()
}

const VERBS = new Set(['delete', 'update'])
/** In front of a statement that is carried out, or would be. */
const BEFORE = new Set(['(', ')', 'explain', 'analyze', 'verbose', 'as', ';'])

function mayBegin(before: string | undefined): boolean {
  return before === undefined || BEFORE.has(before)
}

/** Before the parenthesis closes in which it stands. */
function hasWhere(words: readonly string[], from: number): boolean {
  let depth = 0
  for (let at = from; at < words.length && depth >= 0; at += 1) {
    const word = words[at]
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth === 0 && word === 'where') return true
  }
  return false
}
