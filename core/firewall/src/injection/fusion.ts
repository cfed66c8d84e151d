import type { Finding } from '@articdbm/contract'
import { bare, isComparison, isFixed, isLogic, type Node, type Operation } from './tree/node.ts'
import type { Reading, Visited } from './tree/read.ts'

/** Places where a text ended earlier than its author meant: strings that are calculated with, conditions in the place of values. */
export function findFusion({ visited }: Reading): readonly Finding[] {
  return visited.flatMap((one) => {
    const { node } = one
    if (node.kind !== 'operation') return []
    if (node.family === 'arithmetic')
      return [...stringArithmetic(node), ...conditionArithmetic(node, one)]
    if (node.family === 'concat') return concatenation(node, one)
    if (isComparison(node)) return comparisonAsValue(node, one)
    return isLogic(node) ? [...conditionAsValue(node, one), ...conditionAsAssigned(node, one)] : []
  })
}

function stringArithmetic(node: Operation): readonly Finding[] {
  const operands = node.operands.map(bare)
  const text = operands.find(isText)
  const other = operands.find((one) => one !== text)
  if (!text || !other || (other.kind === 'call' && other.name.startsWith('type '))) return []
  if (!SUMS.test(node.operator) && !isFixed(other)) return []
  const isForeign =
    isFixed(other) || other.kind === 'subquery' || isLogic(other) || readsLikeSql(text)
  return [finding(node, isForeign ? 82 : 60, 'a string is calculated with')]
}

/** PostgreSQL takes other signs for networks, points and the like, which are written as strings. */
const SUMS = /^(?:[-+*/%^]|div|mod)$/

function conditionArithmetic(node: Operation, { clause, level }: Visited): readonly Finding[] {
  const isOutside = clause === 'select' && level === 0
  const condition = node.operands.map(bare).find(isComparison)
  if (isOutside || !condition?.operands.every(isFixed)) return []
  return [finding(node, 84, 'a comparison of constants is calculated with')]
}

function readsLikeSql(node: Node): boolean {
  return (
    node.kind === 'constant' &&
    /[a-z_]\s*\($|\b(?:union|select|or|and|copy|outfile)\b/i.test(node.value)
  )
}

function isText(node: Node): boolean {
  return node.kind === 'constant' && node.type === 'string'
}

function concatenation(node: Operation, { clause }: Visited): readonly Finding[] {
  const operands = node.operands.map(bare)
  const isValue = clause === 'where' || clause === 'values' || clause === 'set'
  if (!isValue || !operands.some(({ kind }) => kind === 'constant')) return []
  if (operands.some(({ kind }) => kind === 'subquery')) {
    return [finding(node, 82, 'a query is glued to a string')]
  }
  if (operands.every(isText)) return [finding(node, 81, 'two strings are glued together')]
  const isNumber = operands.some((one) => one.kind === 'constant' && one.type === 'number')
  return isNumber && clause === 'where' ? [finding(node, 81, 'a number is glued to something')] : []
}

const VALUE_CLAUSES: ReadonlySet<string> = new Set(['values', 'order', 'limit', 'group'])

function conditionAsValue(node: Operation, { clause, parent }: Visited): readonly Finding[] {
  if (!VALUE_CLAUSES.has(clause) || parent?.node.kind === 'case') return []
  if (!node.operands.some(isFixed)) return []
  return [finding(node, 82, `a condition stands where ${clause.toUpperCase()} has a value`)]
}

/** `SET name = 'x' OR …`: what was meant for the value goes on as a condition. */
function conditionAsAssigned(node: Operation, { clause, parent }: Visited): readonly Finding[] {
  if (clause !== 'set' || parent) return []
  const [first] = node.operands
  if (!first || !isComparison(first) || !first.operands.some(isText)) return []
  return [finding(node, 84, 'an assigned string goes on as a condition')]
}

function comparisonAsValue(node: Operation, { clause, parent }: Visited): readonly Finding[] {
  const isItem = !parent || (parent.node.kind === 'several' && !parent.parent)
  if (!isItem || !VALUE_CLAUSES.has(clause) || !node.operands.every(isFixed)) return []
  return [finding(node, 84, `a comparison stands where ${clause.toUpperCase()} has a value`)]
}

function finding({ start, end }: Node, confidence: number, why: string): Finding {
  return { category: 'fusion', confidence, start, end, why }
}
