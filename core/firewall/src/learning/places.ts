// Where a query's pieces stand: by what was read there and what is around it, since each page of an application has pieces of its own.
import type { Branch, Clause, Node } from '../injection/tree/node.ts'
import type { Reading, Visited } from '../injection/tree/read.ts'

/** One SELECT, or the body of a change, with what is around it. */
export interface Place {
  /** `select users`, `select users behind union`, `delete comments`, `select users in where of posts`. */
  readonly text: string
  readonly branch: Branch
  /** The first thing it reads or changes; '' where it names none. */
  readonly first: string
}

/** Of all its queries, outer ones first. */
export function placesOf({ statement, visited, queries }: Reading): ReadonlyMap<Branch, Place> {
  const kind = statement.kind.split(' ')[0] ?? ''
  const places = new Map<Branch, Place>()
  const toBranches = (branches: readonly Branch[], around: string): void => {
    for (const branch of branches) places.set(branch, placeOf(branch, kind, around))
  }
  toBranches(queries[0]?.branches ?? [], '')
  for (const { node, clause, branch } of visited) {
    if (node.kind !== 'subquery') continue
    toBranches(node.query.branches, aroundOf(places.get(branch), clause))
  }
  return places
}

function placeOf(branch: Branch, kind: string, around: string): Place {
  const first = firstOf(branch)
  return { text: `${kind} ${first}${behind(branch)}${around}`, branch, first }
}

/** No more than one query around it counts, so that a place has a short name however deep it is. */
function aroundOf(outer: Place | undefined, clause: Clause): string {
  return outer ? ` in ${clause} of ${outer.first}${behind(outer.branch)}` : ''
}

function behind({ joinedBy }: Branch): string {
  return joinedBy ? ` behind ${joinedBy.value}` : ''
}

function firstOf(branch: Branch): string {
  return nameIn(branch, 'from') ?? nameIn(branch, 'other') ?? ''
}

function nameIn({ parts }: Branch, clause: Clause): string | undefined {
  const part = parts.find((one) => one.clause === clause && nameOf(one.node) !== undefined)
  return part && nameOf(part.node)
}

/** `comments (post, body)` of an INSERT looks like a call. */
export function nameOf(node: Node): string | undefined {
  if (node.kind === 'name') return node.value
  return node.kind === 'call' ? node.name : undefined
}

/** It stands for itself in its clause, and is not a part of another expression. */
export function isTop({ parent }: Visited): boolean {
  return parent === undefined || parent.node.kind === 'subquery'
}
