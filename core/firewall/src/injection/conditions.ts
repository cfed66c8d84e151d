import type { Dialect, Finding } from '@articdbm/contract'
import type { Literal } from '@articdbm/sql'
import { isOptionalFilter } from './optional-filter.ts'
import {
  bare,
  type Constant,
  type Family,
  isComparison,
  isFixed,
  isLogic,
  type Node,
  type Operation,
  partsOf,
} from './tree/node.ts'
import type { Reading, Visited } from './tree/read.ts'

/** Conditions that don't depend on any row: `OR 1=1`, `AND 'a'='a'`, `OR SLEEP(5)`, `OR name = name`. */
export function findConditions({ visited, statement }: Reading): readonly Finding[] {
  // Where no table is touched, nobody was meant to be kept from a row.
  if (statement.isComplete && statement.relations.length === 0) return []
  const isBuilt = hasNothingElse(statement.literals, visited)
  return visited.flatMap((one) => {
    const { node } = one
    const isOutside = one.clause === 'select' && one.level === 0 && !one.branch.joinedBy
    if (isOutside) return []
    if (isLogic(node) && !isOfSameFamily(one.parent, node.family)) {
      return findInChain(node, { one, isBuilt })
    }
    return isComparison(node) ? findComparison(node, one, statement.dialect) : []
  })
}

/** All its constants are the 0 and 1 of such conditions. */
function hasNothingElse(literals: readonly Literal[], visited: readonly Visited[]): boolean {
  if (!literals.every(({ value }) => value === '0' || value === '1')) return false
  const compared = visited.flatMap(({ node }) =>
    isComparison(node) && isOfNumbers(node) ? node.operands : [],
  )
  const places = new Set(compared.map((node) => bare(node).start))
  return literals.every(({ start }) => places.has(start))
}

function isOfSameFamily(parent: Visited | undefined, family: Family): boolean {
  let above = parent
  while (above?.node.kind === 'several' && above.node.items.length === 1) above = above.parent
  return above?.node.kind === 'operation' && above.node.family === family
}

function findInChain(
  chain: Operation,
  around: Pick<Circumstances, 'one' | 'isBuilt'>,
): readonly Finding[] {
  // To MySQL `||` is OR unless its mode says otherwise; a list of columns is where programs take it for something else.
  if (chain.operator === '||' && around.one.clause === 'select') return []
  if (isOptionalFilter(chain, around.one)) return []
  return operandsOf(chain, chain.family).flatMap((operand, at) => {
    const confidence = weigh(bare(operand), { ...around, chain, at })
    if (confidence === 0) return []
    const { start, end } = at === 0 ? chain : operand
    const why = `${chain.operator.toUpperCase()} is joined to a condition that no row changes`
    return [{ category: 'tautology', confidence, start, end, why }]
  })
}

/** Of `a OR (b OR c)`: a, b, c. */
function operandsOf(node: Operation, family: Family): readonly Node[] {
  return node.operands.flatMap((operand) => {
    const inner = bare(operand)
    return inner.kind === 'operation' && inner.family === family
      ? operandsOf(inner, family)
      : [operand]
  })
}

interface Circumstances {
  readonly chain: Operation
  /** Its place in the chain. */
  readonly at: number
  readonly one: Visited
  /** Programs write `1 = 0` where a list is empty. */
  readonly isBuilt: boolean
}

function weigh(operand: Node, where: Circumstances): number {
  const isOr = where.chain.family === 'or'
  switch (operand.kind) {
    case 'constant':
      return weighConstant(operand.type, where)
    case 'operation':
      return weighOperation(operand, where)
    case 'name':
      return operand.type === 'variable' ? 80 : 0
    case 'call':
      return isFixed(operand) && !operand.name.startsWith('type ') ? 60 : 0
    case 'subquery':
    case 'case':
      return isFixed(operand) ? 85 : 0
    case 'several':
      return isOr && isFixed(operand) ? 80 : 0
  }
}

function weighConstant(type: Constant['type'], where: Circumstances): number {
  const isOr = where.chain.family === 'or'
  if (type === 'null') return 0
  if (type === 'boolean') return isOr ? 85 : 0
  // A query that is put together begins with WHERE 1.
  const isBeginning = where.at === 0 && !isOr && where.one.clause !== 'order'
  return isBeginning && type === 'number' ? 0 : 90
}

/** Said of these very constants alone: another text of the same shape is weighed anew. */
const BUILT = 15

function weighOperation(operand: Operation, where: Circumstances): number {
  if (operand.family === 'comparison') return weighComparison(operand, where)
  if (operand.family !== 'not') return isFixed(operand) ? 80 : 0
  const [inner] = operand.operands
  return inner ? weigh(bare(inner), where) : 0
}

function weighComparison(operand: Operation, { chain, at, isBuilt }: Circumstances): number {
  const isOr = chain.family === 'or'
  if (isOr && isSameTwice(operand)) return 70
  if (!operand.operands.every(isFixed)) return 0
  if (!isOfNumbers(operand)) return 95
  // A query that is put together begins with WHERE 1 = 1.
  if (at === 0 && !isOr) return 0
  return isBuilt ? BUILT : 95
}

function isOfNumbers({ operands }: Operation): boolean {
  return operands.every((one) => {
    const inner = bare(one)
    return inner.kind === 'constant' && inner.type === 'number'
  })
}

function isSameTwice({ operator, operands: [left, right] }: Operation): boolean {
  if (left?.kind !== 'name' || right?.kind !== 'name' || left.type !== 'column') return false
  return operator === '=' && left.value === right.value
}

/** Their operands are more than two, or truth values. */
const UNNESTED: ReadonlySet<string> = new Set(['is', 'between', 'in'])

/** `a = b = c`, `id = ('' < '')`, and 1=1 inside a CASE or a function. */
function findComparison(node: Operation, one: Visited, dialect: Dialect): readonly Finding[] {
  const { start, end } = node
  if (!UNNESTED.has(node.operator) && isNested(node)) {
    const why = 'a condition with constants is compared as if it were a value'
    return [{ category: 'tautology', confidence: 82, start, end, why }]
  }
  const others = node.operands.map(bare).filter(({ kind }) => kind !== 'subquery')
  const isAnswer =
    others.length === 1 && node.operands.some((operand) => isPlainAnswer(bare(operand)))
  if (isAnswer && one.clause === 'where' && !others.some(isFixed)) {
    return [
      {
        category: 'tautology',
        confidence: 81,
        start,
        end,
        why: 'a query that reads no table is compared',
      },
    ]
  }
  if (!node.operands.every(isFixed)) return []
  if (isBareHaving(one)) {
    const why = 'HAVING compares constants, and nothing is grouped'
    // PostgreSQL takes it only where no column is put out: there it is of little use, and its own tests do it.
    const confidence = dialect === 'postgres' ? 60 : 86
    return [{ category: 'tautology', confidence, start, end, why }]
  }
  if (!isWithin(one)) return []
  const why = 'two constants are compared where a value is worked out'
  return [{ category: 'tautology', confidence: 85, start, end, why }]
}

/** A comparison of constants is compared, a condition that holds a constant, or what was compared before, without parentheses. */
function isNested({ operands }: Operation): boolean {
  const last = operands.at(-1)
  if (operands.length > 2 && last?.kind === 'constant' && last.type === 'string') return true
  return operands.some((operand) => {
    const inner = bare(operand)
    if (inner.kind !== 'operation') return false
    if (inner.family === 'comparison') return inner.operands.every(isFixed)
    return isLogic(inner) && inner.operands.some(isFixed)
  })
}

/** `(SELECT 1)`, `(SELECT @@version FROM dual)`; what a function gives may well be asked so. */
function isPlainAnswer(node: Node): boolean {
  if (node.kind !== 'subquery' || !isFixed(node)) return false
  const [branch, another] = node.query.branches
  const [item] = branch ? partsOf(branch, 'select').map(bare) : []
  if (another || !item) return false
  if (item.kind === 'name') return item.type === 'variable'
  return item.kind === 'constant' && item.type !== 'null'
}

/** `WHERE id = 1 HAVING 2 = 2`: a condition that is asked for true and false, where no AND may stand. */
function isBareHaving({ parent, clause, branch }: Visited): boolean {
  if (clause !== 'having' || parent || partsOf(branch, 'group').length > 0) return false
  return partsOf(branch, 'where').length > 0
}

/** Within a CASE or a function of a condition, or of a query inside of another one. */
function isWithin({ parent, clause, level }: Visited): boolean {
  const isCondition = clause !== 'select' || level > 0
  let above = parent
  while (above && above.node.kind !== 'subquery') {
    if (above.node.kind === 'case' || above.node.kind === 'call') return isCondition
    above = above.parent
  }
  // What stands after FROM is put together like any other query.
  return level > 0 && clause === 'where' && above?.clause !== 'from'
}
