import type { Statement } from '@articdbm/sql'

/** What a session has prepared by name. */
export type Prepared = Pick<ReadonlyMap<string, Statement>, 'get'>

/** Follows SQL-level PREPARE, DEALLOCATE and DISCARD ALL, so that EXECUTE can be judged by what it executes. */
export function followPrepared(
  prepared: ReadonlyMap<string, Statement>,
  statement: Statement,
): ReadonlyMap<string, Statement> {
  const next = new Map(prepared)
  for (const effect of statement.session) {
    if (effect.kind === 'prepare') remember(next, effect.name, effect.prepared)
    if (effect.kind === 'deallocate') forget(next, effect.name)
  }
  if (isDiscardAll(statement)) next.clear()
  return next
}

function remember(names: Map<string, Statement>, name: string, statement?: Statement): void {
  if (statement) names.set(name, statement)
  else names.delete(name)
}

function forget(names: Map<string, Statement>, name: string | undefined): void {
  if (name === undefined) names.clear()
  else names.delete(name)
}

/** DISCARD PLANS, SEQUENCES and TEMP leave prepared statements alone. */
export function isDiscardAll({ kind, normalized }: Statement): boolean {
  return kind === 'discard' && /^discard\s+all\b/i.test(normalized)
}

/** What a session will have prepared behind each statement of one text. */
export class Following implements Prepared {
  #before: Prepared
  readonly #changed = new Map<string, Statement | undefined>()

  constructor(before: Prepared) {
    this.#before = before
  }

  get(name: string): Statement | undefined {
    return this.#changed.has(name) ? this.#changed.get(name) : this.#before.get(name)
  }

  follow(statement: Statement): void {
    for (const effect of statement.session) {
      if (effect.kind === 'prepare') this.#changed.set(effect.name, effect.prepared)
      if (effect.kind === 'deallocate') this.#forget(effect.name)
    }
    if (isDiscardAll(statement)) this.#forget(undefined)
  }

  #forget(name: string | undefined): void {
    if (name !== undefined) {
      this.#changed.set(name, undefined)
      return
    }
    this.#changed.clear()
    this.#before = NOTHING
  }
}

const NOTHING: Prepared = new Map()
