import { dialectOf, type Engine } from '@articdbm/contract'
import { analyze } from '@articdbm/sql'

export interface Part {
  readonly sql: string
  readonly start: number
  readonly end: number
}

/** One statement a time goes to the door; a text that can't be read goes whole, and the door judges it. */
export function split(text: string, engine: Engine): readonly Part[] {
  const { statements } = analyze(text, dialectOf(engine))
  return statements
    .filter(({ text: sql }) => sql.trim() !== '')
    .map(({ text: sql, start, end }) => ({ sql, start, end }))
}
