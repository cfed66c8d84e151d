import type { Finding } from '@articdbm/contract'
import { bare, isFixed, type Node } from './tree/node.ts'
import type { Reading } from './tree/read.ts'

/** ORDER BY and GROUP BY something that no row changes, and isn't the number of a column. */
export function findOrder({ visited }: Reading): readonly Finding[] {
  return visited.flatMap(({ node, clause, parent, level }) => {
    if ((clause !== 'order' && clause !== 'group') || (parent && parent.node.kind !== 'subquery'))
      return []
    const inner = bare(node)
    if (!isFixed(inner) || isOrdinal(inner)) return []
    const why = `${clause.toUpperCase()} BY has an expression that no row changes`
    return [
      { category: 'order', confidence: weigh(inner, level), start: node.start, end: node.end, why },
    ]
  })
}

/** The number of a column. */
function isOrdinal(node: Node): boolean {
  return node.kind === 'constant' && node.type !== 'string'
}

function weigh(node: Node, level: number): number {
  if (node.kind === 'name') return 40
  if (node.kind === 'call') return 55
  return level === 0 ? 80 : 60
}
