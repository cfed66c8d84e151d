import type { Statement } from '@articdbm/sql'

/** What a session has prepared by name. */
export type Prepared = Pick<ReadonlyMap<string, Statement>, 'get'>

/** Without a name, of all; without a statement, it is forgotten. */
interface PreparedChange {
  readonly name: string | undefined
  readonly prepared: Statement | undefined
}

/** What PREPARE, DEALLOCATE and DISCARD ALL do, in order. */
export function preparedChanges(statement: Statement): readonly PreparedChange[] {
  const changes = statement.session.flatMap((effect): readonly PreparedChange[] => {
    if (effect.kind === 'prepare') return [effect]
    return effect.kind === 'deallocate' ? [{ name: effect.name, prepared: undefined }] : []
  })
  return isDiscardAll(statement) ? [...changes, { name: undefined, prepared: undefined }] : changes
}

/** What a session has prepared behind a statement, so that EXECUTE can be judged by what it executes. */
export function followPrepared(
  before: ReadonlyMap<string, Statement>,
  statement: Statement,
): ReadonlyMap<string, Statement> {
  const next = new Map(before)
  for (const { name, prepared } of preparedChanges(statement)) {
    if (name === undefined) next.clear()
    else if (prepared) next.set(name, prepared)
    else next.delete(name)
  }
  return next
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
    for (const { name, prepared } of preparedChanges(statement)) {
      if (name === undefined) this.#forgetAll()
      else this.#changed.set(name, prepared)
    }
  }

  #forgetAll(): void {
    this.#changed.clear()
    this.#before = NOTHING
  }
}

const NOTHING: Prepared = new Map()
