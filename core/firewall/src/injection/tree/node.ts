// What a statement's expressions look like to the detectors: rough, and the same for all dialects. Each statement was read by
// its engine's grammar before; here nothing is refused, and what isn't known becomes a name.
import type { Token } from '@articdbm/sql'

/** Offsets in the request's text, end excluded. */
export interface Place {
  readonly start: number
  readonly end: number
}

export type Node = Constant | Name | Call | Operation | Case | Subquery | Several

export interface Constant extends Place {
  readonly kind: 'constant'
  readonly type: 'string' | 'number' | 'bits' | 'null' | 'boolean'
  /** Without quotes. */
  readonly value: string
  /** A minus stands before it. */
  readonly isNegative: boolean
}

/** A column, a variable, a parameter, a keyword. */
export interface Name extends Place {
  readonly kind: 'name'
  readonly type: 'column' | 'variable' | 'parameter'
  /** Lower case, with its dots. */
  readonly value: string
}

/** A function with its arguments; a constant with its type before it is a call of the type. */
export interface Call extends Place {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Node[]
}

export type Family = 'and' | 'or' | 'not' | 'comparison' | 'arithmetic' | 'concat' | 'other'

/** As many operands as the chain has. It grows while it is read. */
export interface Operation {
  readonly kind: 'operation'
  readonly family: Family
  /** The first one. */
  readonly operator: string
  readonly operands: Node[]
  readonly start: number
  end: number
}

export interface Case extends Place {
  readonly kind: 'case'
  readonly parts: readonly Node[]
}

export interface Subquery extends Place {
  readonly kind: 'subquery'
  readonly query: Query
}

/** What stands in parentheses: one expression, or a row of them. */
export interface Several extends Place {
  readonly kind: 'several'
  readonly items: readonly Node[]
}

export type Clause =
  | 'select'
  | 'from'
  | 'on'
  | 'where'
  | 'group'
  | 'having'
  | 'order'
  | 'limit'
  | 'values'
  | 'set'
  | 'other'

/** SELECT or VALUES with what belongs to it, or the body of an INSERT, UPDATE or DELETE. */
export interface Branch extends Place {
  readonly parts: readonly Part[]
  /** The UNION, EXCEPT or INTERSECT before it. */
  readonly joinedBy: Token | undefined
}

export interface Part {
  readonly clause: Clause
  readonly node: Node
}

export interface Query extends Place {
  readonly branches: readonly Branch[]
}

/** The expressions of one clause. */
export function partsOf({ parts }: Branch, ...clauses: readonly Clause[]): readonly Node[] {
  return parts.filter(({ clause }) => clauses.includes(clause)).map(({ node }) => node)
}

/** Without parentheses around it. */
export function bare(node: Node): Node {
  let inner = node
  while (inner.kind === 'several' && inner.items.length === 1 && inner.items[0]) {
    inner = inner.items[0]
  }
  return inner
}

/** They stand for the session: no row changes them. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'current_user session_user system_user current_role current_schema current_catalog'.split(' '),
)
/** Each time another value, or of what was done before. */
const VOLATILE =
  /^(?:random|rand|newid|uuid|gen_random_uuid|uuid_generate_\w+|now|sysdate|getdate|curdate|curtime|clock_timestamp|statement_timestamp|timeofday|current_(?:date|time|timestamp)|nextval|row_number|row_count|found_rows|last_insert_id|lastval|currval|changes|last_insert_rowid|generate_series|unnest|setseed)$/

/** Its value doesn't depend on any row. */
export function isFixed(node: Node): boolean {
  switch (node.kind) {
    case 'constant':
      return true
    case 'name':
      return node.type === 'variable' || KEYWORDS.has(node.value)
    case 'call':
      return node.args.every(isFixed) && !(node.args.length === 0 && VOLATILE.test(node.name))
    case 'operation':
      return node.operands.every(isFixed)
    case 'case':
      return node.parts.every(isFixed)
    case 'several':
      return node.items.length > 0 && node.items.every(isFixed)
    case 'subquery':
      return isFixedQuery(node.query)
  }
}

function isFixedQuery({ branches }: Query): boolean {
  return branches.every(({ parts }) =>
    parts.every(({ clause, node }) => (clause === 'from' ? isNothing(node) : isFixed(node))),
  )
}

/** FROM dual, and what is selected from constants. */
function isNothing(node: Node): boolean {
  const inner = bare(node)
  if (inner.kind === 'name') return inner.value === 'dual'
  return inner.kind === 'subquery' && isFixed(inner)
}

export function isComparison(node: Node): node is Operation {
  return node.kind === 'operation' && node.family === 'comparison'
}

export function isLogic(node: Node): node is Operation {
  return node.kind === 'operation' && (node.family === 'and' || node.family === 'or')
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'constant':
    case 'name':
    case 'subquery':
      return []
    case 'call':
      return node.args
    case 'operation':
      return node.operands
    case 'case':
      return node.parts
    case 'several':
      return node.items
  }
}
