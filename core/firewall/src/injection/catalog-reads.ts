import type { Finding } from '@articdbm/contract'
import { classifyRelation } from '../resources.ts'
import { isCatalogName } from './catalogs.ts'
import { partsOf, type Query } from './tree/node.ts'
import type { Reading } from './tree/read.ts'

/** A query inside another one reads the catalog, and the outer one doesn't. */
export function findCatalogReads({ query, visited, statement }: Reading): readonly Finding[] {
  const { dialect, relations } = statement
  const isTool = relations.every((relation) => classifyRelation(dialect, relation) !== 'table')
  if (isTool || readsCatalog(query)) return []
  return visited.flatMap(({ node, clause, level }) => {
    if (node.kind !== 'subquery' || clause === 'from' || !readsCatalog(node.query)) return []
    const confidence = level === 0 && clause === 'select' ? 60 : 86
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

function readsCatalog({ branches }: Query): boolean {
  return branches.some((branch) => partsOf(branch, 'from').some(isCatalogName))
}
