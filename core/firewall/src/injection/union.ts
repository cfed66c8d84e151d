import type { Finding } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { classifyRelation } from '../resources.ts'
import { isCatalogName } from './catalogs.ts'
import { SERVER } from './server.ts'
import { type Branch, bare, isFixed, type Node, partsOf } from './tree/node.ts'
import type { Reading } from './tree/read.ts'

/** UNION SELECT of constants, of what a server tells of itself, or of its catalog, behind a query of something else. */
export function findUnions({ queries, statement }: Reading): readonly Finding[] {
  return queries.flatMap((query) => {
    const [first, ...others] = query.branches
    if (!first || others.length === 0) return []
    return others.flatMap((branch) =>
      ofBranch(branch, { first, isTool: readsCatalogAlone(statement, first) }),
    )
  })
}

interface Circumstances {
  readonly first: Branch
  readonly isTool: boolean
}

function ofBranch(branch: Branch, { first, isTool }: Circumstances): readonly Finding[] {
  const { joinedBy } = branch
  if (joinedBy?.value !== 'union' || isTool) return []
  const said = saidOf(branch, first)
  if (!said) return []
  const [confidence, why] = said
  return [{ category: 'union', confidence, start: joinedBy.start, end: branch.end, why }]
}

function saidOf(branch: Branch, first: Branch): readonly [number, string] | undefined {
  const items = partsOf(branch, 'select').map(bare)
  const from = partsOf(branch, 'from')
  if (from.some(isCatalogName)) return [92, 'UNION reads the database catalog']
  if (items.some(tellsOfServer)) return [92, 'UNION reads what the server tells of itself']
  if (partsOf(first, 'select').every(isFixed) || items.length === 0) return undefined
  const isGuarded = partsOf(first, 'where', 'limit').length > 0
  if (items.every(isFixed)) return [isGuarded ? 88 : 30, 'UNION adds a row of constants']
  const numbers = items.filter(isBareNumber).length
  const isFilled = numbers >= 2 || items.some(isGlued) || (numbers > 0 && from.length === 0)
  if (isGuarded && isFilled) return [85, 'UNION fills up columns with constants']
  if (partsOf(first, 'where').some(matchesNothing)) {
    return [84, 'UNION follows a condition that is meant to find nothing']
  }
  return isGuarded ? [30, 'UNION follows a condition'] : undefined
}

/** `id = -1` */
function matchesNothing(node: Node): boolean {
  const inner = bare(node)
  if (inner.kind !== 'operation' || inner.operator !== '=') return false
  return inner.operands.some(
    (one) => one.kind === 'constant' && one.type === 'number' && one.isNegative,
  )
}

function isBareNumber(node: Node): boolean {
  return node.kind === 'constant' && (node.type === 'number' || node.type === 'null')
}

/** Tools that read nothing but the catalog unite it with itself: `\d` of psql does. */
function readsCatalogAlone({ dialect, relations, isComplete }: Statement, first: Branch): boolean {
  const isAlone = relations.every((relation) => classifyRelation(dialect, relation) === 'catalog')
  return isComplete && isAlone && partsOf(first, 'from').length > 0
}

/** version(), user(), @@version: alone, or glued together. */
function tellsOfServer(node: Node): boolean {
  if (node.kind === 'name') return node.type === 'variable' && node.value.startsWith('@@')
  if (node.kind === 'call')
    return (
      SERVER.test(node.name) ||
      (isGluing(node.name) && node.args.some((one) => tellsOfServer(bare(one))))
    )
  return node.kind === 'operation' && node.operands.some((one) => tellsOfServer(bare(one)))
}

function isGluing(name: string): boolean {
  return /^(?:concat|concat_ws|group_concat|string_agg|array_to_string|cast|convert|unhex|hex|aes_decrypt|aes_encrypt|char|concat_w)$/.test(
    name,
  )
}

/** `concat(name, 0x3a, password)`: columns in one, with a mark between them. */
function isGlued(node: Node): boolean {
  if (node.kind !== 'call' || !isGluing(node.name)) return false
  return node.args.some((one) => one.kind === 'constant') || node.name === 'group_concat'
}
