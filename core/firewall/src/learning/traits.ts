// Traits: what a statement does, piece by piece, so that one is known that is made of known pieces in another order or number.
import { createHash } from 'node:crypto'
import type { Analysis, Statement } from '@articdbm/sql'
import { type Reading, readAll } from '../injection/tree/read.ts'
import { DETAIL, ofReading, type Piece } from './pieces.ts'

export interface Trait {
  /** s (structure) or d (detail) and 16 hexadecimal digits; the same from release to release, as long as TRAITS_VERSION is. */
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

function add(traits: Map<string, Trait>, text: string, inWords: string): void {
  traits.set(text, made(text, inWords))
}

function made(text: string, inWords: string): Trait {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const key = `${text.startsWith(DETAIL) ? 'd' : 's'}${hash}`
  return { key, inWords: inWords.length > MAX_WORDS ? `${inWords.slice(0, MAX_WORDS)}…` : inWords }
}

/** False: it is a detail, as an optional filter, a column or another sorting brings. */
export function isStructure({ key }: Pick<Trait, 'key'>): boolean {
  return key.startsWith('s')
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
