// A request's text and tokens become what each statement does.
import { LIMITS } from '../limits.ts'
import { notUnderstood } from '../not-understood.ts'
import type { Parsed, Token } from '../statement.ts'
import { blankDraft, type Draft, giveUp } from './draft.ts'
import { reasonToRefuse, withoutCosts } from './guard.ts'
import { type OffsetOf, offsetsOf } from './offsets.ts'
import { parseText, type RawStatement } from './parser.ts'
import { ROWS, readStatement } from './statements.ts'

export function read(text: string, tokens: readonly Token[]): readonly Parsed[] {
  const words = tokens.filter(({ kind }) => kind !== 'comment')
  if (words.length === 0) return []
  const reason = reasonToRefuse(text, tokens)
  if (reason !== undefined) return [unread(words, reason)]
  const source = withoutCosts(text, words, tokens)
  const outcome = parseText(source)
  if (outcome.kind === 'refused') {
    const { why, errorAt } = outcome
    return [{ ...unread(words, why), ...(errorAt !== undefined && { errorAt }) }]
  }
  if (outcome.statements.length > LIMITS.maxStatements) {
    return [unread(words, `more than ${LIMITS.maxStatements} statements`)]
  }
  const shares = shareOut(words, outcome.statements, offsetsOf(source))
  return (
    shares?.map((share) => readShare(text, share)) ?? [unread(words, 'two readings of one text')]
  )
}

function unread(words: readonly Token[], why: string): Parsed {
  return notUnderstood({
    start: words[0]?.start ?? 0,
    end: words.at(-1)?.end ?? 0,
    kind: words[0]?.kind === 'word' ? words[0].value : '',
    why,
  })
}

interface Share {
  readonly statement: RawStatement
  readonly words: readonly Token[]
  readonly offsetOf: OffsetOf
}

/**
 * Gives each statement its words. PostgreSQL's parser and our lexer must agree on where statements begin and end:
 * undefined where a word is left over, or is not a word at all.
 */
function shareOut(
  words: readonly Token[],
  statements: readonly RawStatement[],
  offsetOf: OffsetOf,
): readonly Share[] | undefined {
  if (words.some(({ kind }) => kind === 'unknown')) return undefined
  const shares: Share[] = []
  let at = 0
  for (const statement of statements) {
    const { first, next } = wordsOf(statement, words, at, offsetOf)
    if (first === next) return undefined
    shares.push({ statement, words: words.slice(first, next), offsetOf })
    at = next
  }
  return afterSemicolons(words, at) === words.length ? shares : undefined
}

function wordsOf(
  statement: RawStatement,
  words: readonly Token[],
  from: number,
  offsetOf: OffsetOf,
): { readonly first: number; readonly next: number } {
  const startByte = statement.stmt_location ?? 0
  const length = statement.stmt_len ?? 0
  const start = offsetOf(startByte)
  const end = length === 0 ? Number.POSITIVE_INFINITY : offsetOf(startByte + length)
  const first = afterSemicolons(words, from)
  let next = first
  while (isWithin(words[next], start, end)) next++
  const isEnded = next === words.length || words[next]?.value === ';'
  return isEnded ? { first, next } : { first, next: first }
}

function isWithin(word: Token | undefined, start: number, end: number): boolean {
  return word !== undefined && word.start >= start && word.end <= end
}

function afterSemicolons(words: readonly Token[], from: number): number {
  let at = from
  while (words[at]?.kind === 'operator' && words[at]?.value === ';') at++
  return at
}

function readShare(text: string, { statement, words, offsetOf }: Share): Parsed {
  const draft = blankDraft({ text, words, offsetOf })
  const kind = readDraft(statement, draft)
  return {
    start: words[0]?.start ?? 0,
    end: words.at(-1)?.end ?? 0,
    kind,
    effects: [...draft.effects],
    relations: [...draft.relations.values()],
    functions: draft.functions,
    session: draft.session,
    isComplete: draft.why === '',
    why: draft.why,
    ...(draft.rows.takesRows && { takesRows: true }),
  }
}

function readDraft(statement: RawStatement, draft: Draft): string {
  try {
    return readStatement(statement.stmt, {
      draft,
      rows: ROWS,
      ctes: undefined,
      access: 'read',
      locks: undefined,
    })
  } catch (error) {
    // The walk's depth is bounded; should the stack still run out, the statement is not understood.
    giveUp(draft, error instanceof RangeError ? 'nested too deeply' : String(error))
    return ''
  }
}
