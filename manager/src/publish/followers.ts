// Which gateways follow this manager, and how far each has come: one that asks for what comes after a revision has that
// revision, in memory and on its disk.

/** A gateway that takes longer is not waited for again until it asks the next time. */
const PATIENCE_MS = 1_000

export class Followers {
  readonly #revisions = new Map<string, number>()
  readonly #waits = new Set<Wait>()

  /** A gateway asks for what comes after this revision. */
  has(gateway: string, revision: number): void {
    this.#revisions.set(gateway, revision)
    this.#look()
  }

  /** A gateway hung up while it waited for the next revision. */
  left(gateway: string): void {
    this.#revisions.delete(gateway)
    this.#look()
  }

  /** Resolves once each of them has the revision, or once patience is at its end. */
  async reach(revision: number): Promise<void> {
    if (this.#behind(revision).length === 0) return
    await new Promise<void>((resolve) => {
      const wait: Wait = { revision, end: () => this.#end(wait, resolve) }
      const timer = setTimeout(() => this.#lose(wait), PATIENCE_MS)
      wait.timer = timer
      this.#waits.add(wait)
    })
  }

  #behind(revision: number): string[] {
    return [...this.#revisions].filter(([, has]) => has < revision).map(([gateway]) => gateway)
  }

  #look(): void {
    for (const wait of [...this.#waits]) {
      if (this.#behind(wait.revision).length === 0) wait.end()
    }
  }

  #lose(wait: Wait): void {
    for (const gateway of this.#behind(wait.revision)) this.#revisions.delete(gateway)
    this.#look()
  }

  #end(wait: Wait, resolve: () => void): void {
    clearTimeout(wait.timer)
    this.#waits.delete(wait)
    resolve()
  }
}

interface Wait {
  readonly revision: number
  readonly end: () => void
  timer?: NodeJS.Timeout
}
