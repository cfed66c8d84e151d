// Programs write `('x' IS NULL OR name = 'x')` for a filter that may be left empty, with the value put in on both sides.
import {
  bare,
  type Constant,
  isComparison,
  isFixed,
  type Node,
  type Operation,
} from './tree/node.ts'
import type { Visited } from './tree/read.ts'

/** A whole condition, or one that others are joined to by AND: within a value, it is no program's. */
export function isOptionalFilter(chain: Operation, { parent }: Visited): boolean {
  if (chain.family !== 'or' || !isConditionBelow(parent)) return false
  const [first, ...others] = chain.operands.map(bare)
  const value = first && emptiness(first)
  return value !== undefined && others.every((other) => isComparedTo(other, value))
}

function isConditionBelow(parent: Visited | undefined): boolean {
  let above = parent
  while (above?.node.kind === 'several' && above.node.items.length === 1) above = above.parent
  if (above === undefined || above.node.kind === 'subquery') return true
  return above.node.kind === 'operation' && above.node.family === 'and'
}

/** K of `K IS NULL`, `K = ''`, `K = 0`. */
function emptiness(node: Node): Constant | undefined {
  if (!isComparison(node) || node.operands.length !== 2) return undefined
  const [value, empty] = node.operands.map(bare)
  if (value?.kind !== 'constant' || empty?.kind !== 'constant') return undefined
  if (node.operator === 'is') return empty.type === 'null' ? value : undefined
  const isEmpty = empty.value === '' || empty.value === '0'
  return node.operator === '=' && isEmpty ? value : undefined
}

/** `name = K`, `name LIKE K`: one side is K, and the other depends on the row. */
function isComparedTo(node: Node, { type, value }: Constant): boolean {
  if (!isComparison(node) || node.operands.length !== 2) return false
  const [left, right] = node.operands.map(bare)
  if (!left || isFixed(left) || right?.kind !== 'constant') return false
  return right.type === type && right.value === value
}
