import type { Effect, FunctionCall, Parsed, ParsedSessionEffect, Relation } from '../statement.ts'
import { dangerOf } from './functions.ts'

export interface Name {
  readonly schema: string | undefined
  readonly name: string
}

/** Stands for any relation at all. */
export const ANY: Name = { schema: undefined, name: '*' }

/** What the reader of one statement has come upon so far. */
export class Findings {
  kind = ''
  readonly #effects = new Set<Effect>()
  readonly #relations = new Map<string, Relation>()
  readonly #functions: FunctionCall[] = []
  readonly #session: ParsedSessionEffect[] = []

  effect(...effects: readonly Effect[]): void {
    for (const effect of effects) this.#effects.add(effect)
  }

  touch({ schema, name }: Name, access: Relation['access']): void {
    this.#relations.set(JSON.stringify([schema, name, access]), { schema, name, access })
  }

  call(name: string, start: number): void {
    this.callAs(name, dangerOf(name), start)
  }

  callAs(name: string, danger: FunctionCall['danger'], start: number): void {
    this.#functions.push({ schema: undefined, name, danger, start })
    if (danger === 'danger') this.mayTouchAnything()
  }

  session(effect: ParsedSessionEffect): void {
    this.#session.push(effect)
  }

  mayTouchAnything(): void {
    this.effect('define', 'write')
    this.touch(ANY, 'write')
  }

  /** EXPLAIN compiles and shows: nothing is written, but what is named is seen. */
  explain(): void {
    const names = [...this.#relations.values()]
    this.#effects.clear()
    this.#relations.clear()
    this.#session.length = 0
    this.effect('read')
    for (const name of names) this.touch(name, 'read')
  }

  parsed(start: number, end: number): Parsed {
    return {
      start,
      end,
      kind: this.kind,
      effects: [...this.#effects],
      relations: [...this.#relations.values()],
      functions: this.#functions,
      session: this.#session,
      isComplete: true,
      why: '',
    }
  }
}
