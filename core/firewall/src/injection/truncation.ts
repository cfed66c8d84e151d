import type { Finding } from '@articdbm/contract'
import type { Analysis, Token } from '@articdbm/sql'
import { isConstant, isOperator } from './tokens.ts'

/** A comment that runs to the end of the text cuts off what the application had written there. */
export function findTruncation(analysis: Analysis): readonly Finding[] {
  const comment = analysis.tokens.at(-1)
  const before = analysis.tokens.at(-2)
  if (!comment || !before || !isLineComment(comment)) return []
  if (!followsOnSameLine(analysis.text, before, comment)) return []
  if (!isConstant(before) && !isOperator(before, ')')) return []
  return [
    {
      category: 'truncation',
      confidence: comment.value.length <= 4 ? 60 : 35,
      start: comment.start,
      end: comment.end,
      why: 'a comment cuts the statement off right after a value',
    },
  ]
}

function isLineComment(token: Token): boolean {
  return token.kind === 'comment' && /^(?:--|#)/.test(token.value)
}

function followsOnSameLine(text: string, before: Token, comment: Token): boolean {
  return !text.slice(before.end, comment.start).includes('\n')
}
