import type { Finding } from '@articdbm/contract'
import type { Analysis, Token } from '@articdbm/sql'
import { codeTokens, isConstant, isOperator, isWord } from './tokens.ts'

const COMPARISONS = ['=', '<', '>', '<=', '>=', '<>', '!=', '==', '<=>']

/** `OR 1=1`, `OR 'a'='a'`, `OR TRUE`: a condition that holds whatever the row is. */
export function findTautologies(analysis: Analysis): readonly Finding[] {
  const tokens = codeTokens(analysis)
  return tokens.flatMap((token, at) => {
    if (!isWord(token, 'or', 'xor') && !isOperator(token, '||')) return []
    return tautologyAfter(tokens, skipOpening(tokens, at + 1), token)
  })
}

function tautologyAfter(tokens: readonly Token[], at: number, or: Token): readonly Finding[] {
  const [left, operator, right] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (!isConstant(left)) return []
  if (isOperator(operator, ...COMPARISONS) && isConstant(right)) {
    return [finding(or, right, 90, 'OR is followed by a comparison of two constants')]
  }
  if (isWord(operator, 'like', 'in', 'is', 'between')) {
    return [finding(or, operator ?? left, 85, 'OR is followed by a test of a constant')]
  }
  const isAlone = isWord(or, 'or') && isEndOfCondition(operator)
  return isAlone ? [finding(or, left, 85, 'OR is followed by a constant alone')] : []
}

function isEndOfCondition(token: Token | undefined): boolean {
  return (
    token === undefined ||
    isOperator(token, ')', ';') ||
    isWord(token, 'order', 'limit', 'group', 'and', 'or', 'having', 'union')
  )
}

function skipOpening(tokens: readonly Token[], start: number): number {
  let at = start
  while (isOperator(tokens[at], '(') || isWord(tokens[at], 'not')) at += 1
  return at
}

function finding(from: Token, to: Token, confidence: number, why: string): Finding {
  return { category: 'tautology', confidence, start: from.start, end: to.end, why }
}
