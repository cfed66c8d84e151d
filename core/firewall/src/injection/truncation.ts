import type { Finding } from '@articdbm/contract'
import type { Analysis, Token } from '@articdbm/sql'

/** A comment that runs to the end of the text cuts off what the application had written there. */
export function findTruncation(analysis: Analysis): readonly Finding[] {
  const comment = analysis.tokens.at(-1)
  const before = analysis.tokens.at(-2)
  if (!comment || !before || !isLineComment(comment)) return []
  const between = analysis.text.slice(before.end, comment.start)
  if (between.includes('\n')) return []
  const confidence = weigh(comment, before)
  if (confidence === 0) return []
  const why = 'a comment cuts off the rest of the statement'
  return [{ category: 'truncation', confidence, start: comment.start, end: comment.end, why }]
}

function isLineComment(token: Token): boolean {
  return token.kind === 'comment' && /^(?:--|#)/.test(token.value)
}

/** What the application goes on with behind the place of a value. */
const CLOSING = /^\s*[+-]*\s*\S{0,12}?\s*["'`)]/
const CLAUSES =
  /\b(?:limit\s+\d|order\s+by|where\s+\w+\s*(?:=|like|in\b)|and\s+\w+\s*(?:=|like|in\b))/i

function weigh(comment: Token, before: Token): number {
  const rest = comment.value.replace(/^(?:--|#)/, '')
  if (CLAUSES.test(rest)) return before.kind === 'word' || before.kind === 'quoted' ? 74 : 88
  if (CLOSING.test(rest) && !/\w{3,}\s+\w{3,}/.test(rest)) return 86
  const isBare = /^[\s!-~]{0,2}$/.test(rest.trim())
  const isBehindValue = before.kind === 'string' || before.kind === 'number' || before.value === ')'
  if (isBare) return isBehindValue ? 82 : 60
  return isBehindValue ? 35 : 0
}
