// The walk over a parse tree. Exhaustive by construction: a node whose type has no row here makes the statement
// incomplete, so nothing of a newer grammar slips by unseen.
import { type Draft, giveUp, touchRangeVar } from './draft.ts'
import { bareType, isTree, isTypeName, type Tree, textOf } from './tree.ts'

export interface Place {
  readonly draft: Draft
  readonly rows: Rows
  /** The common table expressions that a bare name may mean here. */
  readonly ctes: Ctes | undefined
  /** What a table that is named here suffers. */
  readonly access: 'read' | 'write'
  /** Which aliases FOR UPDATE locks here. */
  readonly locks: ReadonlySet<string> | 'all' | undefined
}

export interface Ctes {
  readonly names: ReadonlySet<string>
  readonly outer: Ctes | undefined
}

export type Visitor = (fields: Tree, at: Place) => void

/** Reads a whole statement and returns its kind. */
export type StatementReader = (fields: Tree, at: Place) => string

/** What to do at each type of node that is known. */
export type Rows = ReadonlyMap<string, Visitor>

const MAX_TREE_DEPTH = 1_500

export function visit(type: string, fields: Tree, at: Place): void {
  const visitor = at.rows.get(type)
  if (visitor === undefined) {
    giveUp(at.draft, `${type} is not understood`)
    return
  }
  if (at.draft.depth >= MAX_TREE_DEPTH) {
    giveUp(at.draft, 'nested too deeply')
    return
  }
  at.draft.depth++
  visitor(fields, at)
  at.draft.depth--
}

export function visitValue(value: unknown, at: Place): void {
  if (Array.isArray(value)) {
    for (const item of value) visitValue(item, at)
  } else if (isTree(value)) {
    for (const type in value) visitWrapped(type, value[type], at)
  }
}

function visitWrapped(type: string, fields: unknown, at: Place): void {
  if (isTypeName(type) && isTree(fields)) visit(type, fields, at)
  else giveUp(at.draft, `${type} is not understood`)
}

/** Every child in the order of the tree, but for the fields left out. */
export function visitChildren(
  type: string,
  fields: Tree,
  at: Place,
  except: readonly string[] = [],
): void {
  for (const name in fields) {
    const value = fields[name]
    if (typeof value !== 'object' || value === null || except.includes(name)) continue
    visitField(type, name, value, at)
  }
}

function visitField(type: string, name: string, value: object, at: Place): void {
  if (Array.isArray(value) || !isBare(value)) {
    visitValue(value, at)
    return
  }
  const bare = bareType(type, name)
  if (bare === undefined) {
    giveUp(at.draft, `${type}.${name} is not understood`)
    return
  }
  visit(bare, value as Tree, at)
}

function isBare(value: object): boolean {
  for (const key in value) return !isTypeName(key)
  return false
}

/** Nodes that only hold others. */
export function passThrough(types: readonly string[]): Record<string, Visitor> {
  return Object.fromEntries(
    types.map((type) => [type, (fields: Tree, at: Place) => visitChildren(type, fields, at)]),
  )
}

export function leaves(types: readonly string[]): Record<string, Visitor> {
  return Object.fromEntries(types.map((type) => [type, () => undefined]))
}

export function visitRangeVar(fields: Tree, at: Place): void {
  const name = textOf(fields, 'relname') ?? ''
  const isCte = fields.schemaname === undefined && at.access === 'read' && isInScope(at, name)
  if (isCte) at.draft.rows.noteTable(fields)
  if (isCte) return
  touchRangeVar(at.draft, fields, at.access)
  if (isLocked(fields, at)) touchRangeVar(at.draft, fields, 'write')
}

function isInScope(at: Place, name: string): boolean {
  for (let scope = at.ctes; scope !== undefined; scope = scope.outer) {
    if (scope.names.has(name)) return true
  }
  return false
}

/** Whether FOR UPDATE locks what stands here under its alias. */
export function isLocked(fields: Tree, at: Place): boolean {
  if (at.locks === undefined || at.locks === 'all') return at.locks === 'all'
  const alias = isTree(fields.alias) ? textOf(fields.alias, 'aliasname') : undefined
  return at.locks.has(alias ?? textOf(fields, 'relname') ?? '')
}
