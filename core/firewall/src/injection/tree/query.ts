import type { Token } from '@articdbm/sql'
import { clauseOf, isFilling, isSetOperator } from './clauses.ts'
import { readExpression, readItem } from './expression.ts'
import type { Branch, Clause, Node, Part, Query } from './node.ts'
import type { Reader } from './reader.ts'

/** Up to the statement's end, or to the parenthesis that closes it, which stays. */
export function readQuery(reader: Reader): Query {
  const start = reader.peek()?.start ?? reader.end
  const branches: Branch[] = []
  let joinedBy: Token | undefined
  do {
    branches.push(readBranch(reader, joinedBy))
    joinedBy = acceptSetOperator(reader)
  } while (joinedBy)
  return { branches, start, end: reader.end }
}

function acceptSetOperator(reader: Reader): Token | undefined {
  return isSetOperator(reader) ? reader.take() : undefined
}

function readBranch(reader: Reader, joinedBy: Token | undefined): Branch {
  const start = reader.peek()?.start ?? reader.end
  const parts: Part[] = []
  let clause: Clause = 'other'
  while (!reader.isAtEnd && !reader.isSign(')') && !isSetOperator(reader)) {
    const token = reader.peek()
    const next = token?.kind === 'word' ? clauseOf(token, reader) : undefined
    if (next) {
      clause = next
      reader.take()
    } else if (isFilling(reader)) reader.take()
    else parts.push({ clause, node: readPart(reader, clause, parts.length) })
  }
  return { parts, joinedBy, start, end: reader.end }
}

/** How many columns a SELECT has is asked for; how many rows VALUES has is not. */
function readPart(reader: Reader, clause: Clause, before: number): Node {
  return clause === 'values' ? readItem(reader, before) : readExpression(reader)
}
