import type { Statement } from '@articdbm/sql'
import type { PreparedStatement } from './prepared-names.ts'

/** What a session has named: it is looked up here, never in the backend, so that what runs is what was judged. */
export class Names {
  readonly statements = new Map<string, PreparedStatement>()
  readonly portals = new Map<string, PreparedStatement>()
  /** By SQL's PREPARE. */
  prepared: ReadonlyMap<string, Statement> = new Map()

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

  /** DEALLOCATE, and DEALLOCATE ALL without a name. `elsewhere`: the backend has statements of SQL's PREPARE. */
  deallocate(name: string | undefined): 'here' | 'elsewhere' | 'unknown' {
    if (name !== undefined && this.statements.delete(name)) return 'here'
    if (this.prepared.size > 0) return 'elsewhere'
    if (name !== undefined) return 'unknown'
    this.statements.clear()
    return 'here'
  }

  define(kind: 'statements' | 'portals', name: string, statement: PreparedStatement): () => void {
    const names = this[kind]
    const former = names.get(name)
    names.set(name, statement)
    return () => restore(names, name, former)
  }

  remove(kind: 'statements' | 'portals', name: string): () => void {
    const names = this[kind]
    const former = names.get(name)
    names.delete(name)
    return () => restore(names, name, former)
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
