import { dialectOf, type Engine } from '@articdbm/contract'
import { analyze, type Token } from '@articdbm/sql'

export interface Part {
  readonly sql: string
  readonly start: number
  readonly end: number
}

/** One statement a time goes to the door; a text that can't be read goes whole, and the door judges it. */
export function split(text: string, engine: Engine): readonly Part[] {
  const { statements, tokens } = analyze(text, dialectOf(engine))
  const ends = tokens.filter(isSemicolon).map(({ start }) => start)
  return statements
    .filter(({ text: sql }) => sql.trim() !== '')
    .map(({ start, end }) => {
      // Comments that follow a statement belong to it: one may confirm it.
      while (ends[0] !== undefined && ends[0] < end) ends.shift()
      return { sql: text.slice(start, ends[0] ?? text.length).trimEnd(), start, end }
    })
}

function isSemicolon({ kind, value }: Token): boolean {
  return kind === 'operator' && value === ';'
}
