import type { Finding } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { classifyRelation } from '../resources.ts'
import { isCatalog } from './catalogs.ts'
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
  const items = partsOf(branch, 'select').map(bare)
  const place = { start: joinedBy.start, end: branch.end }
  const isFirstFixed = partsOf(first, 'select').every(isFixed)
  const isGuarded = partsOf(first, 'where', 'limit').length > 0
  if (partsOf(branch, 'from').some(isCatalogName)) {
    return [
      { ...place, category: 'union', confidence: 92, why: 'UNION reads the database catalog' },
    ]
  }
  if (items.some(tellsOfServer)) {
    return [
      {
        ...place,
        category: 'union',
        confidence: 92,
        why: 'UNION reads what the server tells of itself',
      },
    ]
  }
  if (isFirstFixed || items.length === 0) return []
  const fixed = items.filter(isFixed).length
  const hasFrom = partsOf(branch, 'from').length > 0
  if (fixed === items.length) {
    return [
      {
        ...place,
        category: 'union',
        confidence: isGuarded ? 88 : 30,
        why: 'UNION adds a row of constants',
      },
    ]
  }
  const numbers = items.filter(isBareNumber).length
  if (isGuarded && (numbers >= 2 || items.some(isGlued) || (numbers > 0 && !hasFrom))) {
    return [
      { ...place, category: 'union', confidence: 85, why: 'UNION fills up columns with constants' },
    ]
  }
  if (partsOf(first, 'where').some(matchesNothing)) {
    return [
      {
        ...place,
        category: 'union',
        confidence: 84,
        why: 'UNION follows a condition that is meant to find nothing',
      },
    ]
  }
  return isGuarded
    ? [{ ...place, category: 'union', confidence: 30, why: 'UNION follows a condition' }]
    : []
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

function isCatalogName(node: Node): boolean {
  return node.kind === 'name' && isCatalog(node.value)
}

/** Tools that read nothing but the catalog unite it with itself: `\d` of psql does. */
function readsCatalogAlone({ dialect, relations, isComplete }: Statement, first: Branch): boolean {
  const isAlone = relations.every((relation) => classifyRelation(dialect, relation) === 'catalog')
  return isComplete && isAlone && partsOf(first, 'from').length > 0
}

const SERVER =
  /^(?:version|database|schema|user|current_user|session_user|system_user|current_database|current_schema|sqlite_version|db_name|@@.*)$/

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
