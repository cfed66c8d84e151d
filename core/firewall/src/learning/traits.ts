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
