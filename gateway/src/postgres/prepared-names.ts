/**
 * A Bind or Describe that fails so says that the statement no longer fits its tables: "cached plan must not change
 * result type" (0A000), or what its text means now is an error (class 42). Prepared anew, it may be right again.
 */
export function isOutdatedBy(sqlState: string): boolean {
  return sqlState === '0A000' || sqlState.startsWith('42')
}

const MAX_OUTDATED = 10_000

/** Statements that were found outdated on one backend connection: the others' plans of them are no better. */
export class OutdatedStatements {
  readonly #moments = new Map<string, number>()
  #now = 0
  #definitions = 0

  get now(): number {
    return this.#now
  }

  add(key: string): void {
    this.#now += 1
    this.#moments.delete(key)
    this.#moments.set(key, this.#now)
    const [oldest] = this.#moments.keys()
    if (this.#moments.size > MAX_OUTDATED && oldest !== undefined) this.#moments.delete(oldest)
  }

  /** How often a definition has changed: what was prepared before and after may mean two things. */
  get definitions(): number {
    return this.#definitions
  }

  countDefinition(): void {
    this.#definitions += 1
  }

  hasSince(key: string, moment: number): boolean {
    return (this.#moments.get(key) ?? 0) > moment
  }
}

/** What one backend connection has prepared, oldest use first. */
export class PreparedNames {
  readonly #shared: OutdatedStatements
  /** With the moment of each. */
  readonly #keys = new Map<string, number>()
  readonly #outdated = new Set<string>()
  readonly #maxNames: number
  /** What its unnamed statement is, where that is known. */
  unnamed: string | undefined
  constructor(maxNames: number, shared = new OutdatedStatements()) {
    this.#maxNames = maxNames
    this.#shared = shared
  }

  has(key: string): boolean {
    const moment = this.#keys.get(key)
    if (moment === undefined) return false
    if (this.#shared.hasSince(key, moment)) return !this.renew(key)
    this.#keys.delete(key)
    this.#keys.set(key, moment)
    return true
  }

  /** It is about to be prepared. Answers with those that have to be closed before. */
  enter(key: string): readonly string[] {
    const closed = this.#outdated.delete(key) ? [key] : []
    this.#keys.set(key, this.#shared.now)
    if (this.#keys.size <= this.#maxNames) return closed
    const [oldest] = this.#keys.keys()
    if (oldest === undefined) return closed
    this.#keys.delete(oldest)
    return [...closed, oldest]
  }

  delete(key: string): void {
    this.#keys.delete(key)
  }

  /** Its plan no longer fits its tables, here and elsewhere. */
  outdate(key: string): void {
    if (this.renew(key)) this.#shared.add(key)
  }

  /** A table was defined otherwise: for all connections, or for this one alone, as temporary ones are. */
  followDefinition(where: 'everywhere' | 'here'): void {
    if (where === 'everywhere') this.#shared.countDefinition()
    else for (const key of [...this.#keys.keys()]) this.renew(key)
  }

  /** It has to be closed before it is prepared anew. False: it wasn't there. */
  renew(key: string): boolean {
    const isKnown = this.#keys.delete(key)
    if (isKnown) this.#outdated.add(key)
    return isKnown
  }

  /** It should have been closed and perhaps was not. */
  leaveOutdated(key: string): void {
    this.#outdated.add(key)
  }

  /** DEALLOCATE ALL, or DISCARD ALL. Answers with what takes that back. */
  clear(): () => void {
    const [keys, outdated] = [[...this.#keys], [...this.#outdated]]
    this.#keys.clear()
    this.#outdated.clear()
    return () => {
      for (const [key, moment] of keys) this.#keys.set(key, moment)
      for (const key of outdated) this.#outdated.add(key)
    }
  }
}
