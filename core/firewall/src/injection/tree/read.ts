import type { Analysis, Statement, Token } from '@articdbm/sql'
import { type Branch, type Clause, childrenOf, type Node, type Query } from './node.ts'
import { readQuery } from './query.ts'
import { Reader } from './reader.ts'

/** A node with where it stands. */
export interface Visited {
  readonly node: Node
  readonly clause: Clause
  readonly parent: Visited | undefined
  readonly branch: Branch
  readonly query: Query
  /** How many queries are around its own. */
  readonly level: number
}

/** A statement that reads or changes rows, as its detectors see it. */
export interface Reading {
  readonly statement: Statement
  readonly query: Query
  /** Of all its queries, outer ones first. */
  readonly visited: readonly Visited[]
  readonly queries: readonly Query[]
}

const KINDS: ReadonlySet<string> = new Set(
  'select values table with insert update delete replace merge call do explain set'.split(' '),
)

/** One pass over the request's tokens. */
export function readAll({ statements, tokens, dialect }: Analysis): readonly Reading[] {
  let at = 0
  return statements.flatMap((statement) => {
    const own: Token[] = []
    for (let token = tokens[at]; token && token.start < statement.end; token = tokens[at]) {
      if (token.kind !== 'comment' && token.start >= statement.start) own.push(token)
      at += 1
    }
    if (!KINDS.has(statement.kind.split(' ')[0] ?? '')) return []
    const query = readWhole(new Reader(own, dialect, readQuery))
    return [{ statement, query, ...visit(query) }]
  })
}

/** A parenthesis too many, as behind what was too deep to read, ends nothing. */
function readWhole(reader: Reader): Query {
  const branches = [...readQuery(reader).branches]
  while (!reader.isAtEnd) {
    reader.take()
    branches.push(...readQuery(reader).branches)
  }
  return { branches, start: branches[0]?.start ?? 0, end: reader.end }
}

function visit(outer: Query): Pick<Reading, 'visited' | 'queries'> {
  const visited: Visited[] = []
  const queries: Query[] = []
  const toQuery = (query: Query, level: number, above: Visited | undefined): void => {
    queries.push(query)
    for (const branch of query.branches) {
      for (const { clause, node } of branch.parts) {
        toNode({ node, clause, parent: above, branch, query, level })
      }
    }
  }
  const toNode = (one: Visited): void => {
    visited.push(one)
    const { node, level } = one
    if (node.kind === 'subquery') toQuery(node.query, level + 1, one)
    for (const child of childrenOf(node)) toNode({ ...one, node: child, parent: one })
  }
  toQuery(outer, 0, undefined)
  return { visited, queries }
}
