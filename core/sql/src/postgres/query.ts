// SELECT, VALUES, TABLE, WITH and what stands in FROM.
import { giveUp, touchRangeVar } from './draft.ts'
import { bareOf, isTree, isTrue, type Node, namesIn, nodesIn, type Tree, textOf } from './tree.ts'
import {
  isLocked,
  type Place,
  passThrough,
  type Visitor,
  visit,
  visitChildren,
  visitRangeVar,
  visitValue,
} from './walk.ts'

export const QUERY_ROWS: Readonly<Record<string, Visitor>> = {
  ...passThrough([
    'GroupingSet',
    'List',
    'RangeTableFunc',
    'RangeTableFuncCol',
    'ResTarget',
    'WindowDef',
    'CTESearchClause',
    'CTECycleClause',
  ]),
  SelectStmt: visitSelect,
  RangeVar: visitRangeVar,
  RangeSubselect: visitRangeSubselect,
  RangeFunction: (fields, at) => visitChildren('RangeFunction', fields, unlocked(at)),
  RangeTableSample: visitSample,
  JoinExpr: visitJoin,
  CommonTableExpr: (fields, at) => visitChildren('CommonTableExpr', fields, at),
  IntoClause: visitInto,
  Alias: () => undefined,
}

function visitSelect(fields: Tree, at: Place): void {
  const inner = enterWith(fields, at.access === 'read' ? at : { ...at, access: 'read' })
  visitValue(fields.fromClause, { ...inner, locks: locksOf(fields) ?? at.locks })
  visitChildren('SelectStmt', fields, unlocked(inner), LEFT_OUT)
}

const LEFT_OUT = ['withClause', 'fromClause', 'lockingClause']

function unlocked(at: Place): Place {
  return at.locks === undefined ? at : { ...at, locks: undefined }
}

/** FOR UPDATE and its kin lock rows: a write on the tables they name, or on all in FROM. */
function locksOf(fields: Tree): Place['locks'] {
  const clauses = nodesIn(fields.lockingClause)
  if (clauses.length === 0) return undefined
  const named = clauses.map((clause) => nodesIn(clause.fields.lockedRels))
  if (named.some((relations) => relations.length === 0)) return 'all'
  return new Set(named.flat().map((relation) => textOf(relation.fields, 'relname') ?? ''))
}

/** Visits the WITH clause of a statement; the place returned sees its names. */
export function enterWith(fields: Tree, at: Place): Place {
  const clause = bareOf(fields, 'withClause')
  if (clause === undefined) return at
  const expressions = nodesIn(clause.ctes)
  const isRecursive = isTrue(clause, 'recursive')
  // Under RECURSIVE each expression sees all of them; without it, only those before.
  const names = new Set(isRecursive ? expressions.map(cteName) : [])
  const inside: Place = { ...at, access: 'read', locks: undefined, ctes: { names, outer: at.ctes } }
  for (const cte of expressions) {
    visit(cte.type, cte.fields, inside)
    names.add(cteName(cte))
  }
  return inside
}

function cteName(cte: Node): string {
  return textOf(cte.fields, 'ctename') ?? ''
}

function visitJoin(fields: Tree, at: Place): void {
  at.draft.rows.noteTable(fields)
  visitValue(fields.larg, at)
  visitValue(fields.rarg, at)
  visitChildren('JoinExpr', fields, unlocked(at), ['larg', 'rarg'])
}

function visitRangeSubselect(fields: Tree, at: Place): void {
  const locks = isLocked(fields, at) ? 'all' : undefined
  visitChildren('RangeSubselect', fields, { ...at, locks })
}

const BUILT_IN_SAMPLES = new Set([
  'system',
  'bernoulli',
  'pg_catalog.system',
  'pg_catalog.bernoulli',
])

function visitSample(fields: Tree, at: Place): void {
  const method = namesIn(fields.method)
  if (!BUILT_IN_SAMPLES.has(method.join('.'))) {
    const name = method.at(-1) ?? ''
    at.draft.functions.push({ schema: method.at(-2), name, danger: 'unknown', start: 0 })
  }
  visitValue(fields.relation, at)
  visitChildren('RangeTableSample', fields, unlocked(at), ['relation', 'method'])
}

/** SELECT … INTO and CREATE TABLE … AS make a table. */
function visitInto(fields: Tree, at: Place): void {
  const relation = bareOf(fields, 'rel')
  if (!isTree(relation)) {
    giveUp(at.draft, 'INTO without a name')
    return
  }
  at.draft.effects.add('define')
  touchRangeVar(at.draft, relation, 'write')
  pinIfTemporary(relation, at)
  visitChildren('IntoClause', fields, at, ['rel'])
}

/** A temporary object lives on one connection. */
export function pinIfTemporary(relation: Tree, at: Place): void {
  const isTemporary =
    relation.relpersistence === 't' || /^pg_temp/.test(textOf(relation, 'schemaname') ?? '')
  if (isTemporary) at.draft.session.push({ kind: 'pin', reason: 'temporary table' })
}
