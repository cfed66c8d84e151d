import type { Analysis, Statement } from '@articdbm/sql'
import { type Prepared, preparedChanges } from '../admit/prepared.ts'
import { PreparedStatement } from './prepared-statement.ts'

/** A statement that the backend has to be given by its client's name, and what takes that note back. */
export interface Bringing {
  readonly statement: PreparedStatement
  readonly undo: (errorCode: string) => void
}

type Kind = 'statements' | 'portals'

/**
 * What a session has named: it is looked up here, never in the backend, so that what runs is what was judged.
 * Parse and SQL's PREPARE share one name space, as they do in the server.
 */
export class Names implements Prepared {
  readonly statements = new Map<string, PreparedStatement>()
  readonly portals = new Map<string, PreparedStatement>()
  readonly #read: (text: string) => Analysis
  readonly #definitions: () => number

  constructor(read: (text: string) => Analysis, definitions: () => number) {
    this.#read = read
    this.#definitions = definitions
  }

  /** How often definitions have changed so far. */
  get definitions(): number {
    return this.#definitions()
  }

  /** What an EXECUTE of the name executes. */
  get(name: string): Statement | undefined {
    const statement = this.statements.get(name)
    // What the gateway answers itself, no backend can execute.
    const isKnown = statement !== undefined && statement.own === undefined
    const [only, more] = isKnown ? this.#read(statement.text).statements : []
    return more ? undefined : only
  }

  /** The unnamed statement is no burden: the next one takes its place. */
  get namedCount(): number {
    return this.statements.size - (this.statements.has('') ? 1 : 0)
  }

  get preparedBytes(): number {
    return this.statements.values().reduce((sum, { text }) => sum + text.length, 0)
  }

  /** A Query takes them away. */
  forgetUnnamed(): void {
    this.statements.delete('')
    this.portals.delete('')
  }

  /** DEALLOCATE, and DEALLOCATE ALL without a name. `elsewhere`: the backend has it, or may have it. */
  deallocate(name: string | undefined): 'here' | 'elsewhere' | 'unknown' {
    const statements =
      name === undefined ? [...this.statements.values()] : [this.statements.get(name)]
    if (statements.some((statement) => statement?.isThereByName)) return 'elsewhere'
    if (name === undefined) this.#forgetAll()
    else if (!this.statements.delete(name)) return 'unknown'
    return 'here'
  }

  /** Notes that the backend is about to be given these, where it doesn't have them by name. */
  bring(names: readonly string[]): readonly Bringing[] {
    const known = names.flatMap((name) => this.statements.get(name) ?? [])
    return known.filter(({ isThereByName }) => !isThereByName).map(noteBrought)
  }

  /** What a statement of SQL leaves behind, once the backend has carried it out. Answers with what takes that back. */
  follow(statement: Statement): () => void {
    const undoes = preparedChanges(statement).map(({ name, prepared }) => {
      if (name === undefined) return this.#forgetAll()
      if (!prepared) return this.remove('statements', name)
      const made = new PreparedStatement(name, prepared.text, [], { origin: 'sql' })
      return this.define('statements', name, made)
    })
    return () => {
      for (const undo of undoes.toReversed()) undo()
    }
  }

  define(kind: Kind, name: string, statement: PreparedStatement): () => void {
    const names = this[kind]
    const former = names.get(name)
    names.set(name, statement)
    return () => restore(names, name, former)
  }

  remove(kind: Kind, name: string): () => void {
    const names = this[kind]
    const former = names.get(name)
    names.delete(name)
    return () => restore(names, name, former)
  }

  /** The unnamed one stays. */
  #forgetAll(): () => void {
    const former = [...this.statements].filter(([name]) => name !== '')
    for (const [name] of former) this.statements.delete(name)
    return () => {
      for (const [name, statement] of former) this.statements.set(name, statement)
    }
  }
}

function noteBrought(statement: PreparedStatement): Bringing {
  statement.isThereByName = true
  return {
    statement,
    undo: () => {
      statement.isThereByName = false
    },
  }
}

function restore(
  names: Map<string, PreparedStatement>,
  name: string,
  former: PreparedStatement | undefined,
): void {
  if (former) names.set(name, former)
  else names.delete(name)
}
