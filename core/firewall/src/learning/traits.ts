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

/** Of all statements of a request, without repetition. */
export function traitsOf(analysis: Analysis): readonly Trait[] {
  const readings = new Map(readAll(analysis).map((reading) => [reading.statement, reading]))
  const traits = new Map<string, Trait>()
  for (const statement of analysis.statements) {
    for (const [text, inWords] of piecesOf(statement, readings.get(statement))) {
      if (traits.size < MAX_TRAITS && !traits.has(text)) traits.set(text, made(text, inWords))
    }
  }
  for (const [text, inWords] of ofComments(analysis)) add(traits, text, inWords)
  if (traits.size >= MAX_TRAITS) add(traits, 'many', 'very many pieces')
  if (analysis.statements.length > 1) add(traits, 'several', 'several statements at once')
  return [...traits.values()]
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

/** Programs sign their statements in one place, and close none with a comment that runs to the end of the line. */
function ofComments({ tokens }: Analysis): readonly Piece[] {
  const lastWord = tokens.findLastIndex(({ kind }) => kind !== 'comment')
  return tokens.flatMap(({ kind, value }, at) => {
    if (kind !== 'comment') return []
    const place = at > lastWord ? 'at the end' : 'within'
    const form = value.startsWith('/*') ? 'block' : 'line'
    return [[`comment ${form} ${place}`, `a comment ${place}`] as const]
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
