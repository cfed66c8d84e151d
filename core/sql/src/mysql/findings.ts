import type { Effect, FunctionCall, Parsed, ParsedSessionEffect, Relation } from '../statement.ts'

/** A table's name as written, without its quotes. */
export interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

const ANY: TableName = { schema: undefined, name: '*' }

/** What was found in one statement so far. */
export class Findings {
  kind = ''
  readonly effects = new Set<Effect>()
  readonly functions: FunctionCall[] = []
  readonly session: ParsedSessionEffect[] = []
  readonly #relations = new Map<string, Relation>()
  readonly #pins = new Set<string>()

  get relations(): readonly Relation[] {
    return [...this.#relations.values()]
  }

  read(table: TableName): void {
    this.#add(table, 'read')
  }

  write(table: TableName): void {
    this.#add(table, 'write')
  }

  /** May define and change anything: what it reaches is not in its text. */
  opaque(): void {
    this.effects.add('define').add('write')
    this.#add(ANY, 'write')
  }

  call(call: FunctionCall): void {
    this.functions.push(call)
    if (call.danger === 'write') this.effects.add('write')
  }

  /** Something that is no function but reaches as far as a dangerous one. */
  danger(name: string, start: number): void {
    this.functions.push({ schema: undefined, name, danger: 'danger', start })
  }

  pin(reason: string): void {
    if (this.#pins.has(reason)) return
    this.#pins.add(reason)
    this.session.push({ kind: 'pin', reason })
  }

  readsVariables(): void {
    if (!this.session.some(({ kind }) => kind === 'variables'))
      this.session.push({ kind: 'variables' })
  }

  absorb(inner: Parsed, start: number): void {
    for (const effect of inner.effects) this.effects.add(effect)
    for (const { schema, name, access } of inner.relations) this.#add({ schema, name }, access)
    for (const call of inner.functions) this.functions.push({ ...call, start })
  }

  #add(table: TableName, access: Relation['access']): void {
    const key = `${access} ${table.schema === undefined ? '' : `\0${table.schema}`}\0${table.name}`
    this.#relations.set(key, { schema: table.schema, name: table.name, access })
  }
}
