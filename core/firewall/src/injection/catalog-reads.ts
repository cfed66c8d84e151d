import type { Finding } from '@articdbm/contract'
import { classifyRelation } from '../resources.ts'
import { isCatalogName } from './catalogs.ts'
import { isLogic, partsOf, type Query } from './tree/node.ts'
import type { Reading, Visited } from './tree/read.ts'

/** A query inside another one reads the catalog, and the outer one doesn't. */
export function findCatalogReads({ query, visited, statement }: Reading): readonly Finding[] {
  const { dialect, relations } = statement
  const isTool = relations.every((relation) => classifyRelation(dialect, relation) !== 'table')
  if (isTool || readsCatalog(query)) return []
  return visited.flatMap((one) => {
    const { node, clause, level } = one
    if (node.kind !== 'subquery' || clause === 'from' || !readsCatalog(node.query)) return []
    const isShown = level === 0 && clause === 'select' && !isOfCondition(one)
    const confidence = isShown ? 60 : 86
    const { start, end } = node
    return [
      {
        category: 'schema',
        confidence,
        start,
        end,
        why: 'a query inside of it reads the database catalog',
      },
    ]
  })
}

/** `city OR (SELECT count(*) FROM information_schema.columns a, information_schema.columns b)` */
function isOfCondition({ parent }: Visited): boolean {
  for (let above = parent; above && above.node.kind !== 'subquery'; above = above.parent) {
    if (isLogic(above.node)) return true
  }
  return false
}

function readsCatalog({ branches }: Query): boolean {
  return branches.some((branch) => partsOf(branch, 'from').some(isCatalogName))
}
