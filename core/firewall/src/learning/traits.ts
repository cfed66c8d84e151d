// Traits: what a statement does, piece by piece, so that one is known that is made of known pieces in another order or number.
import { createHash } from 'node:crypto'
import type { Analysis, Statement } from '@articdbm/sql'
import { type Branch, bare, type Clause, type Node } from '../injection/tree/node.ts'
import { type Reading, readAll, type Visited } from '../injection/tree/read.ts'
import { formOf } from './expression.ts'

export interface Trait {
  /** 16 hexadecimal digits; the same from release to release, as long as TRAITS_VERSION is. */
  readonly key: string
  /** For a person who reads why a statement is unknown. */
  readonly inWords: string
}

/** What was learnt with other ones is learnt anew from the samples that are kept. */
export const TRAITS_VERSION = 1

/** More have no name of their own: a statement of so many is known by the first ones and by being one of those. */
const MAX_TRAITS = 2_000
const MAX_WORDS = 120

/** Of each statement of a request, without repetition. */
export function traitsOf(analysis: Analysis): readonly (readonly Trait[])[] {
  const readings = new Map(readAll(analysis).map((reading) => [reading.statement, reading]))
  return analysis.statements.map((statement, at) => {
    const traits = new Map<string, Trait>()
    const inside = piecesOf(statement, readings.get(statement))
    for (const [text, inWords] of [...ofComments(analysis, at), ...inside]) {
      if (traits.size < MAX_TRAITS && !traits.has(text)) add(traits, text, inWords)
    }
    if (traits.size >= MAX_TRAITS) add(traits, 'many', 'very many pieces')
    return [...traits.values()]
  })
}

/** All traits of a statement together. */
export function habitOf(traits: readonly Trait[]): string {
  const keys = traits.map(({ key }) => key).sort()
  return createHash('sha256').update(keys.join()).digest('hex').slice(0, 16)
}

/** What a trait is made of, and how it is told. */
type Piece = readonly [text: string, inWords: string]

function add(traits: Map<string, Trait>, text: string, inWords: string): void {
  traits.set(text, made(text, inWords))
}

function made(text: string, inWords: string): Trait {
  const key = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { key, inWords: inWords.length > MAX_WORDS ? `${inWords.slice(0, MAX_WORDS)}…` : inWords }
}

/** Programs sign their statements in one place. The first statement has those before it, each those behind it. */
function ofComments({ tokens, statements }: Analysis, at: number): readonly Piece[] {
  const { start = 0, end = 0 } = statements[at] ?? {}
  const from = at === 0 ? 0 : start
  const until = statements[at + 1]?.start ?? Number.POSITIVE_INFINITY
  const own = tokens.filter(
    (token) => token.kind === 'comment' && token.start >= from && token.start < until,
  )
  return own.map((token) => {
    const behind = token.start >= end ? 'behind' : 'within'
    const place = token.start < start ? 'before' : behind
    const form = token.value.startsWith('/*') ? 'block' : 'line'
    return [`comment ${form} ${place}`, `a comment ${place} it`]
  })
}

function piecesOf(statement: Statement, reading: Reading | undefined): readonly Piece[] {
  const { digest, kind } = statement
  // What is no query is known as a whole.
  const inside = reading ? ofReading(reading) : [[`whole ${digest}`, `this ${kind}`] as const]
  return [...ofStatement(statement), ...inside]
}

function ofStatement({ kind, relations, functions }: Statement): readonly Piece[] {
  return [
    [`kind ${kind}`, `a ${kind.toUpperCase()}`],
    ...relations.map(({ schema, name, access }): Piece => {
      const table = schema === undefined ? name : `${schema}.${name}`
      return [`${access} ${table}`, access === 'read' ? `reading ${table}` : `writing to ${table}`]
    }),
    ...functions.map(({ name }): Piece => [`call ${name}`, `a call of ${name}`]),
  ]
}

function ofReading({ visited, queries }: Reading): readonly Piece[] {
  return [
    ...queries.flatMap(({ branches }) => branches.flatMap(ofBranch)),
    ...visited.flatMap((one) => ofNode(one)),
  ]
}

function ofBranch({ joinedBy }: Branch): readonly Piece[] {
  return joinedBy ? [[`set ${joinedBy.value}`, `a ${joinedBy.value.toUpperCase()}`]] : []
}

const CONDITIONS: ReadonlySet<Clause> = new Set(['where', 'on', 'having'])

/** Of what stands for itself: a condition between ANDs and ORs, an item of a list. */
function ofNode(one: Visited): readonly Piece[] {
  const { node, clause, parent } = one
  if (node.kind === 'subquery') {
    return [[`query in ${clause}`, `a query within ${clause.toUpperCase()}`]]
  }
  if (CONDITIONS.has(clause)) return ofCondition(one)
  const isTop = parent === undefined || parent.node.kind === 'subquery'
  if (!isTop || clause === 'from' || clause === 'other') return []
  const form = formOf(node)
  return [[`${clause} ${form}`, `${form} in ${clause.toUpperCase()}`]]
}

function ofCondition({ node, clause, parent }: Visited): readonly Piece[] {
  if (isChain(node)) return []
  const chain = chainAround(parent)
  if (chain === undefined) return []
  const form = formOf(node)
  if (chain === 'or') return [[`${clause} or ${form}`, `${form} behind OR`]]
  return [[`${clause} ${form}`, `${form} in ${clause.toUpperCase()}`]]
}

function isChain(node: Node): boolean {
  const inner = bare(node)
  return inner.kind === 'operation' && (inner.family === 'and' || inner.family === 'or')
}

/** What joins a condition to others, parentheses left out; undefined where it is part of another expression. */
function chainAround(parent: Visited | undefined): 'and' | 'or' | undefined {
  for (let above = parent; above && above.node.kind !== 'subquery'; above = above.parent) {
    const { node } = above
    if (node.kind === 'operation' && node.family === 'or') return 'or'
    const isAnd = node.kind === 'operation' && node.family === 'and'
    const isWrap = node.kind === 'several' && node.items.length === 1
    if (!isAnd && !isWrap) return undefined
  }
  return 'and'
}
