import type { Finding } from '@articdbm/contract'
import { bare, isComparison, isFixed, type Node, type Operation } from './tree/node.ts'
import type { Reading } from './tree/read.ts'

/** Functions and variables by which a server tells of itself. */
export const SERVER =
  /^(?:version|database|schema|user|current_user|session_user|system_user|current_database|current_schema|sqlite_version|db_name|@@.*|@version)$/

/** Those that need no parentheses: `user` and `database` without them are columns. */
const UNCALLED =
  /^(?:current_user|session_user|system_user|current_schema|current_catalog|@@.*|@version)$/

/** A condition asks the server about itself: `AND substring(version(), 1, 1) = '5'`. */
export function findServerQuestions({ visited }: Reading): readonly Finding[] {
  return visited.flatMap(({ node, clause }) => {
    const isCondition = clause === 'where' || clause === 'having' || clause === 'order'
    if (!isCondition || !isComparison(node)) return []
    const asked = node.operands.map(bare).find(tells) ?? foreignVariable(node)
    const other = node.operands.map(bare).find((one) => one !== asked)
    if (!asked || !other) return []
    const isTakenApart = asked.kind === 'call' && asked.args.length > 0
    if (!isTakenApart && !isFixed(other)) return []
    const why = 'a condition asks the server about itself'
    return [
      {
        category: 'server',
        confidence: isTakenApart ? 84 : 81,
        start: node.start,
        end: node.end,
        why,
      },
    ]
  })
}

/** `1=@@version` sent to PostgreSQL, where `=@@` is one sign. */
function foreignVariable({ operator, operands }: Operation): Node | undefined {
  const last = operands.at(-1)
  return operator === '=@@' && last?.kind === 'name' ? last : undefined
}

/** It is, or is made of, what a server tells of itself. */
export function tells(node: Node): boolean {
  switch (node.kind) {
    case 'name':
      return UNCALLED.test(node.value)
    case 'call':
      return SERVER.test(node.name) || node.args.some((one) => tells(bare(one)))
    case 'operation':
      return node.family !== 'comparison' && node.operands.some((one) => tells(bare(one)))
    case 'subquery':
      return (
        isFixed(node) &&
        node.query.branches.some(({ parts }) => parts.some((part) => tells(bare(part.node))))
      )
    case 'constant':
    case 'case':
    case 'several':
      return false
  }
}
